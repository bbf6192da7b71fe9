#include "unit/counted_allocations.hpp"

#include <cstdlib>
#include <new>

#include <openssl/crypto.h>

namespace {

constinit thread_local std::size_t counted = 0;

void* counted_malloc(std::size_t size, const char* /*file*/, int /*line*/) {
  ++counted;
  return std::malloc(size);
}
void* counted_realloc(void* memory, std::size_t size, const char* /*file*/, int /*line*/) {
  ++counted;
  return std::realloc(memory, size);
}
void counted_free(void* memory, const char* /*file*/, int /*line*/) {
  std::free(memory);
}

const bool told_openssl = CRYPTO_set_mem_functions(counted_malloc, counted_realloc, counted_free) == 1;

}  // namespace

// Not inlined: g++ would take what is inside for a mismatched pair.
[[gnu::noinline]] void* operator new(std::size_t size) {
  ++counted;
  void* memory = std::malloc(size == 0 ? 1 : size);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}
[[gnu::noinline]] void operator delete(void* memory) noexcept {
  std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory, std::size_t /*size*/) noexcept {
  std::free(memory);
}

namespace tlspeel {

std::size_t allocations() {
  return counted;
}

bool openssl_is_counted() {
  return told_openssl;
}

}  // namespace tlspeel
