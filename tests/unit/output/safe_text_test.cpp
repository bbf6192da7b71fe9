#include "tlspeel/output/safe_text.hpp"

#include <cstdint>
#include <random>

#include <gtest/gtest.h>

namespace tlspeel::output {
namespace {

TEST(SafeText, CopiesWhatIsPrintable) {
  EXPECT_EQ(safe_line("GET /a?b=c HTTP/1.1 ~"), "GET /a?b=c HTTP/1.1 ~");
  EXPECT_EQ(safe_line("Grüße, 世界 🎉"), "Grüße, 世界 🎉");
  EXPECT_EQ(safe_line("می\u200cخواهم 👩\u200d🔬"), "می\u200cخواهم 👩\u200d🔬");
  EXPECT_EQ(safe_line(""), "");
  EXPECT_EQ(safe_line(R"(back\slash)"), R"(back\slash)");
}

TEST(SafeText, EscapesEveryControlCharacter) {
  for (unsigned c = 0; c < 0x20; ++c) {
    const std::string text(1, static_cast<char>(c));
    char expected[5];
    (void)std::snprintf(expected, sizeof expected, "\\x%02x", c);
    EXPECT_EQ(safe_line(text), expected);
  }
  EXPECT_EQ(safe_line("\x7f"), "\\x7f");
  // C1 as UTF-8: CSI, OSC.
  EXPECT_EQ(safe_line("\xc2\x80|\xc2\x9b|\xc2\x9d|\xc2\x9f"), "\\xc2\\x80|\\xc2\\x9b|\\xc2\\x9d|\\xc2\\x9f");
  // C1 as Latin-1.
  EXPECT_EQ(safe_line("\x9b"
                      "31m"),
            "\\x9b31m");
  EXPECT_EQ(safe_line("\xc2\xa0"), "\xc2\xa0");
}

TEST(SafeText, EscapesWhatReordersOrHides) {
  for (const char32_t c : {0x61cU, 0x200bU, 0x200eU, 0x200fU, 0x2028U, 0x2029U, 0x202aU, 0x202eU, 0x2066U,
                           0x2069U, 0xfeffU, 0xfff9U, 0xe0001U, 0xe007fU}) {
    EXPECT_TRUE(is_unsafe(c)) << std::hex << static_cast<unsigned>(c);
  }
  for (const char32_t c : {0x20U, 0x7eU, 0xa0U, 0x61bU, 0x200cU, 0x200dU, 0x2027U, 0x202fU, 0x2070U, 0xffeeU,
                           0xfffdU, 0x1f389U}) {
    EXPECT_FALSE(is_unsafe(c)) << std::hex << static_cast<unsigned>(c);
  }
  EXPECT_EQ(safe_line("\xe2\x80\xae"
                      "txt"),
            "\\xe2\\x80\\xaetxt");
}

TEST(SafeText, EscapesWhatIsNotUtf8ByteByByte) {
  EXPECT_EQ(safe_line("\xe9t\xe9"), "\\xe9t\\xe9");
  EXPECT_EQ(safe_line("\xc0\xaf"), "\\xc0\\xaf");                             // over-long
  EXPECT_EQ(safe_line("\xe0\x80\xaf"), "\\xe0\\x80\\xaf");                    // over-long
  EXPECT_EQ(safe_line("\xf0\x80\x80\xaf"), "\\xf0\\x80\\x80\\xaf");           // over-long
  EXPECT_EQ(safe_line("\xed\xa0\x80"), "\\xed\\xa0\\x80");                    // surrogate
  EXPECT_EQ(safe_line("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80");           // beyond U+10FFFF
  EXPECT_EQ(safe_line("\xf8\x88\x80\x80\x80"), "\\xf8\\x88\\x80\\x80\\x80");  // five bytes
  EXPECT_EQ(safe_line("a\xe4\xb8"), "a\\xe4\\xb8");                           // cut
  EXPECT_EQ(safe_line("\xe4\xb8 "), "\\xe4\\xb8 ");
  EXPECT_EQ(safe_line("\xe4\xb8\x96"), "世");
}

TEST(SafeText, NoInputGivesUnsafeOutput) {
  std::mt19937 random(1);
  for (int round = 0; round < 20'000; ++round) {
    std::string text(random() % 12, '\0');
    for (char& c : text) c = static_cast<char>(random());
    const std::string safe = safe_line(text);
    ASSERT_TRUE(is_utf8(safe));
    for (std::string_view rest = safe; !rest.empty();) {
      const Utf8Character character = decode_utf8(rest);
      ASSERT_FALSE(is_unsafe(character.code_point));
      rest.remove_prefix(character.length);
    }
    ASSERT_EQ(safe_line(safe), safe);
  }
}

TEST(SafeText, LinesKeepNewlinesAndTabs) {
  const auto lines = [](std::string_view text) {
    std::string out;
    append_safe_lines(out, text, 2);
    return out;
  };
  EXPECT_EQ(lines("a\r\nb\n"), "  a\n  b\n");
  EXPECT_EQ(lines("a\tb"), "  a\tb\n");
  EXPECT_EQ(lines("a\n\n\nb"), "  a\n\n\n  b\n");
  EXPECT_EQ(lines("a\rb\n"), "  a\\x0db\n");
  EXPECT_EQ(lines("a\r"), "  a\\x0d\n");
  EXPECT_EQ(lines("\x1b[2J\n"), "  \\x1b[2J\n");
  EXPECT_EQ(lines(""), "");
  EXPECT_EQ(lines("\n"), "\n");
}

TEST(SafeText, FindsTheLastWholeCharacter) {
  EXPECT_EQ(whole_characters(""), 0U);
  EXPECT_EQ(whole_characters("abc"), 3U);
  EXPECT_EQ(whole_characters("ab\xc3"), 2U);
  EXPECT_EQ(whole_characters("ab\xc3\xa9"), 4U);
  EXPECT_EQ(whole_characters("a\xe4\xb8"), 1U);
  EXPECT_EQ(whole_characters("a\xf0\x9f\x8e"), 1U);
  EXPECT_EQ(whole_characters("\xf0\x9f\x8e\x89"), 4U);
  EXPECT_EQ(whole_characters("\xf0"), 0U);
  EXPECT_EQ(whole_characters("\x80\x80\x80\x80"), 4U);
}

}  // namespace
}  // namespace tlspeel::output
