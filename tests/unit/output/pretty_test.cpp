#include "output/pretty.hpp"

#include <string>

#include <gtest/gtest.h>

#include "unit/output/fixture.hpp"

namespace tlspeel::output {
namespace {

std::string json(std::string_view text, bool cut = false) {
  return pretty_json(text, cut).value_or("as it is");
}
std::string xml(std::string_view text, bool cut = false) {
  return pretty_xml(text, cut).value_or("as it is");
}

TEST(PrettyJson, IsLaidOut) {
  EXPECT_EQ(json(R"({"a":1,"b":[true,null,{}],"c":{"d":"x"},"e":[]})"),
            "{\n"
            "  \"a\": 1,\n"
            "  \"b\": [\n"
            "    true,\n"
            "    null,\n"
            "    {}\n"
            "  ],\n"
            "  \"c\": {\n"
            "    \"d\": \"x\"\n"
            "  },\n"
            "  \"e\": []\n"
            "}\n");
  EXPECT_EQ(json(" [ 1 ,\r\n\t2 ] "), "[\n  1,\n  2\n]\n");
  EXPECT_EQ(json("\"word\""), "\"word\"\n");
}

TEST(PrettyJson, TokensStayAsTheyWereSent) {
  const std::string text =
      "{\n"
      "  \"a\": 1.50e+007,\n"
      "  \"a\": 12345678901234567890123,\n"
      "  \"\\u00e9, {\\\"\\\\\": \"[ 1,2 ]\"\n"
      "}\n";
  EXPECT_EQ(json(text), text);
  EXPECT_EQ(json(R"({"a":1.50e+007,"a":12345678901234567890123,"\u00e9, {\"\\":"[ 1,2 ]"})"), text);
}

TEST(PrettyJson, WhatIsNotWellFormedStaysAsItIs) {
  for (const char* bad : {"",
                          " ",
                          "{",
                          "[1,]",
                          "{\"a\"}",
                          "{\"a\":}",
                          "{a:1}",
                          "[1 2]",
                          "[1}",
                          "]",
                          "{} {}",
                          "nul",
                          "01",
                          "1.",
                          "+1",
                          "1e",
                          "- 1",
                          "\"a",
                          "\"a\nb\"",
                          "{\"a\":1,}",
                          "{,}",
                          ")]}'\n{}",
                          "[tru]",
                          "{\"a\":1 \"b\":2}",
                          "\xef\xbb\xbf{}"}) {
    EXPECT_EQ(json(bad), "as it is") << bad;
  }
  EXPECT_NE(json(std::string(kMaxPrettyDepth, '[') + std::string(kMaxPrettyDepth, ']')), "as it is");
  EXPECT_EQ(json(std::string(kMaxPrettyDepth + 1, '[') + std::string(kMaxPrettyDepth + 1, ']')), "as it is");
}

TEST(PrettyJson, MayBeCutAnywhere) {
  const std::string whole = R"({"a":[-1.5e3,"x\"y",true],"b":{"c":null}})";
  for (std::size_t size = 1; size < whole.size(); ++size) {
    EXPECT_NE(json(whole.substr(0, size), true), "as it is") << size;
    EXPECT_EQ(json(whole.substr(0, size), false), "as it is") << size;
  }
  EXPECT_EQ(json(R"({"a":[12)", true), "{\n  \"a\": [\n    12\n");
  EXPECT_EQ(json("[1}", true), "as it is");
}

TEST(PrettyXml, IsIndentedByItsElements) {
  EXPECT_EQ(xml("<?xml version='1.0'?><a x='1>2'><!-- <c> --><b>text</b><c/><d></d>\n\n<e><f/></e></a>"),
            "<?xml version='1.0'?>\n"
            "<a x='1>2'>\n"
            "  <!-- <c> -->\n"
            "  <b>text</b>\n"
            "  <c/>\n"
            "  <d></d>\n"
            "  <e>\n"
            "    <f/>\n"
            "  </e>\n"
            "</a>\n");
}

