#include "tlspeel/output/decrypted_pcap.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tlspeel/base/reader.hpp"

namespace tlspeel::output {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::SizeIs;

class Sink final : public ByteSink {
 public:
  void write(std::string_view bytes) override { text += bytes; }
  void flush() override { ++flushes; }

  std::string text;
  int flushes = 0;
};

struct Block {
  std::uint32_t type = 0;
  ByteView body;
};

std::vector<Block> blocks_of(std::string_view file) {
  std::vector<Block> blocks;
  Reader r(as_bytes(file));
  while (r.ok() && !r.empty()) {
    Block block;
    block.type = r.u32le();
    const std::uint32_t length = r.u32le();
    EXPECT_EQ(length % 4, 0U);
    block.body = r.bytes(length - 12);
    EXPECT_EQ(r.u32le(), length);
    EXPECT_TRUE(r.ok());
    blocks.push_back(block);
  }
  return blocks;
}

std::uint32_t sum16(ByteView bytes) {
  std::uint32_t sum = 0;
  for (Reader r(bytes); !r.empty();) sum += r.remaining() == 1 ? std::uint32_t{r.u8()} << 8U : r.u16();
  return sum;
}

std::uint32_t folded(std::uint32_t sum) {
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16U);
  return sum;
}

// One packet as a line: "1000 51000>443 PA 1:1+5", sequence numbers counted from the SYN of their side.
class Lines {
 public:
  std::string line(ByteView block) {
    Reader r(block);
    EXPECT_EQ(r.u32le(), 0U);  // interface
    const std::uint64_t high = r.u32le();
    const std::uint64_t time = high << 32U | r.u32le();
    const std::uint32_t captured = r.u32le();
    EXPECT_EQ(r.u32le(), captured);
    const std::string segment = frame(r.bytes(captured));
    r.skip((4U - captured % 4U) % 4U);
    std::string comment;
    if (!r.empty()) {
      EXPECT_EQ(r.u16le(), 1);
      const std::uint16_t size = r.u16le();
      comment = fmt::format(" ({})", as_text(r.bytes(size)));
      r.skip((4U - size % 4U) % 4U);
      EXPECT_EQ(r.u32le(), 0U);
    }
    EXPECT_TRUE(r.ok() && r.empty());
    return fmt::format("{} {}{}", time, segment, comment);
  }

 private:
  std::string frame(ByteView bytes) {
    EXPECT_LE(bytes.size(), 1514U);
    Reader r(bytes);
    r.skip(12);
    const bool v6 = r.u16() == 0x86dd;
    const ByteView ip = r.rest();
    const std::size_t header = v6 ? 40 : 20;
    EXPECT_TRUE(v6 || folded(sum16(ip.first(20))) == 0xffff);
    Reader length(ip.subspan(v6 ? 4 : 2));
    EXPECT_EQ(length.u16() + (v6 ? header : 0), ip.size());
    const ByteView addresses = v6 ? ip.subspan(8, 32) : ip.subspan(12, 8);
    const ByteView segment = ip.subspan(header);
    const auto size = static_cast<std::uint32_t>(segment.size());
    EXPECT_EQ(folded(sum16(addresses) + 6 + size + sum16(segment)), 0xffffU);
    return tcp(segment);
  }

  std::string tcp(ByteView segment) {
    Reader r(segment);
    const std::uint16_t from = r.u16();
    const std::uint16_t to = r.u16();
    const std::uint32_t sequence = r.u32();
    const std::uint32_t acknowledged = r.u32();
    const std::size_t header = std::size_t{r.u8()} / 16 * 4;
    const std::uint8_t flags = r.u8();
    if ((flags & 2U) != 0) first_[{from, to}] = sequence;
    std::string names;
    for (unsigned bit = 0; bit < 5; ++bit) {
      if ((flags >> bit & 1U) != 0) names += "FSRPA"[bit];
    }
    const std::uint32_t mine = sequence - first_.at({from, to});
    const std::uint32_t theirs = (flags & 16U) != 0 ? acknowledged - first_.at({to, from}) : 0;
    return fmt::format("{}>{} {} {}:{}+{}", from, to, names, mine, theirs, segment.size() - header);
  }

