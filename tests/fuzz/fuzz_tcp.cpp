// modules: tcp net
// Bytes are a list of segments of a few connections. Whatever they say: chunks and gaps of a direction are
// contiguous, nothing comes after its end, the counts agree with what was delivered, and no more is held than
// the limits allow.
#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>

#include "tlspeel/base/reader.hpp"
#include "tlspeel/tcp/connection_table.hpp"

namespace {

using namespace tlspeel;

void require(bool condition) {
  if (!condition) std::abort();
}

class CheckingSink final : public tcp::StreamSink {
 public:
  void on_data(const tcp::StreamChunk& chunk) override {
    require(wants_data() && !chunk.bytes.empty());
    pass(chunk.direction, chunk.offset, chunk.bytes.size());
    taken_ += chunk.bytes.size();
  }
  void on_gap(const tcp::StreamGap& gap) override {
    require(gap.length != 0);
    if (wants_data()) {
      pass(gap.direction, gap.offset, gap.length);
    }
    lost_.at(index(gap.direction)) += gap.length;
  }
  void on_stream_end(Direction direction, PacketRef) override {
    require(!over_ && !ended_.at(index(direction)));
    ended_.at(index(direction)) = true;
  }
  void on_end(tcp::EndReason, PacketRef, const std::array<tcp::DirectionStats, 2>& stats) override {
    require(!over_);
    over_ = true;
    for (const std::size_t d : {0U, 1U}) {
      require(stats.at(d).lost_bytes == lost_.at(d));
      require(stats.at(d).conflicting_bytes <= stats.at(d).retransmitted_bytes);
      if (wants_data()) require(stats.at(d).bytes + stats.at(d).lost_bytes == next_.at(d));
    }
  }
  bool wants_data() const override { return taken_ < 20000; }

 private:
  void pass(Direction direction, std::uint64_t offset, std::uint64_t length) {
    const auto d = index(direction);
    require(!over_ && !ended_.at(d) && offset == next_.at(d));
    next_.at(d) += length;
  }
  std::array<std::uint64_t, 2> next_{};
  std::array<std::uint64_t, 2> lost_{};
  std::array<bool, 2> ended_{};
  std::uint64_t taken_ = 0;
  bool over_ = false;
};

// One byte chooses connection and side, one how the numbers are given, then flags, time, length, and the
// numbers themselves: small distances from three places of the sequence space, or any number at all.
net::Segment next_segment(Reader& r, ByteView filler, PacketRef& at) {
  static constexpr std::array<std::uint32_t, 4> kPlaces{1000, 0xfffffff0, 0x7ffffff0, 0x80001000};
  const std::uint8_t who = r.u8();
  const std::uint8_t how = r.u8();
  net::Segment s;
  Endpoint a{{}, static_cast<std::uint16_t>(443 + ((who >> 1) & 3))};
  Endpoint b{{}, 50000};
  s.flow = (who & 1) != 0 ? net::Flow{a, b} : net::Flow{b, a};
  s.flags = r.u8();
  const auto number = [&](bool any, std::uint8_t place) {
    return any ? r.u32() : kPlaces.at(place & 3) + r.u8();
  };
  s.seq = number((how & 1) != 0, static_cast<std::uint8_t>(who >> 4));
  s.ack = number((how & 2) != 0, static_cast<std::uint8_t>(who >> 6));
  const std::size_t length = (how & 4) != 0 ? r.u16() % filler.size() : r.u8() % 16;
  s.payload = filler.subspan((how >> 6) * std::size_t{64}, std::min(length, filler.size() - 256));
  if ((how & 8) != 0) s.payload_missing = (how & 16) != 0 ? r.u32() : r.u8();
  const std::uint8_t pause = r.u8();
  at.time_ns += (how & 32) != 0 ? std::int64_t{pause} * 100'000'000'000 : std::int64_t{pause} * 10'000'000;
  ++at.number;
  return s;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Bytes filler = [] {
    Bytes bytes(4096);
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(i * 7 >> 3);
    return bytes;
  }();
  tcp::Limits limits;
  limits.max_buffered = 8000;
  limits.max_buffered_in_table = 12000;
  limits.one_sided_max_buffered = 4000;
  limits.max_connections = 3;
  tcp::ConnectionTable table(limits,
                             [](const tcp::ConnectionInfo&) { return std::make_unique<CheckingSink>(); });
  Reader r(ByteView(data, size));
  PacketRef at;
  while (!r.empty() && r.ok()) {
    const net::Segment segment = next_segment(r, filler, at);
    table.push(segment, at);
    require(table.buffered() <= limits.max_buffered_in_table && table.size() <= limits.max_connections);
  }
  table.finish(at);
  require(table.size() == 0 && table.buffered() == 0);
  return 0;
}
