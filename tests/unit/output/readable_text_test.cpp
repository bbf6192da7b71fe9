#include "output/readable_text.hpp"

#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tlspeel/output/safe_text.hpp"

#include "output/charset.hpp"
#include "unit/output/fixture.hpp"

namespace tlspeel::output {
namespace {

using namespace std::string_view_literals;  // NOLINT(google-build-using-namespace): made for it

std::string converted(std::string_view charset, std::string_view text, bool cut = false) {
  std::string out;
  const auto found = Charset::find(charset);
  if (!found) return "not known";
  return found->convert(out, as_bytes(text), cut) ? out : "not possible";
}

struct Read {
  std::string text;
  std::string from;
  std::string unknown;
  bool operator==(const Read&) const = default;
};
Read read(std::string_view text, std::string_view charset, std::string_view media_type, bool cut = false) {
  const ReadableText readable(as_bytes(text), charset, media_type);
  std::string room;
  return {std::string(readable.piece(as_bytes(text), cut, room)), readable.converted_from(),
          readable.unknown()};
}

TEST(Charset, BecomesUtf8) {
  EXPECT_EQ(converted("iso-8859-1", "caf\xe9"), "café");
  EXPECT_EQ(converted("ISO-8859-1", "\x80 5"), "€ 5");  // as browsers read it
  EXPECT_EQ(converted("windows-1251", "\xcc\xe8\xf0"), "Мир");
  EXPECT_EQ(converted("koi8-r", "\xed\xc9\xd2"), "Мир");
  EXPECT_EQ(converted("shift_jis", "\x93\xfa\x96\x7b"), "日本");
  EXPECT_EQ(converted("euc-jp", "\xc6\xfc\xcb\xdc"), "日本");
  EXPECT_EQ(converted("iso-2022-jp", "\x1b$BF|K\\\x1b(B"), "日本");
  EXPECT_EQ(converted("gb18030", "\xc4\xe3\xba\xc3"), "你好");
  EXPECT_EQ(converted("gb2312", "\xc4\xe3\xba\xc3"), "你好");
  EXPECT_EQ(converted("big5", "\xa7\x41\xa6\x6e"), "你好");
  EXPECT_EQ(converted("euc-kr", "\xc7\xd1\xb1\xdb"), "한글");
  EXPECT_EQ(converted("utf-16", "h\0\xe9\0"sv), "hé");
  EXPECT_EQ(converted("utf-16be", "\0h\xd8\x3d\xde\x00"sv), "h😀");
  EXPECT_EQ(converted("utf-32", "h\0\0\0"sv), "h");
}

// Every name has to be one that the library knows: a wrong one would be found by nobody.
TEST(Charset, KnowsAllThatItNames) {
  for (const auto* name :
       {"ascii",        "big5",         "cp866",        "cp932",        "cp936",        "euc-jp",
        "euc-kr",       "gbk",          "ibm866",       "iso-2022-jp",  "iso-8859-2",   "iso-8859-3",
        "iso-8859-4",   "iso-8859-5",   "iso-8859-6",   "iso-8859-7",   "iso-8859-8",   "iso-8859-9",
        "iso-8859-10",  "iso-8859-11",  "iso-8859-13",  "iso-8859-14",  "iso-8859-15",  "iso-8859-16",
        "koi8-r",       "koi8-u",       "macintosh",    "utf-16le",     "utf-32be",     "windows-874",
        "windows-1250", "windows-1253", "windows-1254", "windows-1255", "windows-1256", "windows-1257",
        "windows-1258", "tis-620",      "windows-31j",  "x-sjis"}) {
    EXPECT_NE(converted(name, ""), "not known") << name;
    EXPECT_NE(converted(name, ""), "not possible") << name;
  }
  for (const auto* name : {"", "utf-7", "x-none", "UTF-8//TRANSLIT", "../iso-8859-1", "cp037"})
    EXPECT_EQ(converted(name, ""), "not known") << name;
}

TEST(Charset, WhatIsNoCharacterIsReplaced) {
  EXPECT_EQ(converted("shift_jis",
                      "a\xff\xff"
                      "b"),
            "a\ufffd\ufffd"
            "b");
  EXPECT_EQ(converted("windows-1252", "\x81x"), "\ufffdx");
  EXPECT_EQ(converted("utf-16le", "\x00\xdc\x41\x00"sv), "\ufffdA");
  EXPECT_EQ(converted("utf-16le", "A\0B"sv), "A\ufffd");
  EXPECT_EQ(converted("utf-16le", "A\0B"sv, true), "A");
  EXPECT_EQ(converted("shift_jis", "A\x93"), "A\ufffd");
  EXPECT_EQ(converted("shift_jis", "A\x93", true), "A");
}

// No end of the buffer in between is seen; and whatever comes in, UTF-8 comes out, not much longer.
TEST(Charset, AnyBytesOfAnyLength) {
  std::string all;
  for (unsigned i = 0; i < 40'000; ++i) all += static_cast<char>((i * 2654435761U) >> 11U);
  for (const auto* name : {"iso-8859-1", "shift_jis", "gb18030", "big5", "euc-jp", "euc-kr", "iso-2022-jp",
                           "utf-16", "utf-32", "windows-1258"}) {
    const std::string out = converted(name, all);
    EXPECT_TRUE(is_utf8(out)) << name;
    EXPECT_GE(out.size(), all.size() / 4) << name;
    EXPECT_LE(out.size(), all.size() * 6) << name;
  }
  EXPECT_EQ(converted("iso-8859-1", std::string(10'000, '\xe9')).size(), 20'000U);
}

TEST(ReadableText, IsConvertedWhereItHasTo) {
  EXPECT_EQ(read("caf\xe9", "iso-8859-1", "text/html"), (Read{"café", "iso-8859-1", ""}));
  EXPECT_EQ(read("cafe", "iso-8859-1", "text/html"), (Read{"cafe", "", ""}));
  EXPECT_EQ(read("café", "utf-8", "text/html"), (Read{"café", "", ""}));
  EXPECT_EQ(read("caf\xe9", "", "text/html"), (Read{"caf\xe9", "", ""}));
  EXPECT_EQ(read("caf\xe9", "x-ours", "text/html"), (Read{"caf\xe9", "", "x-ours"}));
  EXPECT_EQ(read("café", "x-ours", "text/html"), (Read{"café", "", ""}));
}

TEST(ReadableText, TheMarkComesFirst) {
  EXPECT_EQ(read("\xff\xfeh\0i\0"sv, "iso-8859-1", "text/plain"), (Read{"hi", "utf-16le", ""}));
  EXPECT_EQ(read("\xfe\xff\0h\0i"sv, "", "text/plain"), (Read{"hi", "utf-16be", ""}));
  EXPECT_EQ(read("\xef\xbb\xbf"
                 "café",
                 "iso-8859-1", "text/plain")
                .from,
            "");
}

TEST(ReadableText, TheMarkOfUtf8IsNotShownEither) {
  EXPECT_EQ(read("\xef\xbb\xbf{}", "", "application/json"), (Read{"{}", "", ""}));
  EXPECT_EQ(read("\xef\xbb\xbf"
                 "caf\xc3\xa9",
                 "utf-8", "text/plain"),
            (Read{"café", "", ""}));
}

TEST(ReadableText, ADocumentMaySayIt) {
  EXPECT_EQ(read("<?xml version='1.0' encoding='ISO-8859-1'?><a>\xe9</a>", "", "text/xml"),
            (Read{"<?xml version='1.0' encoding='ISO-8859-1'?><a>é</a>", "iso-8859-1", ""}));
  EXPECT_EQ(read("<meta name=a><META content='text/html; CharSet = windows-1251'>\xcc", "", "text/html").from,
            "windows-1251");
  EXPECT_EQ(read("<meta charset=koi8-r>\xcc", "", "text/html").from, "koi8-r");
  // Not in other text, not far inside, not where the head says otherwise; and bytes are not UTF-16.
  EXPECT_EQ(read("<meta charset=koi8-r>\xcc", "", "text/plain").from, "");
  EXPECT_EQ(read(std::string(1024, ' ') + "<meta charset=koi8-r>\xcc", "", "text/html").from, "");
  EXPECT_EQ(read("<meta charset=koi8-r>\xcc", "windows-1252", "text/html").from, "windows-1252");
  EXPECT_EQ(read("<meta charset=utf-16>\xcc", "", "text/html").from, "");
}

event::HttpMessage latin1(std::uint64_t size) {
  event::HttpMessage message = test::response(1, 200, "caf\xe9", test::packet(1, 0));
  message.body.size = size;
  message.body.media_type = "text/plain";
  message.body.charset = "iso-8859-1";
  return message;
}

TEST(ReadableText, JsonSaysWhatItWasConvertedFrom) {
  const auto line = nlohmann::json::parse(test::render("json", {}, {{1, test::packet(1, 0), latin1(4)}}));
  EXPECT_EQ(line["body"]["body_text"], "café");
  EXPECT_EQ(line["body"]["charset"], "iso-8859-1");
  EXPECT_EQ(line["body"]["converted_from"], "iso-8859-1");
  EXPECT_EQ(line["body"]["shown"], 4);
}

TEST(ReadableText, TheLastByteIsWholeAlthoughTheBodyIsCut) {
  const std::string text = test::render("text", {},
                                        {{1, test::packet(1, 0), test::start(1, 1000)},
                                         {1, test::packet(1, 0), latin1(1000)},
                                         {1, test::packet(1, 0), event::ConnectionEnd{}}});
  EXPECT_NE(text.find("\n            café\n            [converted from iso-8859-1]\n"
                      "            [showing the first 4 bytes of 1,000 bytes; --max-body]\n"),
            std::string::npos)
      << text;
}

TEST(ReadableText, PiecesBetweenHolesAreConverted) {
  event::HttpMessage message = latin1(4);
  message.body.holes = {{2, {3, true}}};
  const std::string text = test::render("text", {},
                                        {{1, test::packet(1, 0), test::start(1, 1000)},
                                         {1, test::packet(1, 0), message},
                                         {1, test::packet(1, 0), event::ConnectionEnd{}}});
  EXPECT_NE(text.find("ca\n            [3 bytes were not captured]\n            fé\n"), std::string::npos)
      << text;
}

}  // namespace
}  // namespace tlspeel::output
