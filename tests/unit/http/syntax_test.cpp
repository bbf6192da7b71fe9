#include "http/syntax.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tlspeel/http/media_type.hpp"

namespace tlspeel::http {
namespace {

TEST(RequestLine, IsMethodTargetVersion) {
  const auto line = parse_request_line("GET /a?b=c HTTP/1.1");
  ASSERT_TRUE(line);
  EXPECT_EQ(line->method, "GET");
  EXPECT_EQ(line->target, "/a?b=c");
  EXPECT_EQ(line->version, "HTTP/1.1");
}

TEST(RequestLine, IsNothingElse) {
  for (const auto* bad : {"", " ", "GET", "GET /", "GET HTTP/1.1", "GET  HTTP/1.1", " GET / HTTP/1.1",
                          "G(T / HTTP/1.1", "GET / HTTP/2.0", "GET / HTTP/1.10", "GET / http/1.1",
                          "GET / HTTP/1.", "GET /\x01 HTTP/1.1", "GET\t/\tHTTP/1.1"}) {
    EXPECT_FALSE(parse_request_line(bad)) << bad;
  }
}

TEST(StatusLine, IsVersionStatusReason) {
  const auto line = parse_status_line("HTTP/1.0 404 Not Found");
  ASSERT_TRUE(line);
  EXPECT_EQ(line->version, "HTTP/1.0");
  EXPECT_EQ(line->status, 404U);
  EXPECT_EQ(line->reason, "Not Found");
  EXPECT_EQ(parse_status_line("HTTP/1.1 200")->reason, "");
  for (const auto* bad : {"", "HTTP/1.1", "HTTP/1.1 ", "HTTP/1.1 20", "HTTP/1.1 099 x", "HTTP/1.1 2000",
                          "HTTP/1.1 200OK", "HTTP/2 200", "HTTP/1.1200 OK", "http/1.1 200 OK"}) {
    EXPECT_FALSE(parse_status_line(bad)) << bad;
  }
}

// A line that parses must not have been given up while it was coming.
TEST(Prefixes, NeverRefuseTheBeginningOfAGoodLine) {
  for (const std::string_view line : {"GET / HTTP/1.1\r\n", "X!y /a b HTTP/1.0\n", "\r\n", "\n"}) {
    for (std::size_t i = 0; i < line.size(); ++i)
      EXPECT_TRUE(may_become_request_line(line.substr(0, i))) << line << i;
  }
  for (const std::string_view line : {"HTTP/1.1 200 OK\r\n", "HTTP/1.0 200\n", "\r\n"}) {
    for (std::size_t i = 0; i < line.size(); ++i)
      EXPECT_TRUE(may_become_status_line(line.substr(0, i))) << line << i;
  }
  EXPECT_FALSE(may_become_request_line(" GET"));
  EXPECT_FALSE(may_become_request_line("G\x01"));
  EXPECT_FALSE(may_become_request_line(std::string(kMaxMethod + 1, 'M')));
  EXPECT_FALSE(may_become_status_line("HTTP/2"));
}

TEST(Lists, LeaveOutEmptyElements) {
  std::vector<std::string> elements;
  for_each_element(" a ,, b\t,c d,", [&](std::string_view element) { elements.emplace_back(element); });
  EXPECT_EQ(elements, (std::vector<std::string>{"a", "b", "c d"}));
}

TEST(MediaTypes, TellTextFromBinary) {
  EXPECT_EQ(media_type_of(" Text/HTML ; charset=utf-8"), "text/html");
  for (const auto* text : {"text/html", "text/anything", "application/json", "application/vnd.api+json",
                           "application/xml", "application/soap+xml", "image/svg+xml",
                           "application/javascript", "application/x-www-form-urlencoded"}) {
    EXPECT_EQ(text_by_type(text), TextByType::text) << text;
  }
  for (const auto* binary :
       {"image/png", "application/octet-stream", "application/grpc", "video/mp4", "application/jsonx"}) {
    EXPECT_EQ(text_by_type(binary), TextByType::binary) << binary;
  }
  EXPECT_EQ(text_by_type(""), TextByType::unknown);
  EXPECT_EQ(text_by_type("multipart/form-data"), TextByType::unknown);
}

TEST(MediaType, HasParameters) {
  EXPECT_EQ(parameter_of("text/html; Charset=UTF-8", "charset"), "UTF-8");
  EXPECT_EQ(parameter_of("text/html;a=b ; charset = \"u;\\\"x\" ;c=d", "charset"), "u;\"x");
  EXPECT_EQ(parameter_of("text/html;a=\"; charset=no\"; c=d", "charset"), "");
  EXPECT_EQ(parameter_of("text/html;a=\"; charset=no\"; c=d", "C"), "d");
  EXPECT_EQ(parameter_of("text/html; charset=a; charset=b", "charset"), "a");
  EXPECT_EQ(parameter_of("text/html; charset", "charset"), "");
  EXPECT_EQ(parameter_of("text/html; charset=", "charset"), "");
  EXPECT_EQ(parameter_of("text/html; charset=\"a", "charset"), "a");
  EXPECT_EQ(parameter_of("text/html; x; ;=; charset=a", "charset"), "a");
  EXPECT_EQ(parameter_of("charset=a", "charset"), "");
}

}  // namespace
}  // namespace tlspeel::http
