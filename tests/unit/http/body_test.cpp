#include "tlspeel/http/body.hpp"

#include <string>

#include <gtest/gtest.h>

namespace tlspeel::http {
namespace {

using namespace std::string_view_literals;  // NOLINT(google-build-using-namespace): made for it

constexpr std::string_view kPng = "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x3c\0\0\0\x28"sv;
constexpr std::uint64_t kMaxShown = 4000;

event::HttpMessage head_of(std::string content_type, std::string more = {}, std::string value = {}) {
  event::HttpMessage head;
  head.request = false;
  head.status = 200;
  if (!content_type.empty()) head.fields.push_back({"Content-Type", std::move(content_type)});
  if (!more.empty()) head.fields.push_back({std::move(more), std::move(value)});
  return head;
}

event::HttpBody kept(event::HttpMessage head, std::string_view content, std::size_t piece = 7,
                     std::uint64_t max_shown = kMaxShown) {
  BodyKeeper keeper(max_shown);
  keeper.begin(head);
  for (std::size_t at = 0; at < content.size(); at += piece)
    keeper.add(head.body, as_bytes(content.substr(at, piece)));
  keeper.finish(head.body);
  return head.body;
}

TEST(Body, HasItsCharset) {
  const event::HttpBody body = kept(head_of("Text/HTML; charset=ISO-8859-1"), "caf\xe9");
  EXPECT_EQ(body.media_type, "text/html");
  EXPECT_EQ(body.charset, "iso-8859-1");
  EXPECT_EQ(as_text(body.shown), "caf\xe9");  // as it came
  EXPECT_EQ(kept(head_of("text/html"), "x").charset, "");
}

TEST(Body, BinaryContentIsNamedAndNotKept) {
  const std::string image = std::string(kPng) + std::string(1000, '\xff');
  for (const char* type : {"", "image/png", "application/octet-stream"}) {
    const event::HttpBody body = kept(head_of(type), image);
    EXPECT_FALSE(body.text);
    EXPECT_TRUE(body.shown.empty());
    EXPECT_EQ(body.found.media_type, "image/png") << type;
    EXPECT_EQ(body.found.width, 60U);
    EXPECT_EQ(body.found.height, 40U);
  }
  EXPECT_EQ(kept(head_of(""), kPng).found.media_type, "image/png");
  EXPECT_EQ(kept(head_of("image/png"), image, 7, 0).found.width, 60U);
}

TEST(Body, TextIsNotNamed) {
  EXPECT_EQ(kept(head_of(""), "%PDF-, said the text").found.media_type, "");
  EXPECT_EQ(kept(head_of("text/plain"), "%PDF-, said the text").found.media_type, "");
  EXPECT_EQ(kept(head_of("text/html"), kPng).found.media_type, "");
  EXPECT_EQ(kept(head_of("text/plain; charset=utf-16"), kPng).found.media_type, "");
}

// Servers say that it is plain text what they know nothing about.
TEST(Body, PlainTextThatIsBinaryIsNamedAndNotKept) {
  const std::string image = std::string(kPng) + std::string(3000, '\xff');
  const std::string late = std::string(1444, 'x') + '\1' + std::string(1000, 'x');
  for (const char* type : {"text/plain", "text/plain; charset=ISO-8859-1", "text/plain; charset=UTF-8"}) {
    for (const std::size_t piece : {1U, 7U, 1444U, 1445U, 10000U}) {
      for (const std::uint64_t max_shown : {std::uint64_t{0}, std::uint64_t{20}, kMaxShown}) {
        const event::HttpBody body = kept(head_of(type), image, piece, max_shown);
        EXPECT_FALSE(body.text);
        EXPECT_TRUE(body.shown.empty());
        EXPECT_EQ(body.size, image.size());
        EXPECT_EQ(body.found.media_type, "image/png") << type << piece;
        EXPECT_EQ(body.found.width, 60U);
        const event::HttpBody other = kept(head_of(type), late, piece, max_shown);
        EXPECT_FALSE(other.text) << piece;
        EXPECT_TRUE(other.shown.empty());
        EXPECT_EQ(other.found.media_type, "application/octet-stream");
      }
      const event::HttpBody text = kept(head_of(type), "x" + late, piece);
      EXPECT_TRUE(text.text) << piece;
      EXPECT_EQ(as_text(text.shown), "x" + late);
      EXPECT_EQ(text.found.media_type, "");
    }
  }
}

// A stored block of DEFLATE (RFC 1951 section 3.2.4), without a wrapper.
std::string deflated(std::string_view content) {
  const auto low = static_cast<char>(content.size() & 0xFFU);
  const auto high = static_cast<char>(content.size() >> 8U);
  const std::string lengths{low, high, static_cast<char>(~low), static_cast<char>(~high)};
  return "\1" + lengths + std::string(content);
}

TEST(Body, PlainTextIsDoubtedByWhatItsCodingHolds) {
  const event::HttpMessage head = head_of("text/plain", "Content-Encoding", "deflate");
  for (const std::size_t piece : {1U, 7U, 10000U}) {
    const event::HttpBody image = kept(head, deflated(std::string(kPng) + std::string(3000, 'x')), piece);
    EXPECT_FALSE(image.text);
    EXPECT_TRUE(image.shown.empty());
    EXPECT_EQ(image.found.width, 60U);
    const event::HttpBody other = kept(head, deflated("it is\1not text"), piece);
    EXPECT_FALSE(other.text);
    EXPECT_EQ(other.found.media_type, "application/octet-stream");
    // What the coding itself is made of does not count.
    const event::HttpBody text = kept(head, deflated("it is text"), piece);
    EXPECT_TRUE(text.text);
    EXPECT_EQ(as_text(text.shown), "it is text");
    EXPECT_EQ(text.found.media_type, "");
  }
}

TEST(Body, PlainTextIsDoubtedBehindHoles) {
  event::HttpMessage head = head_of("text/plain");
  BodyKeeper keeper(kMaxShown);
  keeper.begin(head);
  keeper.add(head.body, as_bytes("before"));
  keeper.skip(head.body, {100, true});
  keeper.add(head.body, as_bytes("\1\2\3"));
  keeper.finish(head.body);
  EXPECT_FALSE(head.body.text);
  EXPECT_TRUE(head.body.shown.empty());
  EXPECT_EQ(head.body.found.media_type, "application/octet-stream");
  EXPECT_EQ(head.body.holes.size(), 1U);
  // The next body has nothing of the one before.
  head = head_of("text/plain");
  keeper.begin(head);
  keeper.add(head.body, as_bytes("\xfe\xff\0x"sv));
  keeper.finish(head.body);
  EXPECT_TRUE(head.body.text);
  EXPECT_EQ(head.body.found.media_type, "");
}

TEST(Body, OnlyTheFirstBytesTell) {
  event::HttpMessage range = head_of("image/png", "Content-Range", "bytes 10-99/200");
  range.status = 206;
  EXPECT_EQ(kept(range, kPng).found.media_type, "");
  // A hole, and what looks like a beginning behind it.
  event::HttpMessage head = head_of("image/png");
  BodyKeeper keeper(kMaxShown);
  keeper.begin(head);
  keeper.skip(head.body, {100, true});
  keeper.add(head.body, as_bytes(kPng));
  keeper.finish(head.body);
  EXPECT_EQ(head.body.found.media_type, "");
  // The next body has nothing of the one before.
  head = head_of("image/png");
  keeper.begin(head);
  keeper.add(head.body, as_bytes(kPng));
  keeper.finish(head.body);
  EXPECT_EQ(head.body.found.media_type, "image/png");
  head = head_of("image/png");
  keeper.begin(head);
  keeper.finish(head.body);
  EXPECT_EQ(head.body.found.media_type, "");
}

}  // namespace
}  // namespace tlspeel::http
