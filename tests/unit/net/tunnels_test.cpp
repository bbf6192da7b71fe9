// What tells tunnels apart, how deep they go, what only looks like one, and fragments around and inside them.
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "tlspeel/net/decoder.hpp"

#include "link_cases.hpp"

namespace tlspeel::net {
namespace {

using namespace test;

constexpr int kRaw = 12;

struct Feed {
  Decoder decoder;
  Segment segment;
  std::uint64_t number = 0;

  Verdict operator()(const Bytes& packet) {
    return decoder.decode(kRaw, packet, static_cast<std::uint32_t>(packet.size()), {++number, 0}, segment);
  }
};

Bytes vxlan(std::uint32_t network, ByteView frame) {
  return udp(50000, 4789, join({test::number(0x08000000, 4), test::number(network << 8U, 4), frame}));
}
Bytes vxlan_packet(std::uint32_t network) {
  return ipv4(vxlan(network, ethernet(0x0800, v4())), {.protocol = 17});
}
// Source and destination of the outer header changed places.
Bytes answered(Bytes packet) {
  std::swap_ranges(packet.begin() + 12, packet.begin() + 16, packet.begin() + 16);
  return packet;
}

std::uint64_t tunnel_of(const Bytes& packet) {
  Feed feed;
  EXPECT_EQ(feed(packet), Verdict::tcp);
  return feed.segment.flow.tunnel;
}

TEST(TunnelIdentity, IsOfAddressesAndNetworkNumber) {
  const std::uint64_t one = tunnel_of(vxlan_packet(1));
  EXPECT_NE(one, 0U);
  EXPECT_EQ(one, tunnel_of(answered(vxlan_packet(1))));
  EXPECT_NE(one, tunnel_of(vxlan_packet(2)));
  Bytes elsewhere = vxlan_packet(1);
  elsewhere[15] ^= 1U;
  EXPECT_NE(one, tunnel_of(elsewhere));
  EXPECT_NE(one, tunnel_of(ipv4(v4(), {.protocol = 4})));
  EXPECT_EQ(tunnel_of(v4()), 0U);
}

TEST(TunnelIdentity, DoesNotKnowWhatDiffersByDirection) {
  const auto gre_with_key = [](std::uint32_t key) {
    return ipv4(join({test::number(0x20000800, 4), test::number(key, 4), v4()}), {.protocol = 47});
  };
  EXPECT_EQ(tunnel_of(gre_with_key(1)), tunnel_of(gre_with_key(2)));
  const auto gtp = [](std::uint32_t endpoint) {
    return ipv4(udp(2152, 2152, join({test::number(0x30ff0042, 4), test::number(endpoint, 4), v4()})),
                {.protocol = 17});
  };
  EXPECT_EQ(tunnel_of(gtp(1)), tunnel_of(gtp(2)));
}

// Between the same two machines the kind of a tunnel does not count, but it is shown as what it is.
TEST(TunnelIdentity, IsNotOfTheKindThatIsShown) {
  Feed feed;
  ASSERT_EQ(feed(ipv4(v4(), {.protocol = 4})), Verdict::tcp);
  const Segment in_ip = feed.segment;
  ASSERT_EQ(feed(ipv4(join({test::number(0x0800, 4), v4()}), {.protocol = 47})), Verdict::tcp);
  EXPECT_EQ(feed.segment.flow, in_ip.flow);
  EXPECT_EQ(*in_ip.tunnel_text, "IP in IP between 192.0.2.7 and 198.51.100.4");
  EXPECT_EQ(*feed.segment.tunnel_text, "GRE between 192.0.2.7 and 198.51.100.4");
}

TEST(TunnelIdentity, CountsEveryTunnelOnTheWay) {
  const auto inside = [](const Bytes& outer) { return ipv4(outer, {.protocol = 4}); };
  const std::uint64_t once = tunnel_of(inside(v4()));
  const std::uint64_t twice = tunnel_of(inside(inside(v4())));
  EXPECT_NE(once, twice);
  EXPECT_EQ(twice, tunnel_of(answered(inside(answered(inside(v4()))))));
}

TEST(Tunnels, HaveABottom) {
  Bytes packet = v4();
  int depth = 0;
  Feed feed;
  for (; depth < 100 && feed(packet) == Verdict::tcp; ++depth) packet = ipv4(packet, {.protocol = 4});
  EXPECT_GE(depth, 8);
  EXPECT_LT(depth, 100);
  EXPECT_EQ(feed(packet), Verdict::malformed);
  // Ethernet in MPLS in Ethernet ... has no IP header to count.
  Bytes frame = ethernet(0x0800, v4());
  for (int n = 0; n < 40; ++n) {
    frame = ethernet(0x8847, join({test::number(0x00010140, 4), test::number(0, 4), frame}));
  }
  EXPECT_EQ(feed.decoder.decode(1, frame, static_cast<std::uint32_t>(frame.size()), {1, 0}, feed.segment),
            Verdict::malformed);
}

TEST(Tunnels, OtherTrafficOnTheirPortsIsNotDamaged) {
  Feed feed;
  const Bytes text = test::text("a datagram of a game that likes this port, long enough for any header");
  constexpr std::uint16_t kPorts[]{1701, 2152, 3544, 4341, 4754, 4789, 4790, 6081, 6635, 8472, 37008};
  for (const std::uint16_t port : kPorts) {
    SCOPED_TRACE(port);
    EXPECT_EQ(feed(ipv4(udp(50000, port, text), {.protocol = 17})), Verdict::not_tcp);
    EXPECT_EQ(feed(ipv4(udp(port, 50000, text), {.protocol = 17})), Verdict::not_tcp);
    EXPECT_EQ(feed(ipv4(udp(50000, port, {}), {.protocol = 17})), Verdict::not_tcp);
    EXPECT_EQ(feed(ipv4(udp(50000, port, Bytes(60)), {.protocol = 17})), Verdict::not_tcp);
  }
  EXPECT_EQ(feed.decoder.counters().malformed, 0U);
}

TEST(Tunnels, HeadersThatBreakTheirRulesOpenNothing) {
  Feed feed;
  const Bytes frame = ethernet(0x0800, v4());
  const auto gre = [&](std::uint32_t flags_and_type, ByteView rest) {
    return feed(ipv4(join({test::number(flags_and_type, 4), rest}), {.protocol = 47}));
  };
  EXPECT_EQ(gre(0x00020800, v4()), Verdict::not_tcp);                    // a version nobody defined
  EXPECT_EQ(gre(0x2001880b, join({Bytes(4), v4()})), Verdict::not_tcp);  // PPTP without payload
  EXPECT_EQ(gre(0x00000000, v4()), Verdict::not_tcp);                    // keep-alive
  EXPECT_EQ(feed(ipv4(join({test::number(0x4000, 2), frame}), {.protocol = 97})), Verdict::not_tcp);
  EXPECT_EQ(feed(ipv4(join({test::number(0, 4), frame}), {.protocol = 115})), Verdict::not_tcp);
  const auto over = [&](std::uint16_t port, std::uint32_t first, std::uint32_t second) {
    return feed(ipv4(udp(50000, port, join({test::number(first, 4), test::number(second, 4), frame})),
                     {.protocol = 17}));
  };
  EXPECT_EQ(over(4789, 0x00000000, 42 << 8U), Verdict::not_tcp);  // no number
  EXPECT_EQ(over(4789, 0x08000000, 42 << 8U | 1U), Verdict::not_tcp);
  EXPECT_EQ(over(6081, 0x40006558, 42 << 8U), Verdict::not_tcp);  // version 1
  EXPECT_EQ(over(2152, 0x30010000, 1), Verdict::not_tcp);         // echo request
}

// Outer fragments, and fragments of what was in them.
std::vector<Bytes> split(const Bytes& payload, std::uint8_t protocol, std::size_t size, std::uint16_t id) {
  std::vector<Bytes> out;
  for (std::size_t at = 0; at < payload.size(); at += size) {
    const std::size_t length = std::min(size, payload.size() - at);
    out.push_back(
        ipv4(ByteView(payload).subspan(at, length), {.protocol = protocol,
                                                     .id = id,
                                                     .fragment_offset = static_cast<std::uint32_t>(at),
                                                     .more = at + length < payload.size()}));
  }
  return out;
}

TEST(TunnelFragments, OfTheOuterDatagramAreJoinedInAnyOrder) {
  const std::vector<Bytes> parts = split(vxlan(42, ethernet(0x0800, v4())), 17, 40, 9);
  ASSERT_EQ(parts.size(), 3U);
  std::vector<std::size_t> order{0, 1, 2};
  do {
    Feed feed;
    EXPECT_EQ(feed(parts[order[0]]), Verdict::fragment_held);
    EXPECT_EQ(feed(parts[order[1]]), Verdict::fragment_held);
    ASSERT_EQ(feed(parts[order[2]]), Verdict::tcp);
    EXPECT_EQ(as_text(feed.segment.payload), kPayload);
    EXPECT_EQ(*feed.segment.tunnel_text, "VXLAN 42 between 192.0.2.7 and 198.51.100.4");
    feed.decoder.finish();
    EXPECT_EQ(feed.decoder.counters().fragments_incomplete, 0U);
  } while (std::next_permutation(order.begin(), order.end()));
}

TEST(TunnelFragments, InsideFragmentsAreJoined) {
  Feed feed;
  std::uint16_t id = 100;
  std::vector<Verdict> verdicts;
  // The same addresses and the same id inside and outside: they are not the same datagram.
  for (const Bytes& inner : split(tcp(kPayload), 6, 24, 100)) {
    for (const Bytes& outer : split(join({test::number(0x0800, 4), inner}), 47, 24, id++)) {
      verdicts.push_back(feed(outer));
    }
  }
  ASSERT_EQ(verdicts.back(), Verdict::tcp);
  EXPECT_EQ(std::count(verdicts.begin(), verdicts.end(), Verdict::tcp), 1);
  EXPECT_EQ(as_text(feed.segment.payload), kPayload);
}

TEST(TunnelFragments, OfOrdinaryDatagramsAreForgotten) {
  Feed feed;
  for (std::uint16_t id = 1; id < 50; ++id) {
    const std::vector<Bytes> parts = split(udp(50000, 2049, Bytes(64, 7)), 17, 24, id);
    ASSERT_EQ(parts.size(), 3U);
    EXPECT_EQ(feed(parts[2]), Verdict::fragment_held);  // nobody knows yet
    EXPECT_EQ(feed(parts[0]), Verdict::not_tcp);
    if (id % 2 != 0) continue;
    EXPECT_EQ(feed(parts[1]), Verdict::not_tcp);
  }
  feed.decoder.finish();
  EXPECT_EQ(feed.decoder.counters().fragments_incomplete, 0U);
}

}  // namespace
}  // namespace tlspeel::net
