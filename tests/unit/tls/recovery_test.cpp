// Conversations with holes: nothing is shown that was not sent, and every record that is whole behind a hole
// is opened.
#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "hole_talk.hpp"
#include "tls/record_opener.hpp"

namespace tlspeel::tls {
namespace {

struct Range {
  std::size_t begin = 0;
  std::size_t end = 0;
};

constexpr std::size_t kRecords = 12;

void push_pieces(Talk& talk, ByteView bytes, std::size_t piece) {
  while (!bytes.empty()) {
    const std::size_t size = std::min(piece, bytes.size());
    talk.server(to_bytes(bytes.first(size)));
    bytes = bytes.subspan(size);
  }
}

void play(Talk& talk, const ServerStream& stream, const std::vector<Range>& holes, std::size_t piece) {
  give_log(talk, stream.key_log);
  talk.client(stream.client);
  std::size_t from = 0;
  for (const Range& hole : holes) {
    push_pieces(talk, ByteView(stream.bytes).subspan(from, hole.begin - from), piece);
    talk.connection.gap({++talk.packet, 0}, {Direction::server, hole.begin, hole.end - hole.begin, 0});
    from = hole.end;
  }
  push_pieces(talk, ByteView(stream.bytes).subspan(from), piece);
  talk.finish();
}

bool whole(const ServerStream::Data& data, const std::vector<Range>& holes) {
  return std::ranges::none_of(
      holes, [&](const Range& hole) { return hole.begin < data.end && data.begin < hole.end; });
}

// Before TLS 1.1 the end of the record before is the IV: it has to be captured, and under encrypt-then-MAC
// nothing proves it.
bool readable(const Construction& how, const ServerStream& stream, std::size_t n,
              const std::vector<Range>& holes) {
  if (!whole(stream.data[n], holes)) return false;
  if (!how.chained() || n == 0 || whole(stream.data[n - 1], holes)) return true;
  if (how.encrypt_then_mac) return false;
  const Range tail{stream.data[n].begin - 16, stream.data[n].begin};
  return whole({tail.begin, tail.end, ""}, holes);
}

std::string expected(const Construction& how, const ServerStream& stream, const std::vector<Range>& holes) {
  std::string out;
  for (std::size_t n = 0; n < stream.data.size(); ++n) {
    if (readable(how, stream, n, holes)) out += stream.data[n].text;
  }
  return out;
}

std::size_t lost_text(const ServerStream& stream, const std::vector<Range>& holes) {
  std::size_t out = 0;
  for (const auto& each : stream.data) out += whole(each, holes) ? 0 : each.text.size();
  return out;
}

void expect_resumed(const Construction& how, const ServerStream& stream, const std::vector<Range>& holes,
                    std::size_t piece) {
  Talk talk;
  play(talk, stream, holes, piece);
  ASSERT_EQ(talk.said.plaintext[1], expected(how, stream, holes));
  for (const auto* resumed : talk.said.all<event::Resumed>()) {
    if (resumed->hole.exact && holes.size() == 1) {
      ASSERT_EQ(resumed->hole.length, lost_text(stream, holes));
    }
    if (resumed->hole.at_most && holes.size() == 1) {
      ASSERT_GE(resumed->hole.length.value_or(0), lost_text(stream, holes));
    }
    ASSERT_FALSE(resumed->hole.at_most && resumed->hole.exact);
    ASSERT_LE(resumed->hole.length.value_or(0), stream.bytes.size());
  }
  const Summary summary = talk.connection.summary();
  std::size_t captured = stream.bytes.size();
  for (const Range& hole : holes) captured -= hole.end - hole.begin;
  ASSERT_LE(summary.directions[1].closed_bytes, captured);
}

std::size_t moved(std::size_t offset, std::ptrdiff_t by) {
  return static_cast<std::size_t>(static_cast<std::ptrdiff_t>(offset) + by);
}

class Recoveries : public testing::TestWithParam<Construction> {};

TEST_P(Recoveries, WithoutAHoleAllOpens) {
  const ServerStream stream = server_stream(GetParam(), kRecords);
  expect_resumed(GetParam(), stream, {}, 10000);
}

TEST_P(Recoveries, BehindEveryHoleWholeRecordsOpen) {
  const ServerStream stream = server_stream(GetParam(), kRecords);
  const std::size_t end = stream.bytes.size();
  for (std::size_t a = stream.data[1].begin; a < end; a += 11) {
    for (const std::size_t length : {1U, 5U, 16U, 40U, 75U, 130U, 300U, 700U}) {
      if (a + length >= end) break;
      SCOPED_TRACE(testing::Message() << "hole " << a << " + " << length);
      expect_resumed(GetParam(), stream, {{a, a + length}}, a % 2 == 0 ? 10000 : 60);
      if (testing::Test::HasFatalFailure()) return;
    }
  }
}

TEST_P(Recoveries, AtAndAroundTheBordersOfRecords) {
  const ServerStream stream = server_stream(GetParam(), kRecords);
  for (std::size_t first = 1; first < kRecords - 1; ++first) {
    for (std::size_t last = first; last < std::min(first + 4, kRecords - 1); ++last) {
      for (const std::ptrdiff_t before : {-6, -5, -1, 0, 1, 4, 5, 6}) {
        for (const std::ptrdiff_t behind : {-17, -16, -1, 0, 1, 5}) {
          const Range hole{moved(stream.data[first].begin, before), moved(stream.data[last].end, behind)};
          SCOPED_TRACE(testing::Message() << "hole " << hole.begin << " to " << hole.end);
          expect_resumed(GetParam(), stream, {hole}, 10000);
          if (testing::Test::HasFatalFailure()) return;
        }
      }
    }
  }
}

TEST_P(Recoveries, BehindTwoHoles) {
  const ServerStream stream = server_stream(GetParam(), kRecords);
  const std::size_t end = stream.bytes.size();
  for (std::size_t a = stream.data[1].begin; a < end; a += 37) {
    for (const std::size_t apart : {3U, 30U, 90U, 250U}) {
      const Range first{a, a + 23};
      const Range second{first.end + apart, first.end + apart + 41};
      if (second.end >= end) break;
      SCOPED_TRACE(testing::Message() << "holes " << a << " and " << second.begin);
      expect_resumed(GetParam(), stream, {first, second}, 10000);
      if (testing::Test::HasFatalFailure()) return;
    }
  }
}

// What a hostile peer may seal: the record after the next one a few bytes behind, so that none has room in
// the stretch.
TEST_P(Recoveries, AStretchThatHoldsNoRecordIsNotTakenForOne) {
  const ServerStream stream = server_stream(GetParam(), kRecords);
  const ByteView bytes = stream.bytes;
  Talk talk;
  give_log(talk, stream.key_log);
  talk.client(stream.client);
  talk.server(to_bytes(bytes.first(stream.data[2].begin)));
  talk.connection.gap({++talk.packet, 0}, {Direction::server, stream.data[2].begin, 3, 0});
  talk.server(to_bytes(bytes.subspan(stream.data[3].begin)));
  talk.finish();
  EXPECT_EQ(talk.said.plaintext[1].find(stream.data[3].text), std::string::npos);
  for (const auto* resumed : talk.said.all<event::Resumed>()) {
    EXPECT_LE(resumed->hole.length.value_or(0), stream.bytes.size());
  }
}

INSTANTIATE_TEST_SUITE_P(
    Constructions, Recoveries,
    testing::Values(Construction{"rc4", kTls10, 0x0005}, Construction{"cbc_tls10", kTls10, 0x002f},
                    Construction{"cbc_tls11", kTls11, 0x002f}, Construction{"cbc_tls12", kTls12, 0x003c},
                    Construction{"cbc_etm_tls10", kTls10, 0x002f, true},
                    Construction{"cbc_etm_tls12", kTls12, 0x003c, true}, Construction{"gcm", kTls12, 0x009c},
                    Construction{"ccm", kTls12, 0xc09c}, Construction{"chacha20", kTls12, 0xcca8},
                    Construction{"tls13_gcm", kTls13, 0x1301},
                    Construction{"tls13_chacha20", kTls13, 0x1303}),
    name_of);

// Wrong guesses leave an opener as it was, the right one sets it behind the record.
class OpenersBehind : public testing::TestWithParam<Construction> {};

TEST_P(OpenersBehind, OnlyTheRightCountVerifiesAndAWrongOneChangesNothing) {
  const Construction& how = GetParam();
  Protector by(how, Bytes(48, 0x77), Direction::server);
  std::vector<Bytes> sent;
  for (std::size_t n = 0; n < 5; ++n) sent.push_back(by.fragment(kApplicationData, as_bytes(text_of(n))));
  const auto opener = make_record_opener(by.parameters(), by.keys());
  ASSERT_NE(opener, nullptr);
  Bytes scratch;
  const auto header = [&](std::size_t n) {
    return RecordHeader{kApplicationData, how.version, static_cast<std::uint16_t>(sent[n].size())};
  };
  const auto opens = [&](std::size_t n) {
    const auto content = opener->open(n, header(n), sent[n], scratch);
    return content && as_text(*content) == text_of(n);
  };
  EXPECT_TRUE(opens(0));
  const std::size_t passed = sent[1].size() + sent[2].size();
  const PassedRecords right{passed, sent[2]};
  const PassedRecords wrong{passed + 5, ByteView(sent[2]).first(10)};
  for (const std::uint64_t sequence : {1U, 2U, 4U}) {
    EXPECT_FALSE(opener->open_behind(right, sequence, header(3), sent[3], scratch)) << sequence;
    EXPECT_FALSE(opener->open_behind(wrong, sequence, header(3), sent[3], scratch)) << sequence;
  }
  EXPECT_TRUE(opens(1));
  const PassedRecords one{sent[2].size(), sent[2]};
  const auto behind = opener->open_behind(one, 3, header(3), sent[3], scratch);
  ASSERT_TRUE(behind);
  // The MAC of encrypt-then-MAC says nothing of an IV that is not in the record.
  EXPECT_EQ(behind->has_value(), !(how.encrypt_then_mac && how.chained()));
  if (*behind) {
    EXPECT_EQ(as_text(**behind), text_of(3));
  }
  EXPECT_TRUE(opens(4));
}

INSTANTIATE_TEST_SUITE_P(
    Constructions, OpenersBehind,
    testing::Values(Construction{"rc4", kTls10, 0x0005}, Construction{"cbc_tls10", kTls10, 0x002f},
                    Construction{"cbc_tls12", kTls12, 0x003c},
                    Construction{"cbc_etm_tls10", kTls10, 0x002f, true},
                    Construction{"cbc_etm_tls12", kTls12, 0x003c, true}, Construction{"gcm", kTls12, 0x009c},
                    Construction{"ccm", kTls12, 0xc09c}, Construction{"chacha20", kTls12, 0xcca8}),
    name_of);

// A hole over TLS 1.3's ChangeCipherSpec and no more, which has no number.
TEST(Recovery, AChangeCipherSpecOfTls13DoesNotCount) {
  const ServerStream stream = server_stream({"", kTls13, 0x1301}, 3);
  const std::size_t hello = server_hello(0x1301, {}, 0, kSupportedVersions13).size();
  Talk talk;
  play(talk, stream, {{hello, hello + kChangeCipher.size()}}, 10000);
  EXPECT_EQ(talk.said.plaintext[1], stream.data[0].text + stream.data[1].text + stream.data[2].text);
}

// Finished and the first data are missing: the record behind is under the next key.
TEST(Recovery, AnEpochMayEndInAHole) {
  const ServerStream stream = server_stream({"", kTls13, 0x1301}, 6);
  Talk talk;
  play(talk, stream, {{stream.data[0].begin - 20, stream.data[2].begin + 3}}, 10000);
  EXPECT_EQ(talk.said.plaintext[1], stream.data[3].text + stream.data[4].text + stream.data[5].text);
}

TEST(Recovery, AHoleOfAGigabyteClosesTheRestOfRc4AndNothingElse) {
  const ServerStream stream = server_stream({"", kTls10, 0x0005}, 6);
  Talk talk;
  give_log(talk, stream.key_log);
  talk.client(stream.client);
  talk.server(to_bytes(ByteView(stream.bytes).first(stream.data[2].begin)));
  talk.connection.gap({++talk.packet, 0}, {Direction::server, stream.data[2].begin, 1U << 30U, 0});
  talk.server(to_bytes(ByteView(stream.bytes).subspan(stream.data[3].begin)));
  talk.finish();
  EXPECT_EQ(talk.said.plaintext[1], stream.data[0].text + stream.data[1].text);
  EXPECT_EQ(talk.connection.summary().outcome, ConnectionOutcome::partly_opened);
}

class LateStarts : public testing::TestWithParam<Construction> {};

TEST_P(LateStarts, TheTrafficSecretsAreFound) {
  const ServerStream stream = server_stream(GetParam(), 6);
  Talk talk;
  give_log(talk, stream.key_log);
  talk.connection.begin(Direction::server, Detection::Start::middle);
  talk.server(to_bytes(ByteView(stream.bytes).subspan(stream.data[2].begin)));
  talk.connection.begin(Direction::client, Detection::Start::middle);
  talk.client(record(kApplicationData,
                     seal(3, 5, "late", kApplicationData, 0, parameters(GetParam().suite)).fragment));
  talk.finish();
  EXPECT_EQ(talk.said.plaintext[1],
            stream.data[2].text + stream.data[3].text + stream.data[4].text + stream.data[5].text);
  EXPECT_EQ(talk.said.plaintext[0], "late");
  EXPECT_EQ(talk.connection.summary().cipher_suite.value, GetParam().suite);
}

TEST_P(LateStarts, WhatIsLeftOfARecordDoesNotSpendTheTrialsOfTheNext) {
  const ServerStream stream = server_stream(GetParam(), 6);
  Talk talk;
  give_log(talk, stream.key_log);
  talk.connection.begin(Direction::server, Detection::Start::middle);
  talk.server(kSealed).server(to_bytes(ByteView(stream.bytes).subspan(stream.data[4].begin)));
  talk.finish();
  EXPECT_EQ(talk.said.plaintext[1], stream.data[4].text + stream.data[5].text);
  EXPECT_EQ(talk.connection.summary().outcome, ConnectionOutcome::partly_opened);
}

TEST_P(LateStarts, WithAnotherLogTheReasonIsTold) {
  const ServerStream stream = server_stream(GetParam(), 6);
  Talk talk;
  give_log(talk, log_line("SERVER_TRAFFIC_SECRET_0", secret_of(9)));
  talk.connection.begin(Direction::server, Detection::Start::middle);
  talk.server(to_bytes(ByteView(stream.bytes).subspan(stream.data[2].begin)));
  talk.finish();
  EXPECT_TRUE(talk.said.plaintext[1].empty());
  EXPECT_EQ(talk.connection.summary().outcome, ConnectionOutcome::closed);
  EXPECT_EQ(talk.cause(), ClosedCause::handshake_not_captured);
}

INSTANTIATE_TEST_SUITE_P(Suites, LateStarts,
                         testing::Values(Construction{"aes_128_gcm", kTls13, 0x1301},
                                         Construction{"chacha20", kTls13, 0x1303},
                                         Construction{"aes_128_ccm", kTls13, 0x1304},
                                         Construction{"aes_128_ccm_8", kTls13, 0x1305}),
                         name_of);

}  // namespace
}  // namespace tlspeel::tls
