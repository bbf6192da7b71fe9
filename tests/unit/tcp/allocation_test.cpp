// In-order payload must cost neither a copy nor an allocation. Counts what goes through operator new in this
// program.
#include <cstdlib>
#include <memory>
#include <new>
#include <utility>

#include <gtest/gtest.h>

#include "script.hpp"

namespace {
std::size_t allocations = 0;
std::size_t allocated_bytes = 0;
}  // namespace

[[gnu::noinline]] void* operator new(std::size_t size) {
  ++allocations;
  allocated_bytes += size;
  if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;  // NOLINT(cppcoreguidelines-*)
  throw std::bad_alloc();
}
// Not inlined, or g++ compares new and free without seeing that both are these.
[[gnu::noinline]] void operator delete(void* memory) noexcept {
  std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}

namespace tlspeel::tcp::test {
namespace {

struct Seen {
  std::uint64_t bytes = 0;
  const std::uint8_t* last = nullptr;
};

class PointerSink final : public StreamSink {
 public:
  explicit PointerSink(Seen& seen) : seen_(&seen) {}
  void on_data(const StreamChunk& chunk) override {
    seen_->bytes += chunk.bytes.size();
    seen_->last = chunk.bytes.data();
  }
  void on_gap(const StreamGap&) override {}
  void on_stream_end(Direction, PacketRef) override {}
  void on_end(EndReason, PacketRef, const std::array<DirectionStats, 2>&) override {}
  bool wants_data() const override { return true; }

 private:
  Seen* seen_;
};

TEST(Allocation, NoneForInOrderSegmentsOfManyConnections) {
  Seen seen;
  ConnectionTable table({}, [&](const ConnectionInfo&) { return std::make_unique<PointerSink>(seen); });
  const Setting setting;
  const Bytes payload(1448, 7);
  PacketRef at;
  const auto push = [&](std::uint16_t port, char who, std::uint8_t flags, std::uint32_t seq,
                        std::uint32_t ack, ByteView bytes) {
    net::Segment s = segment(who, setting, flags, seq, ack, bytes);
    (who == 'c' ? s.flow.source : s.flow.destination).port = port;
    ++at.number;
    at.time_ns += 1000;
    table.push(s, at);
  };
  constexpr std::uint16_t kConnections = 50;
  for (std::uint16_t port = 1; port <= kConnections; ++port) {
    push(port, 'c', net::kSyn, 99, 0, {});
    push(port, 's', net::kSyn | net::kAck, 499, 100, {});
    push(port, 'c', net::kAck, 100, 500, ByteView(payload).first(1));  // opens the sink
  }
  const std::size_t before = allocations;
  std::size_t pushed = 0;
  for (std::uint32_t i = 0; i < 1000; ++i) {
    for (std::uint16_t port = 1; port <= kConnections; ++port) {
      const auto offset = i * static_cast<std::uint32_t>(payload.size());
      push(port, 's', net::kAck, 500 + offset, 101, payload);
      ASSERT_EQ(seen.last, payload.data());  // not a copy
      push(port, 'c', net::kAck, 101, 500 + offset + static_cast<std::uint32_t>(payload.size()), {});
      ++pushed;
    }
  }
  EXPECT_EQ(allocations - before, 0U);
  EXPECT_EQ(seen.bytes, pushed * payload.size() + kConnections);
}

TEST(Allocation, AnIdleConnectionIsSmall) {
  ConnectionTable table({}, [](const ConnectionInfo&) { return nullptr; });
  constexpr std::uint16_t kConnections = 4000;
  const std::size_t before = allocated_bytes;  // the table of buckets counts too, with all that it outgrew
  for (std::uint16_t i = 1; i <= kConnections; ++i) {
    net::Segment s = segment('c', {}, net::kAck, 100, 0, as_bytes("x"));
    s.flow.source.port = i;
    table.push(s, {i, 0});
    std::swap(s.flow.source, s.flow.destination);
    s.ack = 101;
    s.payload = {};
    table.push(s, {i, 0});
  }
  EXPECT_EQ(table.size(), kConnections);
  EXPECT_LE((allocated_bytes - before) / kConnections,
            700U + 260);  // 260: the first segment waited for its ACK
}

TEST(Allocation, TheCounterCounts) {
  const std::size_t before = allocations;
  const auto number = std::make_unique<int>(1);
  EXPECT_EQ(*number, 1);
  EXPECT_GT(allocations, before);
}

}  // namespace
}  // namespace tlspeel::tcp::test
