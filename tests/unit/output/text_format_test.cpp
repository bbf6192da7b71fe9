#include "output/text_format.hpp"

#include <limits>

#include <gtest/gtest.h>

#include "output/json_line.hpp"
#include "output/key_diagram.hpp"
#include "output/lines.hpp"

namespace tlspeel::output {
namespace {

TEST(TextFormat, Sizes) {
  EXPECT_EQ(size_text(0), "0 bytes");
  EXPECT_EQ(size_text(1), "1 byte");
  EXPECT_EQ(size_text(1234), "1,234 bytes");
  EXPECT_EQ(size_text(9'999), "9,999 bytes");
  EXPECT_EQ(size_text(10'000), "10.0 kB");
  EXPECT_EQ(size_text(12'345), "12.3 kB");
  EXPECT_EQ(size_text(12'350), "12.4 kB");
  EXPECT_EQ(size_text(999'949), "999.9 kB");
  EXPECT_EQ(size_text(999'950), "1.0 MB");
  EXPECT_EQ(size_text(1'234'567'890), "1.2 GB");
  EXPECT_EQ(size_text(std::numeric_limits<std::uint64_t>::max()), "18.4 EB");
}

TEST(TextFormat, Seconds) {
  const auto seconds = [](std::int64_t ns) {
    std::string out;
    append_seconds(out, ns);
    return out;
  };
  EXPECT_EQ(seconds(0), "0.000000");
  EXPECT_EQ(seconds(912'999), "0.000912");
  EXPECT_EQ(seconds(86'400'000'000'000), "86400.000000");
  EXPECT_EQ(seconds(-1'500'000), "-0.001500");
  EXPECT_EQ(seconds(std::numeric_limits<std::int64_t>::min()), "-9223372036.854775");
}

TEST(TextFormat, Times) {
  const auto time = [](std::int64_t ns) {
    std::string out;
    append_time(out, ns);
    return out;
  };
  EXPECT_EQ(time(0), "1970-01-01T00:00:00.000000000Z");
  EXPECT_EQ(time(1'767'225'600'000'000'001), "2026-01-01T00:00:00.000000001Z");
  EXPECT_EQ(time(1'709'210'096'789'000'000), "2024-02-29T12:34:56.789000000Z");
  EXPECT_EQ(time(-1), "1969-12-31T23:59:59.999999999Z");
}

TEST(TextFormat, Names) {
  EXPECT_EQ(camel_case("server_key_exchange"), "ServerKeyExchange");
  EXPECT_EQ(name_text({0x002f, "TLS_RSA_WITH_AES_128_CBC_SHA"}, 4), "TLS_RSA_WITH_AES_128_CBC_SHA");
  EXPECT_EQ(name_text({0x002f, ""}, 4), "0x002f");
  EXPECT_EQ(short_hex(Bytes{1, 2, 3}), "010203");
  EXPECT_EQ(short_hex(Bytes(32, 0xab)), "abababab...abababab");
}

TEST(TextFormat, WrapsAtBlanks) {
  const auto wrapped = [](std::string_view text) {
    std::string out;
    append_wrapped(out, text, 10, 2);
    return out;
  };
  EXPECT_EQ(wrapped("one two three"), "one two\n  three");
  EXPECT_EQ(wrapped("a-very-long-word b"), "a-very-long-word\n  b");
  EXPECT_EQ(wrapped("1234567890"), "1234567890");
  EXPECT_EQ(wrapped("äöü äöü äöü"), "äöü äöü\n  äöü");
  EXPECT_EQ(wrapped(""), "");
}

// RFC 5246 section 6.3: sizes of the key block's parts.
TEST(KeyDiagram, PartsOfTheKeyBlock) {
  const auto sizes = [](std::string_view bulk, std::string_view mac, std::uint32_t version) {
    std::size_t total = 0;
    for (const KeyPart& part : key_block_parts(bulk, mac, version)) total += part.size;
    return total;
  };
  EXPECT_EQ(sizes("AES_256_CBC", "SHA256", 0x0303), 128U);
  EXPECT_EQ(sizes("AES_128_CBC", "SHA", 0x0301), 104U);
  EXPECT_EQ(sizes("AES_128_CBC", "SHA", 0x0302), 72U);
  EXPECT_EQ(sizes("3DES_EDE_CBC", "SHA", 0x0300), 104U);
  EXPECT_EQ(sizes("AES_128_GCM", "AEAD", 0x0303), 40U);
  EXPECT_EQ(sizes("AES_256_CCM_8", "AEAD", 0x0303), 72U);
  EXPECT_EQ(sizes("RC4_128", "MD5", 0x0300), 64U);
  EXPECT_EQ(sizes("NULL", "SHA256", 0x0303), 64U);
  EXPECT_EQ(sizes("CHACHA20_POLY1305", "AEAD", 0x0303), 88U);
  EXPECT_EQ(sizes("of the future", "SHA", 0x0303), 0U);
}

}  // namespace
}  // namespace tlspeel::output
