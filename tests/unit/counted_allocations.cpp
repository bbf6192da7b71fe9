#include "unit/counted_allocations.hpp"

#include <cstdlib>
#include <new>

#include <malloc.h>
#include <openssl/crypto.h>

namespace {

constinit thread_local std::size_t counted = 0;
constinit thread_local std::ptrdiff_t live = 0;

void* begun(void* memory) {
  live += static_cast<std::ptrdiff_t>(malloc_usable_size(memory));
  return memory;
}
void* ended(void* memory) {
  live -= static_cast<std::ptrdiff_t>(malloc_usable_size(memory));
  return memory;
}

void* counted_malloc(std::size_t size, const char* /*file*/, int /*line*/) {
  ++counted;
  return begun(std::malloc(size));
}
void* counted_realloc(void* memory, std::size_t size, const char* /*file*/, int /*line*/) {
  ++counted;
  return begun(std::realloc(ended(memory), size));
}
void counted_free(void* memory, const char* /*file*/, int /*line*/) {
  std::free(ended(memory));
}

const bool told_openssl = CRYPTO_set_mem_functions(counted_malloc, counted_realloc, counted_free) == 1;

}  // namespace

// Not inlined: g++ would take what is inside for a mismatched pair.
[[gnu::noinline]] void* operator new(std::size_t size) {
  ++counted;
  void* memory = std::malloc(size == 0 ? 1 : size);
  if (memory == nullptr) throw std::bad_alloc();
  return begun(memory);
}
[[gnu::noinline]] void operator delete(void* memory) noexcept {
  std::free(ended(memory));
}
[[gnu::noinline]] void operator delete(void* memory, std::size_t /*size*/) noexcept {
  std::free(ended(memory));
}

namespace tlspeel {

std::size_t allocations() {
  return counted;
}

std::ptrdiff_t live_bytes() {
  return live;
}

bool openssl_is_counted() {
  return told_openssl;
}

}  // namespace tlspeel
