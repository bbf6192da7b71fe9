// Whatever the network and the capture did to the segments: where all bytes are there, they come out as they
// were sent.
#include <algorithm>
#include <numeric>
#include <random>

#include <gtest/gtest.h>

#include "collector.hpp"
#include "script.hpp"

namespace tlspeel::tcp::test {
namespace {

struct Piece {
  std::size_t offset = 0;
  std::size_t length = 0;
};

std::string random_text(std::mt19937& random, std::size_t length) {
  std::string text(length, ' ');
  for (char& c : text) c = static_cast<char>('A' + random() % 26);
  return text;
}

// Cuts [0, size) into pieces, adds overlapping and repeated ones.
std::vector<Piece> cut(std::mt19937& random, std::size_t size) {
  std::vector<Piece> pieces;
  for (std::size_t at = 0; at < size;) {
    const std::size_t length = std::min<std::size_t>(size - at, 1 + random() % 40);
    pieces.push_back({at, length});
    at += length;
  }
  for (std::size_t i = random() % (pieces.size() + 1); i > 0; --i) {
    const std::size_t at = random() % size;
    pieces.push_back({at, std::min<std::size_t>(size - at, 1 + random() % 90)});
  }
  return pieces;
}

class Wire {
 public:
  Wire(const Setting& setting, ConnectionTable& table) : setting_(setting), table_(&table) {}

  void send(char who, std::uint8_t flags, std::uint64_t offset, std::uint64_t ack_offset,
            std::string_view payload) {
    const std::uint32_t mine = who == 'c' ? setting_.isn_c : setting_.isn_s;
    const std::uint32_t theirs = who == 'c' ? setting_.isn_s : setting_.isn_c;
    ++at.number;
    at.time_ns += 100'000;
    table_->push(segment(who, setting_, flags, mine + 1 + static_cast<std::uint32_t>(offset),
                         theirs + 1 + static_cast<std::uint32_t>(ack_offset), as_bytes(payload)),
                 at);
  }
  PacketRef at;

 private:
  Setting setting_;
  ConnectionTable* table_;
};

TEST(Property, AnyOrderWithCopiesAndOverlapsGivesTheOriginal) {
  std::mt19937 random = seeded(1);
  for (int round = 0; round < 1500; ++round) {
    Setting setting;
    setting.isn_c = round % 3 == 0 ? static_cast<std::uint32_t>(-1 - static_cast<int>(random() % 600))
                                   : static_cast<std::uint32_t>(random());
    setting.isn_s = static_cast<std::uint32_t>(random());
    setting.swapped = round % 2 == 0;
    const std::string sent = random_text(random, 1 + random() % 1000);
    auto pieces = cut(random, sent.size());
    std::shuffle(pieces.begin(), pieces.end(), random);
    Collection got;
    ConnectionTable table({}, got.factory());
    Wire wire(setting, table);
    wire.send('c', net::kSyn, static_cast<std::uint64_t>(-1), 0, {});
    wire.send('s', net::kSyn | net::kAck, static_cast<std::uint64_t>(-1), 0, {});
    const std::size_t fin_before = random() % (pieces.size() + 1);
    std::uint64_t pushed = 0;
    for (std::size_t i = 0; i <= pieces.size(); ++i) {
      if (i == fin_before) wire.send('c', net::kFin | net::kAck, sent.size(), 0, {});
      if (i == pieces.size()) break;
      wire.send('c', net::kAck, pieces[i].offset, 0,
                std::string_view(sent).substr(pieces[i].offset, pieces[i].length));
      pushed += pieces[i].length;
    }
    wire.send('s', net::kFin | net::kAck, 0, sent.size() + 1, {});
    table.finish(wire.at);
    ASSERT_EQ(got.connections.size(), 1U);
    const Collected& c = *got.connections[0];
    ASSERT_EQ(c.bytes[0], sent);
    ASSERT_EQ(c.reason, EndReason::fin);
    ASSERT_EQ(c.stats[0].conflicting_bytes, 0U);
    ASSERT_EQ(c.stats[0].lost_bytes, 0U);
    // A byte already delivered may come again as something that looks like a keep-alive; every other copy is
    // counted.
    ASSERT_LE(c.stats[0].retransmitted_bytes, pushed - sent.size());
  }
}

// Both directions at once, some segments not captured, acknowledgements as a receiver sends them: what is
// missing is exactly what no captured segment held, and nothing else is.
TEST(Property, LossGivesGapsExactlyWhereNothingWasCaptured) {
  std::mt19937 random = seeded(2);
  std::size_t losses = 0;
  for (int round = 0; round < 1500; ++round) {
    Setting setting;
    setting.isn_c = static_cast<std::uint32_t>(random());
    setting.isn_s = static_cast<std::uint32_t>(-1 - static_cast<int>(random() % 600));
    const std::array<std::string, 2> sent{random_text(random, 200 + random() % 500),
                                          random_text(random, 200 + random() % 500)};
    std::array<std::string, 2> expected{std::string(sent[0].size(), '?'), std::string(sent[1].size(), '?')};
    std::array<std::vector<Piece>, 2> pieces{cut(random, sent[0].size()), cut(random, sent[1].size())};
    Collection got;
    Limits limits;
    limits.patience_packets = 1'000'000;  // no copy comes too late
    ConnectionTable table(limits, got.factory());
    Wire wire(setting, table);
    wire.send('c', net::kSyn, static_cast<std::uint64_t>(-1), 0, {});
    wire.send('s', net::kSyn | net::kAck, static_cast<std::uint64_t>(-1), 0, {});
    std::array<std::uint64_t, 2> reached{};
    std::array<std::size_t, 2> next{};
    while (next[0] < pieces[0].size() || next[1] < pieces[1].size()) {
      const std::size_t d = next[0] == pieces[0].size() ? 1 : next[1] == pieces[1].size() ? 0 : random() % 2;
      const Piece piece = pieces[d][next[d]++];
      reached[d] = std::max(reached[d], std::uint64_t{piece.offset + piece.length});
      if (random() % 10 == 0) continue;  // not captured
      const std::string_view bytes = std::string_view(sent[d]).substr(piece.offset, piece.length);
      expected[d].replace(piece.offset, piece.length, bytes);
      wire.send(d == 0 ? 'c' : 's', net::kAck, piece.offset, reached[1 - d], bytes);
    }
    wire.send('c', net::kFin | net::kAck, sent[0].size(), sent[1].size(), {});
    wire.send('s', net::kFin | net::kAck, sent[1].size(), sent[0].size() + 1, {});
    table.finish(wire.at);
    ASSERT_EQ(got.connections.size(), 1U);
    for (const std::size_t d : {0U, 1U}) {
      const bool client = (got.connections[0]->info.client == endpoint_of('c', setting)) == (d == 0);
      const std::string& bytes = got.connections[0]->bytes[client ? 0 : 1];
      ASSERT_EQ(bytes, expected[d]);
      losses += static_cast<std::size_t>(std::ranges::count(expected[d], '?'));
    }
  }
  EXPECT_GT(losses, 10000U);
}

}  // namespace
}  // namespace tlspeel::tcp::test
