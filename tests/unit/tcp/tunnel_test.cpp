// The same endpoints in different tunnels, and one connection whose directions take different ways.
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "script.hpp"

namespace tlspeel::tcp::test {
namespace {

using net::kAck;
using net::kFin;
using net::kSyn;
using ::testing::ElementsAre;

// One line for each connection: both streams as they came.
class Streams {
 public:
  void push(std::uint64_t tunnel, char who, std::uint8_t flags, std::uint32_t seq, std::uint32_t ack,
            std::string_view payload = {}) {
    net::Segment segment = test::segment(who, setting_, flags, seq, ack, as_bytes(payload));
    segment.flow.tunnel = tunnel;
    if (tunnel != 0)
      segment.tunnel_text = std::make_shared<const std::string>("tunnel " + std::to_string(tunnel));
    ++number_;
    table_.push(segment, {number_, static_cast<std::int64_t>(number_)});
  }
  // SYN, SYN-ACK, and a word each way.
  void talk(std::uint64_t tunnel_c, std::uint64_t tunnel_s, std::string_view c, std::string_view s,
            std::uint32_t shift = 0) {
    push(tunnel_c, 'c', kSyn, shift, 0);
    push(tunnel_s, 's', kSyn | kAck, shift, shift + 1);
    push(tunnel_c, 'c', kAck, shift + 1, shift + 1, c);
    push(tunnel_s, 's', kAck, shift + 1, shift + 1 + static_cast<std::uint32_t>(c.size()), s);
  }
  std::vector<std::string> finish() {
    table_.finish({number_, 0});
    return ended_;
  }
  const ConnectionTable& table() const { return table_; }

 private:
  struct Sink final : StreamSink {
    Sink(std::vector<std::string>& ended_in, const ConnectionInfo& info)
        : ended(&ended_in), tunnel(info.tunnel ? *info.tunnel : "no tunnel") {}
    void on_data(const StreamChunk& chunk) override {
      streams[index(chunk.direction)] += as_text(chunk.bytes);
    }
    void on_gap(const StreamGap& gap) override { streams[index(gap.direction)] += '?'; }
    void on_stream_end(Direction, PacketRef) override {}
    void on_end(EndReason, PacketRef, const std::array<DirectionStats, 2>&) override {
      ended->push_back(tunnel + ": " + streams[0] + "|" + streams[1]);
    }
    bool wants_data() const override { return true; }

    std::vector<std::string>* ended;
    std::string tunnel;
    std::array<std::string, 2> streams;
  };

  Setting setting_;
  std::vector<std::string> ended_;
  std::uint64_t number_ = 0;
  ConnectionTable table_{{},
                         [this](const ConnectionInfo& info) { return std::make_unique<Sink>(ended_, info); }};
};

TEST(Tunnels, EqualEndpointsInDifferentOnesAreDifferentConnections) {
  Streams streams;
  for (const std::uint64_t tunnel : {std::uint64_t{0}, std::uint64_t{7}, std::uint64_t{8}}) {
    streams.push(tunnel, 'c', kSyn, 0, 0);
  }
  for (const std::uint64_t tunnel : {std::uint64_t{8}, std::uint64_t{0}, std::uint64_t{7}}) {
    const std::string word = "to " + std::to_string(tunnel);
    streams.push(tunnel, 's', kSyn | kAck, 0, 1);
    streams.push(tunnel, 'c', kAck, 1, 1, word);
    streams.push(tunnel, 's', kAck, 1, 1 + static_cast<std::uint32_t>(word.size()), "back");
  }
  EXPECT_THAT(streams.finish(),
              ElementsAre("no tunnel: to 0|back", "tunnel 7: to 7|back", "tunnel 8: to 8|back"));
}

TEST(Tunnels, DirectionsThatGoDifferentWaysMeet) {
  for (const auto& [there, back] : {std::pair<std::uint64_t, std::uint64_t>{7, 8}, {7, 0}, {0, 7}}) {
    Streams streams;
    streams.talk(there, back, "there", "back");
    const std::string tunnel = there == 0 ? "no tunnel" : "tunnel " + std::to_string(there);
    EXPECT_THAT(streams.finish(), ElementsAre(tunnel + ": there|back"));
    EXPECT_EQ(streams.table().counters().connections, 1U);
  }
}

TEST(Tunnels, DirectionsMeetInTheMiddleAsWell) {
  Streams streams;
  streams.push(7, 'c', kAck, 100, 200, "there");
  streams.push(8, 's', kAck, 200, 105, "back");
  EXPECT_THAT(streams.finish(), ElementsAre("tunnel 7: back|there"));  // the lower port counts as the server
}

TEST(Tunnels, PortsUsedAgainMeetAgain) {
  Streams streams;
  streams.talk(7, 8, "one", "two");
  streams.push(7, 'c', kFin | kAck, 4, 4);
  streams.push(8, 's', kFin | kAck, 4, 5);
  streams.push(7, 'c', kAck, 5, 5);
  streams.talk(7, 8, "three", "four", 100'000);
  EXPECT_THAT(streams.finish(), ElementsAre("tunnel 7: one|two", "tunnel 7: three|four"));
  EXPECT_EQ(streams.table().size(), 0U);
}

TEST(Tunnels, WhatDoesNotAnswerDoesNotMeet) {
  Streams streams;
  streams.push(7, 'c', kSyn, 0, 0);
  streams.push(8, 's', kSyn | kAck, 0, 77);  // answers another SYN
  streams.push(7, 'c', kAck, 1, 1, "there");
  streams.push(8, 's', kAck, 1, 82, "back");
  EXPECT_THAT(streams.finish(), ElementsAre("tunnel 7: there|", "tunnel 8: ?|back"));
}

// Two copies of the first direction: which of them was answered cannot be known.
TEST(Tunnels, TwoThatCouldMeetDoNot) {
  Streams streams;
  streams.push(7, 'c', kSyn, 0, 0);
  streams.push(8, 'c', kSyn, 0, 0);
  streams.push(9, 's', kSyn | kAck, 0, 1);
  for (const std::uint64_t tunnel : {std::uint64_t{7}, std::uint64_t{8}})
    streams.push(tunnel, 'c', kAck, 1, 1, "there");
  streams.push(9, 's', kAck, 1, 6, "back");
  EXPECT_THAT(streams.finish(), ElementsAre("tunnel 7: there|", "tunnel 8: there|", "tunnel 9: ?|back"));
}

}  // namespace
}  // namespace tlspeel::tcp::test