  std::map<std::pair<std::uint16_t, std::uint16_t>, std::uint32_t> first_;
};

Endpoint v4(std::uint8_t last, std::uint16_t port) {
  return {IpAddress::from_v4(std::array<std::uint8_t, 4>{192, 0, 2, last}), port};
}

Endpoint v6(std::uint8_t last, std::uint16_t port) {
  Bytes octets{0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, last};
  return {IpAddress::from_v6(octets), port};
}

class DecryptedPcapTest : public testing::Test {
 protected:
  void write(std::uint64_t connection, std::int64_t time, event::Event event) {
    pcap_.write({connection, {1, time}, std::move(event)});
  }
  void start(std::uint64_t connection, std::int64_t first, std::uint16_t port = 51000) {
    write(connection, first + 50, event::ConnectionStart{v4(1, port), v4(2, 443), true, {1, first}});
  }
  void data(std::uint64_t connection, std::int64_t time, Direction direction, std::size_t size) {
    write(connection, time, event::Plaintext{direction, 0, Bytes(size, 'x')});
  }
  void gap(std::uint64_t connection, Direction direction, event::Hole hole) {
    write(connection, 2000, event::PlaintextGap{direction, 0, hole});
  }
  void end(std::uint64_t connection, std::int64_t time, event::TcpEnd how) {
    event::ConnectionEnd last;
    last.tcp_end = how;
    write(connection, time, last);
  }
  // The packets that were written; nothing is written behind them.
  std::vector<std::string> lines() {
    pcap_.finish();
    std::vector<std::string> out;
    Lines lines;
    for (const Block& block : blocks_of(sink_.text)) {
      if (block.type == 6) out.push_back(lines.line(block.body));
    }
    return out;
  }
  // Without SYN, SYN-ACK and ACK.
  std::vector<std::string> lines_behind_start() {
    std::vector<std::string> all = lines();
    EXPECT_GE(all.size(), 3U);
    all.erase(all.begin(), all.begin() + 3);
    return all;
  }

  Sink sink_;
  DecryptedPcap pcap_{sink_, {{8443, 80}}};
};

TEST_F(DecryptedPcapTest, IsACaptureAlsoWithoutPackets) {
  EXPECT_THAT(lines(), ElementsAre());
  const auto blocks = blocks_of(sink_.text);
  ASSERT_THAT(blocks, SizeIs(2));
  EXPECT_EQ(blocks[0].type, 0x0a0d0d0aU);
  Reader section(blocks[0].body);
  EXPECT_EQ(section.u32le(), 0x1a2b3c4dU);
  EXPECT_EQ(blocks[1].type, 1U);
  Reader interface(blocks[1].body);
  EXPECT_EQ(interface.u16le(), 1);
  // if_tsresol
  EXPECT_THAT(as_text(blocks[1].body), HasSubstr(std::string_view("\x09\0\x01\0\x09", 5)));
  EXPECT_EQ(sink_.flushes, 1);
}

TEST_F(DecryptedPcapTest, TellsAConversation) {
  start(7, 1000);
  data(7, 1200, Direction::client, 5);
  data(7, 1300, Direction::server, 7);
  end(7, 1400, event::TcpEnd::fin);
  EXPECT_THAT(lines(),
              ElementsAre("1000 51000>443 S 0:0+0 (tlspeel: what was inside TLS in connection #7)",
                          "1000 443>51000 SA 0:1+0", "1000 51000>443 A 1:1+0", "1200 51000>443 PA 1:1+5",
                          "1300 443>51000 PA 1:6+7", "1400 51000>443 FA 6:8+0", "1400 443>51000 FA 8:7+0",
                          "1400 51000>443 A 7:9+0"));
}

TEST_F(DecryptedPcapTest, SpeaksIpv6AndMapsPorts) {
  write(1, 1000, event::ConnectionStart{v6(1, 51000), v6(2, 8443), true, {1, 1000}});
  data(1, 1100, Direction::server, 1441);
  EXPECT_THAT(lines(),
              ElementsAre(EndsWith("connection #1)"), "1000 80>51000 SA 0:1+0", "1000 51000>80 A 1:1+0",
                          "1100 80>51000 A 1:1+1440", "1100 80>51000 PA 1441:1+1"));
}

