#include "tlspeel/base/secret_bytes.hpp"

#include <algorithm>
#include <ostream>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "freed_memory.hpp"

namespace tlspeel {
namespace {

// It can be shown neither by fmt nor by a stream, so that nobody does it by mistake.
template <class T>
concept Streamable = requires(std::ostream& stream, const T& value) {
  stream << value;
};
static_assert(!fmt::is_formattable<SecretBytes>::value);
static_assert(!Streamable<SecretBytes>);
static_assert(!std::is_copy_constructible_v<SecretBytes> && !std::is_copy_assignable_v<SecretBytes>);
static_assert(!std::is_convertible_v<SecretBytes, ByteView>);

constexpr std::size_t kSecretSize = 4099;
constexpr std::string_view kPattern = "\xa7\xa8\xa9\xaa\xab\xac\xad\xae";

class SecretMemory : public testing::Test {
 protected:
  void SetUp() override { freed_memory::watch({kPattern}); }
  void TearDown() override { freed_memory::stop(); }

  static SecretBytes make() {
    SecretBytes secret(kSecretSize);
    for (std::size_t i = 0; i < kSecretSize; ++i) {
      secret.mutable_view()[i] = static_cast<std::uint8_t>(kPattern[i % kPattern.size()]);
    }
    return secret;
  }
};

TEST_F(SecretMemory, TheWatchSeesWhatAnOrdinaryVectorLeavesBehind) {
  {
    const SecretBytes secret = make();
    const Bytes copy = to_bytes(secret.view());
    const Bytes* volatile kept = &copy;  // so that the compiler cannot leave the allocation out
    EXPECT_EQ(kept->size(), kSecretSize);
  }
  EXPECT_EQ(freed_memory::found(), 1U);
}

TEST_F(SecretMemory, ZeroedWhenDestroyed) {
  { const SecretBytes secret = make(); }
  EXPECT_EQ(freed_memory::found(), 0U);
}

TEST_F(SecretMemory, ZeroedWhenOverwrittenByAMove) {
  SecretBytes secret = make();
  secret = SecretBytes();
  EXPECT_EQ(freed_memory::found(), 0U);
}

TEST_F(SecretMemory, ZeroedWhenClonedShortenedAndMoved) {
  {
    SecretBytes secret = make();
    SecretBytes clone = secret.clone();
    clone.truncate(10);
    const SecretBytes moved = std::move(secret);
    EXPECT_EQ(moved.size(), kSecretSize);
    EXPECT_EQ(clone.size(), 10U);
    // Also behind the new end.
    EXPECT_EQ(clone.view().data()[10], 0);
    clone.wipe();
    EXPECT_TRUE(clone.empty());
  }
  EXPECT_EQ(freed_memory::found(), 0U);
}

}  // namespace
}  // namespace tlspeel