TEST(PrettyXml, TextStaysAsItIs) {
  EXPECT_EQ(xml("<a><p>some <b> bold</b> <i>words</i>\n</p><q> </q><r><![CDATA[<x>]]></r></a>"),
            "<a>\n"
            "  <p>some <b> bold</b> <i>words</i>\n</p>\n"
            "  <q> </q>\n"
            "  <r><![CDATA[<x>]]></r>\n"
            "</a>\n");
  EXPECT_EQ(xml("<a xml:space='preserve'><b/> <c/></a>"), "<a xml:space='preserve'><b/> <c/></a>\n");
}

TEST(PrettyXml, WhatIsNotWellFormedStaysAsItIs) {
  for (const char* bad :
       {"", "text", "<a>", "<a></b>", "</a>", "<a/>text", "<a", "< a/>", "<a><b></a></b>", "<!-- x",
        "<!DOCTYPE a [<!ELEMENT a ANY>]><a/>", "<?xml version='1.0'?>", "<a b='></a>"}) {
    EXPECT_EQ(xml(bad), "as it is") << bad;
  }
  EXPECT_EQ(xml("<!DOCTYPE a><a/>"), "<!DOCTYPE a>\n<a/>\n");
  std::string deep;
  for (std::size_t i = 0; i <= kMaxPrettyDepth; ++i) deep += "<a>";
  EXPECT_EQ(xml(deep, true), "as it is");
}

TEST(PrettyXml, MayBeCut) {
  EXPECT_EQ(xml("<a><b><c>x</c><d", true), "<a>\n  <b>\n    <c>x</c>\n    <d\n");
  EXPECT_EQ(xml("<a><b>some te", true), "<a>\n  <b>some te\n");
}

TEST(PrettyForm, IsDecodedOneALine) {
  EXPECT_EQ(pretty_form("name=Ada+Lovelace&n%C3%A4me=%E2%82%AC&empty=&flag&x=a%0Ab%1B"),
            "name = Ada Lovelace\nnäme = €\nempty =\nflag =\nx = a\\x0ab\\x1b\n");
  EXPECT_FALSE(pretty_form("no form at all"));
  EXPECT_FALSE(pretty_form("a=b\nc=d"));
  EXPECT_FALSE(pretty_form("word"));
}

TEST(Pretty, GoesByTheMediaType) {
  EXPECT_TRUE(pretty("{}", "application/json", false));
  EXPECT_TRUE(pretty("{}", "application/problem+json", false));
  EXPECT_TRUE(pretty("<a/>", "image/svg+xml", false));
  EXPECT_TRUE(pretty("a=b", "application/x-www-form-urlencoded", false));
  EXPECT_FALSE(pretty("<a/>", "application/xhtml+xml", false));
  EXPECT_FALSE(pretty("{}", "text/plain", false));
  EXPECT_FALSE(pretty("{}", "", false));
}

std::string shown(event::HttpMessage message, bool pretty) {
  TextOptions options;
  options.pretty = pretty;
  return test::render("text", options,
                      {{1, test::packet(1, 0), test::start(1, 1000)},
                       {1, test::packet(1, 0), std::move(message)},
                       {1, test::packet(1, 0), event::ConnectionEnd{}}});
}

TEST(Pretty, OnlyWhereItIsWantedAndNothingIsMissing) {
  event::HttpMessage message = test::response(1, 200, "[1,2]", test::packet(1, 0));
  message.body.media_type = "application/json";
  EXPECT_NE(shown(message, true).find("\n            [\n              1,\n              2\n            ]\n"),
            std::string::npos);
  EXPECT_NE(shown(message, false).find("            [1,2]\n"), std::string::npos);
  message.body.holes = {{3, {1, true}}};
  EXPECT_NE(shown(message, true).find("            [1,\n"), std::string::npos);
}

}  // namespace
}  // namespace tlspeel::output