TEST_F(DecryptedPcapTest, EndsAsTcpDid) {
  start(1, 1000);
  data(1, 1100, Direction::client, 1);
  end(1, 1200, event::TcpEnd::reset);
  start(2, 1000, 51001);
  data(2, 1110, Direction::client, 1);
  end(2, 1210, event::TcpEnd::idle);
  const auto all = lines();
  ASSERT_THAT(all, SizeIs(9));
  EXPECT_EQ(all.back(), "1200 51000>443 RA 2:1+0");
}

TEST_F(DecryptedPcapTest, LeavesOutWhatStaysClosed) {
  start(1, 1000);
  gap(1, Direction::client, {});
  end(1, 1100, event::TcpEnd::fin);
  data(1, 1200, Direction::client, 1);  // of nobody
  EXPECT_THAT(lines(), ElementsAre());
}

TEST_F(DecryptedPcapTest, AcknowledgesWhatWaits) {
  start(1, 1000);
  for (int i = 0; i < 3; ++i) data(1, 1100, Direction::server, 16384);
  const auto all = lines_behind_start();
  ASSERT_THAT(all, SizeIs(3 * 12 + 1));
  EXPECT_EQ(all[24], "1100 51000>443 A 1:32769+0");
}

TEST_F(DecryptedPcapTest, KnownHolesTakeTheirPlace) {
  start(1, 1000);
  gap(1, Direction::client, {100, true});
  data(1, 2000, Direction::client, 5);
  gap(1, Direction::client, {40000, false});
  data(1, 2000, Direction::client, 5);
  gap(1, Direction::client, {1, true});
  end(1, 2100, event::TcpEnd::fin);
  EXPECT_THAT(lines_behind_start(),
              ElementsAre("2000 51000>443 PA 101:1+5 (tlspeel: before this 100 bytes are missing)",
                          "2000 443>51000 A 1:40106+0",
                          "2000 51000>443 PA 40106:1+5 (tlspeel: before this about 40,000 bytes are missing)",
                          "2100 51000>443 FA 40112:1+0 (tlspeel: before this 1 byte is missing)",
                          "2100 443>51000 FA 1:40113+0", "2100 51000>443 A 40113:2+0"));
}

TEST_F(DecryptedPcapTest, OfOtherHolesOneByteIsMissing) {
  start(1, 1000);
  data(1, 2000, Direction::client, 5);
  gap(1, Direction::client, {});
  data(1, 2000, Direction::client, 5);
  gap(1, Direction::client, {DecryptedPcap::kMostSkipped + 1, true});
  gap(1, Direction::client, {0, true});
  gap(1, Direction::client, {2, true});
  data(1, 2000, Direction::client, 5);
  EXPECT_THAT(
      lines_behind_start(),
      ElementsAre("2000 51000>443 PA 1:1+5",
                  "2000 51000>443 PA 7:1+5 (tlspeel: before this bytes are missing, nobody knows how many)",
                  "2000 51000>443 PA 15:1+5 (tlspeel: before this 536,870,913 bytes are missing, then 2 "
                  "bytes are missing)"));
}

