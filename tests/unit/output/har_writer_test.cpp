#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "output/har_cookies.hpp"
#include "unit/output/fixture.hpp"

namespace tlspeel::output {
namespace {

using nlohmann::json;

event::BodyPiece piece(Direction direction, std::uint32_t exchange, std::string_view text) {
  return {direction, exchange, 0, test::bytes(text)};
}

std::shared_ptr<const event::BodyHandedOn> handed_on(std::uint64_t size, bool decoded,
                                                     std::string note = {}) {
  return std::make_shared<const event::BodyHandedOn>(
      event::BodyHandedOn{size, decoded, true, std::move(note)});
}

// One of each kind that an archive tells apart.
test::Events several() {
  test::Events events;
  std::uint64_t number = 0;
  std::int64_t time = 0;
  const auto at = [&](std::int64_t after) { return test::packet(++number, time += after); };
  const auto say = [&](PacketRef when, event::Event event) { events.push_back({1, when, std::move(event)}); };
  event::ConnectionStart start = test::start(7, 51234);
  start.first = at(0);
  say(at(500), start);
  say(at(1500), event::HandshakeEnd{true, "www.example.com"});

  event::HttpMessage post = test::request(1, "/login?next=%2Fhome&x=a+b#part", at(1000));
  post.method = "POST";
  post.fields.push_back({"Cookie", "session=abc; theme=dark"});
  post.fields.push_back({"Content-Type", "application/x-www-form-urlencoded"});
  post.body.media_type = "application/x-www-form-urlencoded";
  post.body.text = true;
  post.body.size = 15;
  post.body.handed_on = handed_on(15, false);
  post.last = at(250);
  say(post.last, piece(Direction::client, 1, "user=me&pass=%21"));
  say(post.last, post);

  event::HttpMessage page = test::response(1, 302, "", at(4000));
  page.fields.push_back({"Location", "/home"});
  page.fields.push_back({"Set-Cookie",
                         "id=1; Path=/; Domain=example.com; Secure; HttpOnly; SameSite=Lax; Max-Age=60;"
                         " Expires=Wed, 21 Oct 2026 07:28:00 GMT"});
  page.fields.push_back({"Set-Cookie", "old=; expires=Thu, 01-Jan-1970 00:00:00 GMT"});
  page.body.coding = "gzip";
  page.body.size = 10;
  page.body.handed_on = handed_on(11, true);
  page.last = at(125);
  say(page.last, piece(Direction::server, 1, "<p>\xc3\xbc\x1b</p>\n"));
  say(page.last, page);

  PacketRef now = at(10);
  say(now, test::request(2, "/image.png", now));
  event::HttpMessage image = test::response(2, 200, "", at(1000));
  image.body.media_type = "image/png";
  image.body.text = false;
  image.body.size = 3000;
  image.body.missing = 1448;
  image.body.complete = false;
  image.body.handed_on = handed_on(3000, false);
  say(image.last, piece(Direction::server, 2, std::string_view("\x89PNG\0", 5)));
  say(image.last, image);

  now = at(10);
  say(now, test::request(3, "/unanswered", now));
  now = at(10);
  say(now, test::response(4, 500, "", now));
  now = at(10);
  say(now, event::ConnectionEnd{});
  events.push_back({0, now, event::RunSummary{}});
  return events;
}

json archive(const test::Events& events, TextOptions options = {}) {
  options.version = "1.2.3";
  return json::parse(test::render("har", options, events));
}

TEST(HarWriter, WritesAnArchive) {
  TextOptions options;
  options.version = "1.2.3";
  test::expect_file("several.har", test::render("har", options, several()));
}

TEST(HarWriter, OfNothingIsAnArchiveToo) {
  const json har = archive({});
  EXPECT_EQ(har["log"]["version"], "1.2");
  EXPECT_EQ(har["log"]["creator"]["version"], "1.2.3");
  EXPECT_TRUE(har["log"]["entries"].empty());
}

TEST(HarWriter, TimesAreThoseOfThePackets) {
  const json entries = archive(several())["log"]["entries"];
  EXPECT_EQ(entries[0]["startedDateTime"],
            "2026-01-01T00:00:00.001000000Z");  // the request less the connecting
  EXPECT_EQ(entries[0]["timings"], json::parse(R"({"blocked":-1,"dns":-1,"connect":2.0,"send":0.25,"wait":4.0,
                                                    "receive":0.125,"ssl":1.5})"));
  EXPECT_EQ(entries[0]["time"], 6.375);
  EXPECT_EQ(entries[1]["timings"]["connect"], -1);
  EXPECT_EQ(entries[1]["timings"]["ssl"], -1);
}

TEST(HarWriter, ARequestInEarlyDataDoesNotWaitForTheHandshake) {
  test::Events events;
  event::ConnectionStart start = test::start(7, 51234);
  start.first = test::packet(1, 0);
  events.push_back({1, test::packet(2, 500), start});
  events.push_back({1, test::packet(3, 600), test::request(1, "/", test::packet(3, 600))});
  events.push_back({1, test::packet(4, 900), event::HandshakeEnd{true, ""}});
  events.push_back({1, test::packet(5, 1000), test::response(1, 200, "", test::packet(5, 1000))});
  const json timings = archive(events)["log"]["entries"][0]["timings"];
  EXPECT_EQ(timings["connect"], 0.6);
  EXPECT_EQ(timings["ssl"], 0.1);
}

TEST(HarWriter, TheWholeTimeIsExactToo) {
  test::Events events;
  events.push_back({1, test::packet(1, 0), test::start(7, 51234)});
  event::HttpMessage post = test::request(1, "/", test::packet(2, 0));
  post.last = test::packet(3, 3542);
  events.push_back({1, post.last, post});
  events.push_back({1, test::packet(4, 49599), test::response(1, 200, "", test::packet(4, 49599))});
  EXPECT_EQ(archive(events)["log"]["entries"][0]["time"], 49.599);
}

TEST(HarWriter, WhatIsMissingIsNotSaidToHaveBeenSent) {
  test::Events events;
  events.push_back({1, test::packet(1, 0), test::start(7, 51234)});
  events.push_back({1, test::packet(2, 0), test::request(1, "/", test::packet(2, 0))});
  event::HttpMessage cut = test::response(1, 200, "", test::packet(3, 0));
  cut.body.missing = 1;
  cut.body.complete = false;
  events.push_back({1, test::packet(3, 0), cut});
  EXPECT_EQ(archive(events)["log"]["entries"][0]["response"]["content"]["comment"],
            "1 byte missing; incomplete");
}

TEST(HarWriter, ClocksThatStepBackwardsGiveNoNegativeTimes) {
  test::Events events;
  events.push_back({1, test::packet(1, 0), test::start(7, 51234)});
  events.push_back({1, test::packet(2, 900), test::request(1, "/", test::packet(2, 900))});
  events.push_back({1, test::packet(3, 100), test::response(1, 200, "", test::packet(3, 100))});
  const json entry = archive(events)["log"]["entries"][0];
  EXPECT_EQ(entry["timings"]["wait"], 0.0);
  EXPECT_EQ(entry["time"], 0.0);
}

TEST(HarWriter, ABodyThatIsCutSaysSo) {
  TextOptions options;
  options.archived_body = 5;
  const json entries = archive(several(), options)["log"]["entries"];
  // The character that the limit cuts in two is left out.
  EXPECT_EQ(entries[0]["response"]["content"]["text"], "<p>\u00fc");
  EXPECT_EQ(entries[0]["response"]["content"]["comment"], "only the first 5 bytes of 11 bytes are here");
  options.archived_body = 4;
  const json shorter = archive(several(), options)["log"]["entries"];
  EXPECT_EQ(shorter[0]["response"]["content"]["text"], "<p>");
}

TEST(HttpDate, ReadsWhatServersWrite) {
  EXPECT_EQ(parse_http_date("Wed, 21 Oct 2026 07:28:00 GMT"), 1'792'567'680);
  EXPECT_EQ(parse_http_date("Wed, 21-Oct-2026 07:28:00 GMT"), 1'792'567'680);
  EXPECT_EQ(parse_http_date("Thu, 01 Jan 1970 00:00:00 GMT"), 0);
  for (const char* wrong :
       {"", "tomorrow", "Wed, 32 Oct 2026 07:28:00 GMT", "Wed, 21 Foo 2026 07:28:00 GMT",
        "Wed, 21 Oct 2026 24:28:00 GMT", "Wed, 21 Oct 20", "Wed, 30 Feb 2026 07:28:00 GMT"}) {
    EXPECT_FALSE(parse_http_date(wrong)) << wrong;
  }
}

TEST(HarCookies, HaveTheirAttributes) {
  const auto cookies = response_cookies({{"set-cookie", "a=b=c; Max-Age=0; Path=/x"}, {"Set-Cookie", "; "}},
                                        1'767'225'600'000'000'000);
  EXPECT_EQ(json(cookies),
            json::parse(R"([{"name":"a","value":"b=c","expires":"2026-01-01T00:00:00.000000000Z",
                                            "path":"/x"}])"));
  EXPECT_EQ(json(response_cookies({{"Set-Cookie", "a=b; Max-Age=99999999999999999999"}}, 0)),
            json::parse(R"([{"name":"a","value":"b"}])"));
}

}  // namespace
}  // namespace tlspeel::output
