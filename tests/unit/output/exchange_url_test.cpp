#include "output/exchange_url.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tlspeel::output {
namespace {

using testing::ElementsAre;
using testing::Pair;

event::HttpMessage request(std::string method, std::string target, std::string host = {}) {
  event::HttpMessage message;
  message.method = std::move(method);
  message.target = std::move(target);
  if (!host.empty()) message.fields.push_back({"Host", std::move(host)});
  return message;
}

const IpAddress kV4 = IpAddress::from_v4({192, 0, 2, 1});
const IpAddress kV6 = IpAddress::from_v6(Bytes{0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1});

std::string url(const event::HttpMessage& message, std::string_view name = {},
                const Endpoint& server = Endpoint{kV4, 443}) {
  return request_url(message, name, server);
}

TEST(RequestUrl, IsMadeOfHostAndTarget) {
  EXPECT_EQ(url(request("GET", "/a?b", "www.example.com")), "https://www.example.com/a?b");
  EXPECT_EQ(url(request("GET", "/", "www.example.com:8443")), "https://www.example.com:8443/");
  EXPECT_EQ(url(request("OPTIONS", "*", "www.example.com")), "https://www.example.com");
}

TEST(RequestUrl, OfAProxyStandsInTheTarget) {
  EXPECT_EQ(url(request("GET", "http://other.example/x", "www.example.com")), "http://other.example/x");
  EXPECT_EQ(url(request("CONNECT", "other.example:443", "www.example.com")), "other.example:443");
  EXPECT_EQ(request_host(request("GET", "http://other.example:80/x", "www.example.com"), "", {}),
            "other.example:80");
  // A URL in a query is not one.
  EXPECT_EQ(url(request("GET", "/?u=http://other.example/", "www.example.com")),
            "https://www.example.com/?u=http://other.example/");
}

TEST(RequestUrl, WithoutAHostNamesTheServer) {
  EXPECT_EQ(url(request("GET", "/"), "sni.example"), "https://sni.example/");
  EXPECT_EQ(url(request("GET", "/")), "https://192.0.2.1/");
  EXPECT_EQ(url(request("GET", "/"), "sni.example", {kV4, 8443}), "https://sni.example:8443/");
  EXPECT_EQ(url(request("GET", "/"), "", {kV6, 8443}), "https://[2001:db8::1]:8443/");
}

TEST(RequestUrl, OfAWebSocketInHttp2HasItsPath) {
  EXPECT_EQ(url(request("CONNECT", "/chat", "www.example.com")), "https://www.example.com/chat");
}

TEST(ParseForm, DecodesPairs) {
  EXPECT_THAT(parse_form("a=1&b=two+words&c=%C3%BC%26&&d&=e"),
              ElementsAre(Pair("a", "1"), Pair("b", "two words"), Pair("c", "\xc3\xbc&"), Pair("d", ""),
                          Pair("", "e")));
}

TEST(ParseForm, LeavesWhatCannotBeDecoded) {
  EXPECT_THAT(parse_form("a=%"), ElementsAre(Pair("a", "%")));
  EXPECT_THAT(parse_form("a=%4"), ElementsAre(Pair("a", "%4")));
  EXPECT_THAT(parse_form("a=%4x%41"), ElementsAre(Pair("a", "%4xA")));
  EXPECT_THAT(parse_form("a=%FF"), ElementsAre(Pair("a", "%FF")));  // not UTF-8
  EXPECT_THAT(parse_form(""), ElementsAre());
}

}  // namespace
}  // namespace tlspeel::output
