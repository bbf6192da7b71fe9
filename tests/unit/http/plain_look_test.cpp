// Which content of text/plain is binary.
#include "tlspeel/http/plain_look.hpp"

#include <string>

#include <gtest/gtest.h>

namespace tlspeel::http {
namespace {

using namespace std::string_view_literals;  // NOLINT(google-build-using-namespace): made for it

constexpr std::size_t kLooked = 1445;

// The same answer for all sizes of pieces.
bool binary(std::string_view content) {
  const bool whole = plain_is_binary(as_bytes(content), true);
  for (std::size_t piece = 1; piece < 4; ++piece) {
    PlainLook look;
    for (std::size_t at = 0; at < content.size(); at += piece) look.add(as_bytes(content.substr(at, piece)));
    EXPECT_EQ(look.binary(), whole) << piece;
  }
  return whole;
}

TEST(PlainLook, DoubtsWhatServersSayOfAnything) {
  EXPECT_TRUE(is_doubted_plain("text/plain", ""));
  EXPECT_TRUE(is_doubted_plain("text/plain", "utf-8"));
  EXPECT_TRUE(is_doubted_plain("text/plain", "iso-8859-1"));
  EXPECT_FALSE(is_doubted_plain("text/plain", "utf-16"));
  EXPECT_FALSE(is_doubted_plain("text/plain", "utf-32le"));
  EXPECT_FALSE(is_doubted_plain("text/html", ""));
  EXPECT_FALSE(is_doubted_plain("", ""));
}

TEST(PlainLook, GoesByControlCharactersThatNoTextHas) {
  for (unsigned byte = 0; byte < 256; ++byte) {
    const bool expected =
        byte <= 0x08 || byte == 0x0B || (byte >= 0x0E && byte <= 0x1A) || (byte >= 0x1C && byte <= 0x1F);
    EXPECT_EQ(binary("four" + std::string(1, static_cast<char>(byte))), expected) << byte;
  }
  EXPECT_FALSE(binary(""));
}

TEST(PlainLook, GoesByTheFirstBytesAlone) {
  const std::string text(kLooked - 1, 'x');
  EXPECT_TRUE(binary(text + "\1"));
  EXPECT_FALSE(binary(text + "x\1"));
}

TEST(PlainLook, AByteOrderMarkSaysThatItIsText) {
  EXPECT_FALSE(binary("\xfe\xff\0a\0b"sv));
  EXPECT_FALSE(
      binary("\xff\xfe"
             "a\0b\0"sv));
  EXPECT_FALSE(
      binary("\xef\xbb\xbf"
             "a\0"sv));
  EXPECT_TRUE(binary("\xff\xff\0a"sv));
  EXPECT_TRUE(binary("\xfe\xfe\0a"sv));
  EXPECT_TRUE(binary("\xef\xbb\0a"sv));
  EXPECT_TRUE(binary("\xef\xef\xbb\xbf\0"sv));
  EXPECT_TRUE(binary("x\xfe\xff\0"sv));
}

TEST(PlainLook, BehindAHoleStandsNoByteOrderMark) {
  EXPECT_TRUE(plain_is_binary(as_bytes("\xfe\xff\0a"sv), false));
  PlainLook look;
  look.add(as_bytes("\xef\xbb"));
  look.skip();
  look.add(as_bytes("\xbf\0"sv));
  EXPECT_TRUE(look.binary());
}

}  // namespace
}  // namespace tlspeel::http
