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
  EXPECT_EQ(kept(head_of("text/plain"), kPng).found.media_type, "");
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
