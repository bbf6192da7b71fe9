#include "tlspeel/http/multipart.hpp"

#include <string>

#include <gtest/gtest.h>

#include "tlspeel/http/body.hpp"

namespace tlspeel::http {
namespace {

using namespace std::string_view_literals;  // NOLINT(google-build-using-namespace): made for it

constexpr std::string_view kPng = "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x3c\0\0\0\x28\x08\x02\0\0\0"sv;

// Each part as "depth[name:value,...]type:content", '!' where it is not complete, '#' where it is not text.
std::string told(std::string_view content, std::string_view boundary, bool cut = false,
                 std::vector<event::HoleAt> holes = {}) {
  const auto parsed = parse_multipart(as_bytes(content), holes, boundary, cut);
  if (!parsed) return "none";
  std::string out;
  for (const event::BodyPart& part : parsed->parts) {
    out += std::to_string(part.depth) + "[";
    for (const event::HttpField& field : part.fields) out += field.name + ":" + field.value + ",";
    out += "]" + part.media_type + ":" + std::string(content.substr(part.position, part.size));
    if (!part.complete) out += "!";
    if (!part.text) out += "#";
    if (part.multipart) out += "+";
    if (!part.note.empty()) out += "(" + part.note + ")";
    out += " ";
  }
  return out + (parsed->closed ? "closed" : "open");
}

TEST(Multipart, HasPartsWithFieldsAndContent) {
  EXPECT_EQ(told("--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\none\r\ntwo\r\n"
                 "--b\r\nContent-Type: text/plain; charset=x\r\nX:  y \r\n\r\n\r\n--b--\r\n",
                 "b"),
            "0[Content-Disposition:form-data; name=\"a\",]:one\r\ntwo "
            "0[Content-Type:text/plain; charset=x,X:y,]text/plain: closed");
}

TEST(Multipart, OnlyALineOfItsOwnIsABoundary) {
  EXPECT_EQ(told("--b\r\n\r\nx--b\r\n--bb\r\n--b-\r\n--b x\r\n --b\r\n--b--", "b"),
            "0[]:x--b\r\n--bb\r\n--b-\r\n--b x\r\n --b closed");
  // Blanks behind it, and lines that end without CR.
  EXPECT_EQ(told("--b \t\r\n\r\nx\n--b\n\ny\n\n--b--  \n", "b"), "0[]:x 0[]:y\n closed");
  EXPECT_EQ(told("nothing of it", "b"), "none");
  EXPECT_EQ(told("", "b"), "none");
  EXPECT_EQ(told("--b--", "b"), "closed");
  EXPECT_EQ(told("--b\r\n--b\r\n\r\n--b--", "b"), "0[]: 0[]: closed");
}

TEST(Multipart, PreambleAndEpilogueAreCounted) {
  const auto parsed = parse_multipart(as_bytes("for others\r\n--b\r\n\r\nx\r\n--b--\r\nend"), {}, "b", false);
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->preamble, 10U);
  EXPECT_EQ(parsed->epilogue, 3U);
  EXPECT_EQ(parsed->parts.size(), 1U);
}

TEST(Multipart, MayEndAnywhere) {
  EXPECT_EQ(told("--b\r\n\r\nabc", "b", true), "0[]:abc! open");
  EXPECT_EQ(told("--b\r\n\r\nabc\r\n--b\r\n", "b", true), "0[]:abc open");
  EXPECT_EQ(told("--b\r\n\r\nabc\r\n--b\r\nConte", "b", true),
            "0[]:abc 0[]:Conte!(its header has no end) open");
  // UTF-8 that is cut in two, which nothing but the cut excuses.
  EXPECT_EQ(told("--b\r\n\r\nabc\xc3", "b", true), "0[]:abc\xc3! open");
  EXPECT_EQ(told("--b\r\n\r\nabc\xc3", "b", false), "0[]:abc\xc3!# open");
}

TEST(Multipart, DamagedHeadersAreContent) {
  EXPECT_EQ(told("--b\r\nA: b\r\nno field\r\n\r\nx\r\n--b--", "b"),
            "0[A:b,]:no field\r\n\r\nx(its header is damaged) closed");
  EXPECT_EQ(told("--b\r\n folded\r\n\r\nx\r\n--b--", "b"),
            "0[]: folded\r\n\r\nx(its header is damaged) closed");
  EXPECT_EQ(told("--b\r\nA: b\r\n\tc\r\n\r\nx\r\n--b--", "b"), "0[A:b\tc,]:x closed");
}

TEST(Multipart, WhatIsNotTextIsNamed) {
  const std::string content = "--b\r\n\r\n" + std::string(kPng) + "\r\n--b\r\n\r\ntext\r\n--b--";
  const auto parsed = parse_multipart(as_bytes(content), {}, "b", false);
  ASSERT_EQ(parsed->parts.size(), 2U);
  EXPECT_FALSE(parsed->parts[0].text);
  EXPECT_EQ(parsed->parts[0].found.media_type, "image/png");
  EXPECT_EQ(parsed->parts[0].found.width, 60U);
  EXPECT_EQ(parsed->parts[0].size, kPng.size());
  EXPECT_TRUE(parsed->parts[1].text);
}

TEST(Multipart, PlainTextThatIsBinaryIsNamed) {
  const std::string head = "--b\r\nContent-Type: text/plain";
  const auto part = [&](const std::string& more, std::string_view content,
                        const std::vector<event::HoleAt>& holes = {}) {
    const std::string text = head + more + "\r\n\r\n" + std::string(content) + "\r\n--b--";
    return parse_multipart(as_bytes(text), holes, "b", false)->parts.at(0);
  };
  EXPECT_EQ(part("", kPng).found.width, 60U);
  EXPECT_FALSE(part("", kPng).text);
  EXPECT_EQ(part("; charset=utf-8", "a\1").found.media_type, "application/octet-stream");
  EXPECT_TRUE(part("; charset=utf-16", "a\1").text);
  EXPECT_TRUE(part("", "a").text);
  EXPECT_EQ(part("", "a").found.media_type, "");
  EXPECT_TRUE(part("", "\xfe\xff\0a"sv).text);
  EXPECT_FALSE(part("", "\xfe\xff\0a"sv, {{head.size() + 4, {1, true}}}).text);
}

TEST(Multipart, AHoleMayPartACharacter) {
  const std::string content = "--b\r\n\r\ncaf\xc3!\r\n--b--";
  EXPECT_EQ(told(content, "b"), "0[]:caf\xc3!# closed");
  EXPECT_EQ(told(content, "b", false, {{11, {1, true}}}), "0[]:caf\xc3! closed");
}

TEST(Multipart, MayHoldOthersToASmallDepth) {
  EXPECT_EQ(told("--a\r\nContent-Type: multipart/mixed; boundary=\"i n\"\r\n\r\nhello\r\n--i "
                 "n\r\n\r\nx\r\n--i n--\r\n"
                 "\r\n--a\r\n\r\ny\r\n--a--",
                 "a"),
            "0[Content-Type:multipart/mixed; boundary=\"i n\",]multipart/mixed:hello\r\n--i "
            "n\r\n\r\nx\r\n--i n--\r\n+ "
            "1[]:x 0[]:y closed");
  std::string nested;
  for (char c = 'a'; c < 'i'; ++c) {
    nested += std::string("--") + c +
              "\r\nContent-Type: multipart/mixed; boundary=" + static_cast<char>(c + 1) + "\r\n\r\n";
  }
  const auto parsed = parse_multipart(as_bytes(nested), {}, "a", true);
  ASSERT_EQ(parsed->parts.size(), kMaxPartDepth);
  EXPECT_TRUE(parsed->parts[kMaxPartDepth - 2].multipart);
  EXPECT_FALSE(parsed->parts.back().multipart);
}

TEST(Multipart, OfMuchTheRestIsCounted) {
  std::string many;
  for (std::size_t i = 0; i < kMaxParts + 3; ++i) many += "--b\r\n\r\nx\r\n";
  const auto parsed = parse_multipart(as_bytes(many + "--b--"), {}, "b", false);
  EXPECT_EQ(parsed->parts.size(), kMaxParts);
  EXPECT_EQ(parsed->further, 3U);
  std::string fields = "--b\r\n";
  for (std::size_t i = 0; i < kMaxPartFields + 10; ++i) fields += "a:\r\n";
  const auto crowded = parse_multipart(as_bytes(fields + "\r\n--b--"), {}, "b", false);
  ASSERT_EQ(crowded->parts.size(), 1U);
  EXPECT_EQ(crowded->parts[0].fields.size(), kMaxPartFields);
  EXPECT_FALSE(crowded->parts[0].note.empty());
}

TEST(Multipart, BoundaryIsAParameter) {
  EXPECT_EQ(boundary_of("multipart/form-data; boundary=----x"), "----x");
  EXPECT_EQ(boundary_of("Multipart/Mixed; Boundary=\"a b\""), "a b");
  EXPECT_EQ(boundary_of("multipart/mixed"), "");
  EXPECT_EQ(boundary_of("text/plain; boundary=x"), "");
  EXPECT_EQ(boundary_of("multipart/mixed; boundary=" + std::string(1000, 'x')), "");
}

event::HttpBody kept(std::string_view content, std::uint64_t max_shown) {
  event::HttpMessage head;
  head.fields.push_back({"Content-Type", "multipart/form-data; boundary=b"});
  BodyKeeper keeper(max_shown);
  keeper.begin(head);
  for (std::size_t at = 0; at < content.size(); at += 100)
    keeper.add(head.body, as_bytes(content.substr(at, 100)));
  keeper.finish(head.body);
  return head.body;
}

TEST(Multipart, IsKeptAlthoughItIsNotText) {
  const std::string content =
      "--b\r\n\r\n" + std::string(kPng) + std::string(2000, '\xff') + "\r\n--b\r\n\r\ntext\r\n--b--\r\n";
  const event::HttpBody body = kept(content, 10'000);
  EXPECT_FALSE(body.text);
  EXPECT_EQ(body.shown.size(), content.size());
  ASSERT_TRUE(body.parts);
  EXPECT_EQ(body.parts->parts.size(), 2U);
  const event::HttpBody cut = kept(content, 1000);
  EXPECT_EQ(cut.shown.size(), 1000U);
  ASSERT_TRUE(cut.parts);
  EXPECT_EQ(cut.parts->parts.size(), 1U);
  EXPECT_FALSE(cut.parts->parts[0].complete);
  EXPECT_FALSE(kept(content, 0).parts);
  // Whose boundary is not in it, and which is no text: nothing of it is kept.
  EXPECT_TRUE(kept("--c\r\n\xff", 1000).shown.empty());
  EXPECT_FALSE(kept("--c\r\ntext", 1000).shown.empty());
}

}  // namespace
}  // namespace tlspeel::http
