// A connection whose records another thread opens ahead says the same as one that opens them by itself.
#include "tlspeel/tls/records_ahead.hpp"

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "bulk_talk.hpp"

namespace tlspeel::tls {
namespace {

// As a helper that is always in time: it opens with what it was lent, and only what verifies.
class Helper final : public RecordsAhead {
 public:
  bool wanted() override { return wants; }
  Lead begin(const AheadStart& start, std::unique_ptr<AheadOpener> opener) override {
    begun.push_back(start);
    opener_ = opener->twin();
    return static_cast<Lead>(begun.size());
  }
  bool again(Lead /*lead*/, const AheadStart& start) override {
    missed.push_back(start);
    return goes_on;
  }
  std::optional<AheadOpener::Opened> take(Lead lead, std::uint64_t sequence, const RecordHeader& header,
                                          ByteView fragment, Bytes& out) override {
    EXPECT_EQ(lead, begun.size());
    if (late) return std::nullopt;
    Bytes fresh;
    const auto opened = opener_->open(sequence, header, fragment, fresh);
    if (!opened) return std::nullopt;
    ++taken;
    out.swap(fresh);
    return opened;
  }
  void end(Lead lead) override {
    EXPECT_EQ(lead, begun.size());
    ++ended;
  }

  bool wants = true;
  bool goes_on = true;
  bool late = false;
  std::vector<AheadStart> begun;
  std::vector<AheadStart> missed;
  std::size_t taken = 0;
  std::size_t ended = 0;

 private:
  std::unique_ptr<AheadOpener> opener_;
};

struct Told final : event::EventSink, PlaintextSink {
  std::uint64_t bytes = 0;
  std::vector<std::size_t> events;  // their kinds
  std::vector<std::uint64_t> gaps;  // bytes before each

  void emit(PacketRef /*at*/, event::Event&& event) override { events.push_back(event.index()); }
  void on_plaintext(Direction /*direction*/, PacketRef /*at*/, ByteView content) override {
    bytes += content.size();
    EXPECT_TRUE(std::ranges::all_of(content, [](std::uint8_t byte) { return byte == 'x'; }));
  }
  void on_plaintext_gap(Direction /*direction*/, PacketRef /*at*/, const event::Hole& /*hole*/) override {
    gaps.push_back(bytes);
  }
  void on_plaintext_end(Direction /*direction*/, PacketRef /*at*/) override {}
};

class RecordsAheadTest : public testing::TestWithParam<Construction> {
 protected:
  struct Run {
    explicit Run(const Construction& how, RecordsAhead* ahead) : connection(environment, told, told) {
      environment.store = &store;
      environment.current_packet = 1;
      environment.records_ahead = ahead;
      const ServerStream stream = server_stream(how, 0);
      store.add_capture_secrets(0, "capture.pcapng", as_bytes(stream.key_log));
      connection.push(Direction::client, {++packet, 0}, stream.client);
      push(stream.bytes);
    }
    void push(ByteView bytes) {
      connection.push(Direction::server, {++packet, 0}, bytes);
      position += bytes.size();
    }
    void lose(std::size_t size) {
      connection.gap({++packet, 0}, event::StreamGap{Direction::server, position, size, 0});
      position += size;
    }

    Told told;
    secrets::Store store;
    Environment environment;
    Connection connection;
    std::uint64_t packet = 0;
    std::uint64_t position = 0;
  };