TEST_F(DecryptedPcapTest, InnerConnectionsTakeOver) {
  start(1, 1000);
  data(1, 1100, Direction::client, 5);
  event::ConnectionStart inner{v4(1, 51000), v4(2, 443), true, {1, 1050}};
  inner.depth = 1;
  inner.inside = 1;
  write(2, 1110, inner);
  data(1, 1200, Direction::server, 5);  // it was not opened so far
  data(1, 1300, Direction::client, 9);
  data(2, 1300, Direction::client, 3);
  data(1, 1400, Direction::server, 9);
  data(2, 1400, Direction::server, 4);
  end(2, 1500, event::TcpEnd::fin);
  end(1, 1500, event::TcpEnd::fin);
  EXPECT_THAT(
      lines_behind_start(),
      ElementsAre("1100 51000>443 PA 1:1+5", "1200 443>51000 PA 1:6+5", "1300 51000>443 PA 6:6+9",
                  "1300 51000>443 FA 15:6+0", "1300 443>51000 FA 6:16+0", "1300 51000>443 A 16:7+0",
                  "1300 51000>443 S 0:0+0 (tlspeel: what was inside TLS in connection #2; it was inside "
                  "connection #1)",
                  "1300 443>51000 SA 0:1+0", "1300 51000>443 A 1:1+0", "1300 51000>443 PA 1:1+3",
                  "1400 443>51000 PA 1:4+4", "1500 51000>443 FA 4:5+0", "1500 443>51000 FA 5:5+0",
                  "1500 51000>443 A 5:6+0"));
}

TEST_F(DecryptedPcapTest, PutsConnectionsInOrderOfTime) {
  start(1, 1000);
  start(2, 1010, 51001);
  data(1, 1300, Direction::client, 5);
  data(1, 1290, Direction::client, 5);  // opened late: not before what went ahead of it
  data(2, 1200, Direction::client, 5);
  const auto all = lines();
  ASSERT_THAT(all, SizeIs(9));
  EXPECT_THAT(all[3], AllOf(HasSubstr("1010 51001>443 S "), HasSubstr("#2")));
  EXPECT_EQ(all[6], "1200 51001>443 PA 1:1+5");
  EXPECT_EQ(all[8], "1300 51000>443 PA 6:1+5");
}

TEST_F(DecryptedPcapTest, TheSameEndsAtTheSameTimeAreToldApart) {
  for (const std::uint64_t connection : {1U, 2U, 3U}) {
    start(connection, 1000);
    data(connection, 1100, Direction::client, 1);
  }
  end(2, 1200, event::TcpEnd::idle);
  start(4, 1300);
  data(4, 1300, Direction::server, 1);
  const auto all = lines();
  ASSERT_THAT(all, SizeIs(16));
  EXPECT_THAT(all[0], AllOf(HasSubstr("51000>443 S "), EndsWith("connection #1)")));
  EXPECT_THAT(all[3], AllOf(HasSubstr("51001>443 S "),
                            EndsWith("#2; its client's port was 51000, which another one has just now)")));
  EXPECT_THAT(all[6], HasSubstr("51002>443 S "));
  EXPECT_EQ(all[10], "1100 51001>443 PA 1:1+1");
  EXPECT_THAT(all[12], HasSubstr("51001>443 S "));
}

TEST_F(DecryptedPcapTest, HoldsNoMoreThanItsWindow) {
  start(1, 1000);
  for (std::size_t sent = 0; sent < 2 * DecryptedPcap::kHeld; sent += 16384)
    data(1, 1100, Direction::server, 16384);
  EXPECT_GT(sink_.text.size(), DecryptedPcap::kHeld);
  const std::size_t before = sink_.text.size();
  pcap_.flush();
  EXPECT_LE(sink_.text.size() - before, DecryptedPcap::kHeld);
  EXPECT_GT(sink_.text.size() - before, DecryptedPcap::kHeld / 2);
}

TEST_F(DecryptedPcapTest, PortsThatAreUsedAgainBeginWithOtherNumbers) {
  std::vector<std::uint32_t> first;
  for (const std::uint64_t connection : {1U, 2U}) {
    start(connection, 1000);
    data(connection, 1100, Direction::client, 1);
    end(connection, 1200, event::TcpEnd::port_reused);
  }
  pcap_.finish();
  for (const Block& block : blocks_of(sink_.text)) {
    if (block.type != 6) continue;
    Reader tcp(block.body.subspan(20 + 14 + 20));
    tcp.skip(4);
    const std::uint32_t sequence = tcp.u32();
    tcp.skip(5);
    if (tcp.u8() == 2) first.push_back(sequence);
  }
  ASSERT_THAT(first, SizeIs(2));
  EXPECT_NE(first[0], first[1]);
}

}  // namespace
}  // namespace tlspeel::output
