#include "tlspeel/http/text_look.hpp"

#include <string_view>

#include <gtest/gtest.h>

namespace tlspeel::http {
namespace {

bool text(std::string_view bytes, bool cut = false) {
  return looks_like_text(as_bytes(bytes), cut);
}

TEST(TextLook, TakesTextWithItsLineEndsAndTabs) {
  EXPECT_TRUE(text(""));
  EXPECT_TRUE(text("a\tb\r\nc"));
  EXPECT_TRUE(text("\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80"));
}

TEST(TextLook, RefusesControlCharacters) {
  for (const char c : {'\0', '\x01', '\x07', '\x08', '\x0b', '\x1b', '\x7f'})
    EXPECT_FALSE(text({&c, 1})) << int{c};
}

// RFC 3629 section 4: overlong forms, surrogates, beyond U+10FFFF, lone and missing continuations.
TEST(TextLook, RefusesWhatIsNoUtf8) {
  for (const std::string_view bad :
       {"\x80", "\xc0\x80", "\xc1\xbf", "\xe0\x9f\xbf", "\xed\xa0\x80", "\xf0\x8f\xbf\xbf",
        "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff", "\xc3z", "\xe2\x82z", "\xc3\xa9\xa9"}) {
    EXPECT_FALSE(text(bad));
    EXPECT_FALSE(text(bad, true));
  }
}

TEST(TextLook, MindsWhereTheBytesAreCut) {
  for (const std::string_view start : {"a\xc3", "\xe2\x82", "\xf0\x9f\x98"}) {
    EXPECT_FALSE(text(start));
    EXPECT_TRUE(text(start, true));
  }
}

}  // namespace
}  // namespace tlspeel::http