  const std::vector<Bytes> records_ = bulk_data(GetParam());
};

TEST_P(RecordsAheadTest, TakesWhatWasOpened) {
  Helper helper;
  {
    Run run(GetParam(), &helper);
    for (const Bytes& each : records_) run.push(each);
    EXPECT_EQ(run.told.bytes, kBulkRecords * kBulkContent);
    ASSERT_EQ(helper.begun.size(), 1U);
    // In TLS 1.2 Finished is the record 0.
    EXPECT_EQ(helper.begun[0].sequence, 16U + (GetParam().tls13() ? 0 : 1));
    EXPECT_EQ(helper.begun[0].captured, 0U);
    EXPECT_EQ(helper.taken, kBulkRecords - 16);
    EXPECT_EQ(helper.ended, 0U);
  }
  EXPECT_EQ(helper.ended, 1U);
}

TEST_P(RecordsAheadTest, SaysWhereTheNextOneBegins) {
  Helper helper;
  helper.late = true;
  Run run(GetParam(), &helper);
  Bytes all;
  for (const Bytes& each : records_) append(all, each);
  const std::size_t record = records_[0].size();
  run.push(ByteView(all).first(20 * record + 7));
  ASSERT_EQ(helper.begun.size(), 1U);
  EXPECT_EQ(helper.begun[0].captured, 4 * record + 7);
  ASSERT_EQ(helper.missed.size(), 4U);
  EXPECT_EQ(helper.missed[3].captured, 7U);
  EXPECT_EQ(helper.missed[3].sequence, helper.begun[0].sequence + 4);
  run.push(ByteView(all).subspan(20 * record + 7, record));
  ASSERT_EQ(helper.missed.size(), 5U);
  EXPECT_EQ(helper.missed[4].captured, 7U);
  // Where the lead is over another one may begin, in its time.
  helper.goes_on = false;
  run.push(ByteView(all).subspan(21 * record + 7, 20 * record));
  EXPECT_EQ(helper.begun.size(), 2U);
}

TEST_P(RecordsAheadTest, NothingIsLentWhereNobodyHasTime) {
  Helper helper;
  helper.wants = false;
  Run run(GetParam(), &helper);
  for (const Bytes& each : records_) run.push(each);
  EXPECT_EQ(run.told.bytes, kBulkRecords * kBulkContent);
  EXPECT_TRUE(helper.begun.empty());
}

TEST_P(RecordsAheadTest, DamageAndLossAreToldAsWithout) {
  const auto talk = [&](RecordsAhead* ahead) {
    auto run = std::make_unique<Run>(GetParam(), ahead);
    for (std::size_t i = 0; i < records_.size(); ++i) {
      Bytes record = records_[i];
      if (i == 40) record.back() ^= 1;
      if (i == 60) run->lose(record.size());
      if (i != 60) run->push(record);
    }
    run->connection.finish({run->packet, 0});
    return run;
  };
  Helper helper;
  const auto with = talk(&helper);
  const auto without = talk(nullptr);
  EXPECT_GT(helper.taken, kBulkRecords / 2);
  EXPECT_EQ(with->told.bytes, (kBulkRecords - 2) * kBulkContent);
  EXPECT_EQ(with->told.bytes, without->told.bytes);
  EXPECT_EQ(with->told.events, without->told.events);
  EXPECT_EQ(with->told.gaps, without->told.gaps);
}

std::vector<Construction> in_any_order() {
  std::vector<Construction> out;
  std::ranges::copy_if(kBulk, std::back_inserter(out),
                       [](const Construction& how) { return how.version >= kTls12; });
  return out;
}
INSTANTIATE_TEST_SUITE_P(Records, RecordsAheadTest, testing::ValuesIn(in_any_order()), name_of);

// Each of its records needs the one before it.
TEST(RecordsAhead, KeysWithAChainedIvAreNotLent) {
  const Construction& how = kBulk.back();
  ASSERT_EQ(how.version, kTls10);
  Helper helper;
  Told told;
  secrets::Store store;
  Environment environment;
  environment.store = &store;
  environment.current_packet = 1;
  environment.records_ahead = &helper;
  Connection connection(environment, told, told);
  const ServerStream stream = server_stream(how, 0);
  store.add_capture_secrets(0, "capture.pcapng", as_bytes(stream.key_log));
  connection.push(Direction::client, {1, 0}, stream.client);
  connection.push(Direction::server, {2, 0}, stream.bytes);
  for (const Bytes& each : bulk_data(how)) connection.push(Direction::server, {3, 0}, each);
  EXPECT_EQ(told.bytes, kBulkRecords * kBulkContent);
  EXPECT_TRUE(helper.begun.empty());
}

}  // namespace
}  // namespace tlspeel::tls
