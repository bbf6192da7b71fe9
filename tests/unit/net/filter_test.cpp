// The filter is asked for frames and for what they carry; what it does not want is counted as such.
#include <functional>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tlspeel/net/decoder.hpp"

#include "link_cases.hpp"

namespace tlspeel::net {
namespace {

using namespace test;
using ::testing::ElementsAre;

constexpr int kEthernet = 1;

struct Asked {
  int link_type;
  Bytes bytes;
  std::uint32_t wire_length;
  friend bool operator==(const Asked&, const Asked&) = default;
};

// Answers with what the test decides and keeps the questions.
struct Feed {
  std::vector<Asked> asked;
  std::function<bool(const Asked&)> wanted = [](const Asked&) { return false; };
  Decoder decoder{[this](int link_type, ByteView bytes, std::uint32_t wire_length) {
    asked.push_back({link_type, to_bytes(bytes), wire_length});
    return wanted(asked.back());
  }};
  Segment segment;

  Verdict operator()(const Bytes& frame, int link_type = kEthernet, std::uint32_t missing = 0) {
    asked.clear();
    return decoder.decode(link_type, frame, static_cast<std::uint32_t>(frame.size()) + missing, {1, 0},
                          segment);
  }
};

Asked whole(int link_type, const Bytes& bytes) {
  return {link_type, bytes, static_cast<std::uint32_t>(bytes.size())};
}

TEST(Filter, IsAskedForTheFrameAndThenForEveryPacketInIt) {
  Feed feed;
  const Bytes inner = v6();
  const Bytes outer = ipv4(inner, {.protocol = 41});
  const Bytes frame = ethernet(0x0800, outer);
  EXPECT_EQ(feed(frame), Verdict::filtered);
  EXPECT_THAT(feed.asked, ElementsAre(whole(kEthernet, frame), whole(kRawIp, outer), whole(kRawIp, inner)));
  feed.wanted = [](const Asked& a) { return a.link_type == kEthernet; };
  EXPECT_EQ(feed(frame), Verdict::tcp);
  EXPECT_THAT(feed.asked, ElementsAre(whole(kEthernet, frame)));
  feed.wanted = [&](const Asked& a) { return a.bytes == inner; };
  EXPECT_EQ(feed(frame), Verdict::tcp);
  EXPECT_EQ(feed.decoder.counters().filtered, 1U);
  EXPECT_EQ(feed.decoder.counters().tcp, 2U);
  EXPECT_EQ(feed.decoder.counters().packets, 3U);
}

TEST(Filter, LeavesOutWhateverItIs) {
  Feed feed;
  EXPECT_EQ(feed(ethernet(0x0806, Bytes(28))), Verdict::filtered);
  EXPECT_EQ(feed(Bytes(5)), Verdict::filtered);
  EXPECT_EQ(feed(v4(), 147), Verdict::filtered);
  EXPECT_EQ(feed(ethernet(0x0800, v4()), kEthernet, 5), Verdict::filtered);
  EXPECT_EQ(feed.decoder.counters().cut, 0U);  // nobody is to be told about packets that are not looked at
  feed.wanted = [](const Asked&) { return true; };
  EXPECT_EQ(feed(Bytes(5)), Verdict::malformed);
  EXPECT_EQ(feed(v4(), 147), Verdict::unknown_link_type);
}

class FilterOfFragments : public ::testing::TestWithParam<bool> {};

TEST_P(FilterOfFragments, AnyOfThemOrTheWholeDatagram) {
  const bool v6 = GetParam();
  const Bytes payload = tcp(kPayload);
  const Bytes first(payload.begin(), payload.begin() + 24);
  const Bytes second(payload.begin() + 24, payload.end());
  const Bytes whole_datagram = v6 ? ipv6(payload) : ipv4(payload, {.id = 0});
  const std::vector<Bytes> parts{
      v6 ? ipv6(fragment_header(0, true, first), 44) : ipv4(first, {.more = true}),
      v6 ? ipv6(fragment_header(24, false, second), 44) : ipv4(second, {.fragment_offset = 24}),
  };
  const auto run = [&](std::function<bool(const Asked&)> wanted) {
    Feed feed;
    feed.wanted = std::move(wanted);
    EXPECT_EQ(feed(parts[0], kRawIp), Verdict::fragment_held);
    const Verdict verdict = feed(parts[1], kRawIp);
    EXPECT_EQ(feed.decoder.counters().filtered, verdict == Verdict::filtered ? 2U : 0U);
    return verdict;
  };
  EXPECT_EQ(run([&](const Asked& a) { return a.bytes == parts[0]; }), Verdict::tcp);
  EXPECT_EQ(run([&](const Asked& a) { return a.bytes == parts[1]; }), Verdict::tcp);
  EXPECT_EQ(run([](const Asked&) { return false; }), Verdict::filtered);
  // The datagram as it would have been without fragments: a fragment alone shows no port.
  EXPECT_EQ(run([&](const Asked& a) {
              return a.bytes.size() == whole_datagram.size() &&
                     std::equal(payload.begin(), payload.end(), a.bytes.end() - std::ssize(payload)) &&
                     a.bytes[0] >> 4U == (v6 ? 6 : 4);
            }),
            Verdict::tcp);
}

INSTANTIATE_TEST_SUITE_P(Ip, FilterOfFragments, ::testing::Bool(),
                         [](const auto& param) { return param.param ? "v6" : "v4"; });

// Fragments in a tunnel whose own datagrams are fragments: only what is joined of all shows the port.
TEST(Filter, CountsNoFragmentOfWhatMatchesInTheEnd) {
  const Bytes payload = tcp(kPayload);
  for (const bool match : {false, true}) {
    Feed feed;
    feed.wanted = [&](const Asked& a) { return match && a.bytes.size() == 20 + payload.size(); };
    Verdict verdict = Verdict::malformed;
    std::uint16_t id = 1;
    std::uint64_t frames = 0;
    for (const std::size_t at : {std::size_t{0}, std::size_t{24}}) {
      const Bytes piece(payload.begin() + static_cast<std::ptrdiff_t>(at),
                        at == 0 ? payload.begin() + 24 : payload.end());
      const Bytes inner =
          join({number(0x0800, 4),
                ipv4(piece, {.fragment_offset = static_cast<std::uint32_t>(at), .more = at == 0})});
      for (std::size_t begin = 0; begin < inner.size(); begin += 16, ++frames) {
        const bool more = begin + 16 < inner.size();
        const ByteView part = ByteView(inner).subspan(begin, more ? 16 : inner.size() - begin);
        verdict = feed(ipv4(part, {.protocol = 47,
                                   .id = id,
                                   .fragment_offset = static_cast<std::uint32_t>(begin),
                                   .more = more}),
                       kRawIp);
      }
      ++id;
    }
    EXPECT_EQ(verdict, match ? Verdict::tcp : Verdict::filtered);
    EXPECT_EQ(feed.decoder.counters().filtered, match ? 0 : frames);
  }
}

TEST(Filter, JudgesEachPacketOfAnAggregate) {
  Feed feed;
  const Bytes first = ipv4(tcp("one"));
  const Bytes second = ipv4(tcp("two"));
  const Bytes frame = wlan(join({subframe(first), subframe(second, true)}), {.subtype = 8, .quality = 0x80});
  feed.wanted = [&](const Asked& a) { return a.link_type == kRawIp && a.bytes == second; };
  ASSERT_EQ(feed(frame, 105), Verdict::tcp);
  EXPECT_EQ(as_text(feed.segment.payload), "two");
  EXPECT_FALSE(feed.decoder.next(feed.segment));
}

}  // namespace
}  // namespace tlspeel::net
