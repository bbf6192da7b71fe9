#include "tlspeel/base/secret_bytes.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <new>

#include <gtest/gtest.h>

// Looks into memory at the moment when it is given back: whether the bytes of a secret are still there.
namespace {

constexpr std::size_t kSecretSize = 4099;  // a size that nothing else in this program allocates
constexpr std::uint8_t kSecretByte = 0xa7;
constinit thread_local std::size_t dirty_frees = 0;
constinit thread_local std::size_t watched_frees = 0;

void look_at(const void* memory, std::size_t size) {
  if (memory == nullptr || size != kSecretSize) return;
  const auto* bytes = static_cast<const std::uint8_t*>(memory);
  ++watched_frees;
  if (std::find(bytes, bytes + size, kSecretByte) != bytes + size) ++dirty_frees;
}

}  // namespace

void* operator new(std::size_t size) {
  if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t size) noexcept {
  look_at(memory, size);
  std::free(memory);
}

namespace tlspeel {
namespace {

class SecretMemory : public testing::Test {
 protected:
  void SetUp() override { dirty_frees = watched_frees = 0; }

  static SecretBytes make() {
    SecretBytes secret(kSecretSize);
    std::ranges::fill(secret.mutable_view(), kSecretByte);
    return secret;
  }
  static void expect_clean(std::size_t frees) {
    EXPECT_EQ(watched_frees, frees);
    EXPECT_EQ(dirty_frees, 0U);
  }
};

TEST_F(SecretMemory, TheWatchSeesWhatAnOrdinaryVectorLeavesBehind) {
  { const Bytes bytes(kSecretSize, kSecretByte); }
  EXPECT_EQ(watched_frees, 1U);
  EXPECT_EQ(dirty_frees, 1U);
}

TEST_F(SecretMemory, ZeroedWhenDestroyed) {
  { const SecretBytes secret = make(); }
  expect_clean(1);
}

TEST_F(SecretMemory, ZeroedWhenOverwrittenByAMove) {
  SecretBytes secret = make();
  secret = SecretBytes();
  expect_clean(1);
}

TEST_F(SecretMemory, ZeroedWhenClonedShortenedAndMoved) {
  {
    SecretBytes secret = make();
    SecretBytes clone = secret.clone();
    clone.truncate(10);
    const SecretBytes moved = std::move(secret);
    EXPECT_EQ(moved.size(), kSecretSize);
  }
  expect_clean(2);
}

}  // namespace
}  // namespace tlspeel
