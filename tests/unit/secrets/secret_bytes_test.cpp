#include "tlspeel/base/secret_bytes.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>
#include <new>

#include <gtest/gtest.h>

// Looks into memory at the moment when it is given back: whether the bytes of a secret are still there.
namespace {

constexpr std::size_t kSecretSize = 4099;  // a size that nothing else in this program allocates
constexpr std::uint8_t kSecretByte = 0xa7;
constinit thread_local std::size_t dirty_frees = 0;
constinit thread_local std::size_t watched_frees = 0;
// Which memory is watched: not every compiler tells operator delete the size.
constinit thread_local std::array<void*, 8> watched{};

void begin_watch(void* memory) {
  const auto slot = std::find(watched.begin(), watched.end(), nullptr);
  if (slot != watched.end()) *slot = memory;
}

void end_watch(void* memory) {
  const auto slot = std::find(watched.begin(), watched.end(), memory);
  if (memory == nullptr || slot == watched.end()) return;
  *slot = nullptr;
  const auto* bytes = static_cast<const std::uint8_t*>(memory);
  ++watched_frees;
  if (std::find(bytes, bytes + kSecretSize, kSecretByte) != bytes + kSecretSize) ++dirty_frees;
}

}  // namespace

// Not inlined: g++ would take what is inside for a mismatched pair.
[[gnu::noinline]] void* operator new(std::size_t size) {
  void* memory = std::malloc(size == 0 ? 1 : size);
  if (memory == nullptr) throw std::bad_alloc();
  if (size == kSecretSize) begin_watch(memory);
  return memory;
}
[[gnu::noinline]] void operator delete(void* memory) noexcept {
  end_watch(memory);
  std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory, std::size_t /*size*/) noexcept {
  operator delete(memory);
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
  auto bytes = std::make_unique<Bytes>(kSecretSize, kSecretByte);
  Bytes* volatile kept = bytes.get();  // so that the compiler cannot leave the allocation out
  EXPECT_EQ(kept->size(), kSecretSize);
  bytes.reset();
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
