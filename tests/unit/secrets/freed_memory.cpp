#include "freed_memory.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <new>

#include <malloc.h>
#include <openssl/crypto.h>

namespace freed_memory {
namespace {

constinit thread_local std::array<std::string_view, 4> watched{};
constinit thread_local std::size_t found_in = 0;

void look_into(void* memory) {
  if (memory == nullptr || watched[0].empty()) return;
  const std::size_t size = ::malloc_usable_size(memory);
  const bool dirty = std::any_of(watched.begin(), watched.end(), [&](std::string_view secret) {
    return !secret.empty() && ::memmem(memory, size, secret.data(), secret.size()) != nullptr;
  });
  if (dirty) ++found_in;
}

constinit thread_local bool openssl_too = true;

void look_into_openssls(void* memory) {
  if (openssl_too) look_into(memory);
}

void* openssl_malloc(std::size_t size, const char* /*file*/, int /*line*/) {
  return std::malloc(size);
}
// Like realloc(), but for what is left behind where it was.
void* openssl_realloc(void* memory, std::size_t size, const char* /*file*/, int /*line*/) {
  void* const larger = std::malloc(size);
  if (larger == nullptr || memory == nullptr) return larger;
  std::memcpy(larger, memory, std::min(size, ::malloc_usable_size(memory)));
  look_into_openssls(memory);
  std::free(memory);
  return larger;
}
void openssl_free(void* memory, const char* /*file*/, int /*line*/) {
  look_into_openssls(memory);
  std::free(memory);
}

const bool openssl_is_watched = CRYPTO_set_mem_functions(openssl_malloc, openssl_realloc, openssl_free) == 1;

}  // namespace

void watch(std::initializer_list<std::string_view> secrets) {
  watched = {};
  found_in = 0;
  openssl_too = true;
  std::copy(secrets.begin(), secrets.end(), watched.begin());
}
void stop() {
  watched = {};
}
void pass_over_openssl() {
  openssl_too = false;
}
std::size_t found() {
  return found_in;
}
bool sees_openssl() {
  return openssl_is_watched;
}

}  // namespace freed_memory

// Not inlined: g++ would take what is inside for a mismatched pair.
[[gnu::noinline]] void* operator new(std::size_t size) {
  void* memory = std::malloc(size == 0 ? 1 : size);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}
[[gnu::noinline]] void operator delete(void* memory) noexcept {
  freed_memory::look_into(memory);
  std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory, std::size_t /*size*/) noexcept {
  operator delete(memory);
}
