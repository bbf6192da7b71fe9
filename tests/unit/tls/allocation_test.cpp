// A record of application data allocates nothing, neither with operator new nor inside OpenSSL: the buffers
// and contexts of the records before it are used again.
#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <openssl/crypto.h>

#include "bulk_talk.hpp"
#include "unit/counted_allocations.hpp"

namespace tlspeel::tls {
namespace {

constexpr std::size_t kContent = kBulkContent;
constexpr std::size_t kSegment = 1448;
constexpr std::size_t kWarmUp = 20;
constexpr std::size_t kRecords = kBulkRecords;

struct Counting final : event::EventSink, PlaintextSink {
  std::uint64_t bytes = 0;
  std::size_t gaps = 0;

  void emit(PacketRef /*at*/, event::Event&& /*event*/) override {}
  void on_plaintext(Direction /*direction*/, PacketRef /*at*/, ByteView content) override {
    bytes += content.size();
  }
  void on_plaintext_gap(Direction /*direction*/, PacketRef /*at*/, const event::Hole& /*hole*/) override {
    ++gaps;
  }
  void on_plaintext_end(Direction /*direction*/, PacketRef /*at*/) override {}
};

class Allocation : public testing::TestWithParam<Construction> {
 protected:
  Allocation() : connection_(environment_, sink_, sink_) {
    environment_.store = &store_;
    environment_.current_packet = 1;
    const ServerStream stream = server_stream(GetParam(), 0);
    store_.add_capture_secrets(0, "capture.pcapng", as_bytes(stream.key_log));
    push(Direction::client, stream.client);
    push(Direction::server, stream.bytes);
  }

  void push(Direction direction, ByteView bytes) {
    while (!bytes.empty()) {
      const std::size_t size = std::min(bytes.size(), kSegment);
      connection_.push(direction, {++packet_, 0}, bytes.first(size));
      bytes = bytes.subspan(size);
    }
  }

  Counting sink_;
  secrets::Store store_;
  Environment environment_;
  Connection connection_;
  std::uint64_t packet_ = 0;
};

// Every record ends with its last segment, as a sender's flush makes it.
TEST_P(Allocation, NoneInARecordOfSeveralSegments) {
  const std::vector<Bytes> records = bulk_data(GetParam());
  for (std::size_t i = 0; i < kWarmUp; ++i) push(Direction::server, records[i]);
  const std::size_t before = allocations();
  for (std::size_t i = kWarmUp; i < kRecords; ++i) push(Direction::server, records[i]);
  EXPECT_EQ(static_cast<double>(allocations() - before) / (kRecords - kWarmUp), 0);
  EXPECT_EQ(sink_.bytes, kRecords * kContent);
  EXPECT_EQ(sink_.gaps, 0U);
}

// Segments do not care where records begin.
TEST_P(Allocation, NoneWhereSegmentsHoldEndAndBeginning) {
  Bytes stream;
  std::size_t warm = 0;
  for (const Bytes& each : bulk_data(GetParam())) {
    append(stream, each);
    if (warm == 0 && stream.size() >= kWarmUp * kContent) warm = stream.size();
  }
  push(Direction::server, ByteView(stream).first(warm));
  const std::size_t before = allocations();
  push(Direction::server, ByteView(stream).subspan(warm));
  EXPECT_EQ(static_cast<double>(allocations() - before) / (kRecords - kWarmUp), 0);
  EXPECT_EQ(sink_.bytes, kRecords * kContent);
}

INSTANTIATE_TEST_SUITE_P(Records, Allocation, testing::ValuesIn(kBulk), name_of);

TEST(AllocationCount, IsOne) {
  const std::size_t before = allocations();
  Bytes* volatile made = new Bytes(100);
  delete made;
  EXPECT_EQ(allocations(), before + 2);
  if (!openssl_is_counted()) GTEST_SKIP() << "OpenSSL was in use before the test began";
  OPENSSL_free(OPENSSL_malloc(1));
  EXPECT_EQ(allocations(), before + 3);
}

}  // namespace
}  // namespace tlspeel::tls
