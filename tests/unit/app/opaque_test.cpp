#include <string>

#include <gtest/gtest.h>

#include "app/registry.hpp"
#include "event_text.hpp"

namespace tlspeel::app::test {
namespace {

using testing::Test;

class Opaque : public Test {
 protected:
  void client(std::uint64_t packet, std::string_view text) {
    parser_->push(Direction::client, {packet, 0}, as_bytes(text));
  }
  void server(std::uint64_t packet, std::string_view text) {
    parser_->push(Direction::server, {packet, 0}, as_bytes(text));
  }
  using Lines = std::vector<std::string>;

  TextSink sink_;
  std::unique_ptr<Parser> parser_ = make_opaque_parser({10}, sink_);
};

TEST_F(Opaque, IsATurnUntilTheOtherSideSpeaks) {
  client(1, "one ");
  client(2, "turn");
  EXPECT_TRUE(sink_.lines.empty());
  server(3, "answer");
  EXPECT_EQ(sink_.lines, Lines{"@3 opaque client from 1 size=8 text \"one turn\""});
  parser_->finish({4, 0});
  EXPECT_EQ(sink_.lines.back(), "@4 opaque server from 3 size=6 text \"answer\"");
}

TEST_F(Opaque, EndsATurnAtTheEndOfItsDirectionOnly) {
  client(1, "a");
  parser_->end(Direction::server, {2, 0});
  EXPECT_TRUE(sink_.lines.empty());
  parser_->end(Direction::client, {3, 0});
  EXPECT_EQ(sink_.lines, Lines{"@3 opaque client from 1 size=1 text \"a\""});
  parser_->finish({4, 0});
  EXPECT_EQ(sink_.lines.size(), 1U);
}

TEST_F(Opaque, KeepsThePlacesOfHoles) {
  client(1, "a");
  parser_->gap(Direction::client, {2, 0}, {5, true});
  client(3, "b");
  parser_->finish({4, 0});
  EXPECT_EQ(sink_.lines, Lines{"@4 opaque client from 1 size=2 holes=1+5 text \"ab\""});
}

TEST_F(Opaque, KeepsTheStartAndCountsTheRest) {
  client(1, "0123456789abcdef");
  client(2, "more");
  parser_->finish({3, 0});
  EXPECT_EQ(sink_.lines, Lines{"@3 opaque client from 1 size=20 text \"0123456789\""});
}

TEST_F(Opaque, IsTextWhereTheLimitCutsACharacter) {
  client(1, "012345678\xc3\xa9");
  parser_->finish({2, 0});
  EXPECT_EQ(sink_.lines, Lines{"@2 opaque client from 1 size=11 text \"012345678\\xc3\""});
}

TEST_F(Opaque, IsBinaryWhereACharacterIsCutByTheEnd) {
  client(1, "a\xc3");
  parser_->finish({2, 0});
  EXPECT_EQ(sink_.lines, Lines{"@2 opaque client from 1 size=2 binary \"a\\xc3\""});
}

TEST_F(Opaque, SaysNothingAboutNothing) {
  client(1, "");
  parser_->gap(Direction::client, {2, 0}, {});
  parser_->end(Direction::client, {3, 0});
  parser_->finish({4, 0});
  EXPECT_TRUE(sink_.lines.empty());
}

TEST_F(Opaque, IsNamedByItsFirstTurns) {
  server(1, "welcome");
  client(2, "EHLO me\r\n");
  server(3, "250 ok");
  parser_->finish({4, 0});
  std::vector<std::string_view> names;
  for (const event::Event& each : sink_.events) names.push_back(std::get<event::OpaqueData>(each).protocol);
  EXPECT_EQ(names, (std::vector<std::string_view>{"", "SMTP", "SMTP"}));
}

TEST_F(Opaque, IsNotNamedByWhatComesLater) {
  for (std::uint64_t packet = 1; packet <= 4; ++packet)
    packet % 2 == 1 ? server(packet, "hm") : client(packet, "hm");
  server(5, "EHLO me");
  client(6, "hm");
  EXPECT_EQ(std::get<event::OpaqueData>(sink_.events.back()).protocol, "");
}

}  // namespace
}  // namespace tlspeel::app::test
