// Nothing waits for ever and nothing grows without bound.
#include <algorithm>
#include <array>
#include <map>
#include <vector>

#include <gtest/gtest.h>

#include "collector.hpp"
#include "script.hpp"

namespace tlspeel::tcp::test {
namespace {

class Driver {
 public:
  explicit Driver(const Limits& limits) : table(limits, got.factory(false)) {}

  void push(std::uint16_t port, char who, std::uint8_t flags, std::uint32_t seq, std::uint32_t ack,
            ByteView bytes, std::int64_t after_ns = 1000) {
    net::Segment s = segment(who, setting, flags, seq, ack, bytes);
    (who == 'c' ? s.flow.source : s.flow.destination).port = port;
    ++at.number;
    at.time_ns += after_ns;
    table.push(s, at);
    most_buffered = std::max(most_buffered, table.buffered());
    most_connections = std::max(most_connections, table.size());
  }

  Setting setting;
  Collection got;
  ConnectionTable table;
  PacketRef at;
  std::size_t most_buffered = 0;
  std::size_t most_connections = 0;
};

TEST(Limits, BytesBehindAHoleThatIsNeverAcknowledged) {
  const Bytes payload(1000, 1);
  Driver d({});
  d.push(1, 'c', net::kSyn, 99, 0, {});
  d.push(1, 's', net::kSyn | net::kAck, 0, 100, {});
  for (std::uint32_t i = 1; i < 20000; ++i) {
    d.push(1, 'c', net::kAck, 100 + i * 1000, 1, payload);
    d.push(1, 's', net::kAck, 1, 100, {});  // the receiver is there and still misses the first segment
  }
  EXPECT_LE(d.most_buffered, Limits().max_buffered);
  EXPECT_GT(d.most_buffered, Limits().max_buffered - 5000);
  d.table.finish(d.at);
  ASSERT_EQ(d.got.connections.size(), 1U);
  EXPECT_EQ(d.got.connections[0]->lost[0], 1000U);
  EXPECT_EQ(d.got.connections[0]->size[0], 20000U * 1000);
  EXPECT_EQ(d.table.buffered(), 0U);
}

TEST(Limits, OneByteSegmentsPayForTheirBookkeeping) {
  Driver d({});
  d.push(1, 'c', net::kSyn, 99, 0, {});
  d.push(1, 's', net::kSyn | net::kAck, 0, 100, {});
  const Bytes one(1, 1);
  for (std::uint32_t i = 1; i < 100000; ++i) {
    d.push(1, 'c', net::kAck, 100 + i * 2, 1, one);
    d.push(1, 's', net::kAck, 1, 100, {});
  }
  EXPECT_LE(d.most_buffered, Limits().max_buffered);
  EXPECT_GT(d.got.connections.size(), 0U);  // some was given up and delivered
}

TEST(Limits, OneSidedHoleGivesUpAtItsOwnBound) {
  const Bytes payload(1000, 1);
  Driver d({});
  d.push(1, 'c', net::kSyn, 99, 0, {});
  for (std::uint32_t i = 1; i < 2000; ++i) d.push(1, 'c', net::kAck, 100 + i * 1000, 1, payload);
  EXPECT_LE(d.most_buffered, Limits().one_sided_max_buffered + 2000);
  ASSERT_EQ(d.got.connections.size(), 1U);
  EXPECT_EQ(d.got.connections[0]->lost[0], 1000U);
}

TEST(Limits, TableHoldsAllConnectionsToOneBound) {
  Limits limits;
  limits.max_buffered_in_table = 1'000'000;
  const Bytes payload(1000, 1);
  Driver d(limits);
  for (std::uint16_t port = 1; port <= 100; ++port) {
    d.push(port, 'c', net::kSyn, 99, 0, {});
    d.push(port, 's', net::kSyn | net::kAck, 0, 100, {});
  }
  for (std::uint32_t i = 1; i < 100; ++i) {
    for (std::uint16_t port = 1; port <= 100; ++port) {
      d.push(port, 'c', net::kAck, 100 + i * 1000, 1, payload);
      d.push(port, 's', net::kAck, 1, 100, {});
    }
  }
  EXPECT_LE(d.most_buffered, limits.max_buffered_in_table);
  EXPECT_GT(d.most_buffered, limits.max_buffered_in_table / 2);
}

TEST(Limits, SynFloodDoesNotPushOutConnectionsWithData) {
  Limits limits;
  limits.max_connections = 100;
  Driver d(limits);
  const Bytes payload(10, 1);
  d.push(1, 'c', net::kSyn, 99, 0, {});
  d.push(1, 'c', net::kAck, 100, 1, payload);
  for (std::uint16_t port = 1000; port < 6000; ++port) d.push(port, 'c', net::kSyn, 99, 0, {});
  EXPECT_EQ(d.most_connections, 100U);
  d.push(1, 'c', net::kAck, 110, 1, payload);
  d.table.finish(d.at);
  ASSERT_EQ(d.got.connections.size(), 1U);
  EXPECT_EQ(d.got.connections[0]->size[0], 20U);
  EXPECT_EQ(d.got.connections[0]->reason, EndReason::capture_end);
  EXPECT_EQ(d.table.counters().connections, 5001U);
  EXPECT_EQ(d.table.counters().connections_without_data, 5000U);
}

TEST(Limits, SilentConnectionsEndInTheOrderOfTheirLastActivity) {
  Limits limits;
  limits.idle = 10 * kSecond;
  Driver d(limits);
  const Bytes payload(10, 1);
  for (const auto port : std::array<std::uint16_t, 4>{5, 3, 9, 1})
    d.push(port, 'c', net::kAck, 100, 1, payload, 0);
  d.push(9, 's', net::kAck, 1, 110, {}, kSecond);  // 9 speaks last
  d.push(77, 'c', net::kAck, 100, 1, payload, 11 * kSecond);
  std::map<std::uint64_t, std::uint16_t> ended;
  for (const auto& c : d.got.connections) {
    if (c->reason != EndReason::idle) continue;
    const bool varied = c->info.client.port != 443 && c->info.client.port != 51234;
    ended[c->end_rank] = varied ? c->info.client.port : c->info.server.port;
  }
  std::vector<std::uint16_t> order;
  order.reserve(ended.size());
  for (const auto& [rank, port] : ended) order.push_back(port);
  EXPECT_EQ(order, (std::vector<std::uint16_t>{5, 3, 1, 9}));
  EXPECT_EQ(d.table.size(), 1U);
}

TEST(Limits, EndedConnectionsAreForgotten) {
  Driver d({});
  const Bytes payload(10, 1);
  for (std::uint16_t port = 1; port <= 500; ++port) {
    d.push(port, 'c', net::kSyn, 99, 0, {}, kSecond);
    d.push(port, 's', net::kSyn | net::kAck, 0, 100, {});
    d.push(port, 'c', net::kAck | net::kFin, 100, 1, payload);
    d.push(port, 's', net::kAck | net::kFin, 1, 111, {});
  }
  EXPECT_LE(d.most_connections, 62U);
  EXPECT_GE(d.most_connections, 60U);
}

}  // namespace
}  // namespace tlspeel::tcp::test
