// TLS 1.3, the simple handshake of RFC 8448 with its secrets given: records in clear that somebody put
// between the protected ones change nothing, wherever they stand.
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "tlspeel/base/hex.hpp"

#include "talk.hpp"

namespace tlspeel::tls {
namespace {

using Records = std::vector<std::pair<Direction, Bytes>>;

Records simple_handshake() {
  std::ifstream file(TLSPEEL_TESTDATA "/vectors/rfc8448/simple.txt");
  Records records;
  Direction direction = Direction::client;
  for (std::string line; std::getline(file, line);) {
    if (line == "by = client") direction = Direction::client;
    if (line == "by = server") direction = Direction::server;
    constexpr std::string_view kRecord = "record = ";
    if (line.rfind(kRecord, 0) == 0) {
      records.emplace_back(direction, from_hex(line.substr(kRecord.size())).value_or(Bytes()));
    }
  }
  return records;
}

// Application data of each side is the bytes 0 to 49.
void expect_all_data(const Talk& talk) {
  std::string all;
  for (char byte = 0; byte < 50; ++byte) all += byte;
  EXPECT_EQ(talk.said.plaintext[0], all);
  EXPECT_EQ(talk.said.plaintext[1], all);
  const Summary summary = talk.connection.summary();
  EXPECT_TRUE(summary.finished_verified[0] && summary.finished_verified[1]);
}

struct Forged {
  std::string name;
  Bytes message;
};

class ClearRecords : public testing::TestWithParam<Forged> {};

TEST_P(ClearRecords, BehindTheHellosChangeNothing) {
  const Records records = simple_handshake();
  ASSERT_GE(records.size(), 6U);
  for (const Direction forger : {Direction::client, Direction::server}) {
    for (std::size_t place = 2; place < records.size(); ++place) {
      SCOPED_TRACE(place);
      secrets::Config config;
      config.keylog_paths = {TLSPEEL_TESTDATA "/captures/rfc8448_keylog/keys.log"};
      auto store = secrets::Store::load(config);
      ASSERT_TRUE(store);
      Talk talk;
      talk.store = *std::move(store);
      for (std::size_t i = 0; i < records.size(); ++i) {
        if (i == place) talk.push(forger, record(kHandshake, GetParam().message));
        talk.push(records[i].first, records[i].second);
      }
      talk.finish();
      expect_all_data(talk);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(All, ClearRecords,
                         testing::Values(Forged{"key_update", Bytes{24, 0, 0, 1, 0}},
                                         Forged{"finished",
                                                [] {
                                                  Bytes message = {20, 0, 0, 32};
                                                  message.insert(message.end(), 32, 0x5a);
                                                  return message;
                                                }()},
                                         Forged{"part_of_a_message", Bytes{4, 0, 0, 14, 0, 0, 1}},
                                         Forged{"end_of_early_data", Bytes{5, 0, 0, 0}},
                                         Forged{"new_session_ticket", Bytes{4, 0, 0, 15, 0, 0, 1, 0, 0, 0, 0,
                                                                            0, 1, 7, 0, 1, 9, 0, 0}}),
                         [](const testing::TestParamInfo<Forged>& row) { return row.param.name; });

}  // namespace
}  // namespace tlspeel::tls
