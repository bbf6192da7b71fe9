#include "http/framing.hpp"

#include <gtest/gtest.h>

namespace tlspeel::http {
namespace {

using event::BodyFraming;
using event::HttpFields;
using event::HttpMessage;

HttpMessage response(unsigned status, HttpFields fields = {}) {
  HttpMessage message;
  message.request = false;
  message.version = "HTTP/1.1";
  message.status = status;
  message.fields = std::move(fields);
  return message;
}

TEST(ResponseFraming, HasNoBodyWhereItsStatusOrRequestSaysSo) {
  const HttpFields length = {{"Content-Length", "5"}};
  for (const unsigned status : {100U, 103U, 199U, 204U, 304U}) {
    EXPECT_EQ(response_framing(response(status, length), false, false).kind, BodyFraming::none) << status;
  }
  EXPECT_EQ(response_framing(response(200, length), true, false).kind, BodyFraming::none);
  EXPECT_EQ(response_framing(response(200, length), false, false).kind, BodyFraming::content_length);
  EXPECT_EQ(response_framing(response(205, length), false, false).length, 5U);
}

TEST(ResponseFraming, OpensATunnel) {
  EXPECT_TRUE(response_framing(response(101), false, false).tunnel);
  EXPECT_TRUE(response_framing(response(200), false, true).tunnel);
  EXPECT_TRUE(response_framing(response(299), false, true).tunnel);
  EXPECT_FALSE(response_framing(response(200), false, false).tunnel);
  EXPECT_FALSE(response_framing(response(407), false, true).tunnel);
}

TEST(ResponseFraming, LastsUntilCloseWithoutALength) {
  EXPECT_EQ(response_framing(response(200), false, false).kind, BodyFraming::until_close);
}

TEST(ResponseFraming, TakesTheLastTransferCoding) {
  const auto kind = [](std::string_view codings) {
    return response_framing(response(200, {{"TRANSFER-ENCODING", std::string(codings)}}), false, false).kind;
  };
  EXPECT_EQ(kind("chunked"), BodyFraming::chunked);
  EXPECT_EQ(kind("gzip, CHUNKED"), BodyFraming::chunked);
  EXPECT_EQ(kind("chunked, gzip"), BodyFraming::until_close);
  EXPECT_EQ(kind(", chunked ,"), BodyFraming::chunked);
  EXPECT_EQ(kind("xchunked"), BodyFraming::until_close);
}

TEST(ResponseFraming, TakesTransferCodingsOfSeveralFields) {
  const auto framing = response_framing(
      response(200, {{"Transfer-Encoding", "gzip"}, {"Transfer-Encoding", "chunked"}}), false, false);
  EXPECT_EQ(framing.kind, BodyFraming::chunked);
}

TEST(ContentLength, IsANumberThatFits) {
  const auto framing = [](std::string_view value) {
    return response_framing(response(200, {{"Content-Length", std::string(value)}}), false, false);
  };
  EXPECT_EQ(framing("18446744073709551615").length, UINT64_MAX);
  EXPECT_EQ(framing("007").length, 7U);
  EXPECT_EQ(framing("5,5,5").length, 5U);
  for (const auto* bad : {"", ",", "-1", "+5", "5 5", "0x5", "18446744073709551616", "5;", "abc"}) {
    EXPECT_FALSE(framing(bad).malformed.empty()) << bad;
  }
  EXPECT_EQ(framing("5, 6").malformed, "conflicting Content-Length values");
}

TEST(RequestFraming, RefusesWhatCannotEnd) {
  HttpMessage request;
  request.version = "HTTP/1.1";
  request.method = "POST";
  EXPECT_EQ(request_framing(request).kind, BodyFraming::none);
  request.fields = {{"Transfer-Encoding", "gzip"}};
  EXPECT_FALSE(request_framing(request).malformed.empty());
  request.method = "CONNECT";
  EXPECT_TRUE(request_framing(request).tunnel);
}

TEST(Codings, AreNamedAsStated) {
  EXPECT_EQ(codings_of(response(200, {{"Content-Encoding", "br"}})), "br");
  EXPECT_EQ(
      codings_of(response(200, {{"content-encoding", "gzip , identity"}, {"Content-Encoding", "Zstd"}})),
      "gzip, Zstd");
  EXPECT_EQ(codings_of(response(200, {{"Transfer-Encoding", "deflate, chunked"}})), "deflate");
  EXPECT_EQ(codings_of(response(200)), "");
}

}  // namespace
}  // namespace tlspeel::http
