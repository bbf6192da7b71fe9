// Which traffic secret opens a record of TLS 1.3, with every combination of secrets known and not known.
#include "tls/tls13_reader.hpp"

#include <gtest/gtest.h>

#include "sealed.hpp"

namespace tlspeel::tls {
namespace {

std::vector<Tls13Reader::Key> key(std::uint8_t fill, std::uint16_t suite = kAes128Gcm) {
  std::vector<Tls13Reader::Key> keys;
  keys.push_back({parameters(suite), SecretBytes(ByteView(secret_of(fill)))});
  return keys;
}

struct ReaderTest : testing::Test {
  Bytes scratch;

  std::string open(Tls13Reader& reader, const Sealed& sealed) {
    const auto opened = reader.open(sealed.header, sealed.fragment, scratch);
    switch (opened.outcome) {
      case Tls13Reader::Outcome::opened:
        return std::string(as_text(opened.inner.content));
      case Tls13Reader::Outcome::failed:
        return "FAILED";
      case Tls13Reader::Outcome::missing:
        return "MISSING";
      case Tls13Reader::Outcome::waiting:
        return "WAITING";
    }
    return "";
  }
};

TEST_F(ReaderTest, CountsRecordsFromZeroInEveryEpoch) {
  Tls13Reader reader(Epoch::handshake);
  reader.give(Epoch::handshake, key(1));
  reader.give(Epoch::application, key(2));
  EXPECT_EQ(open(reader, seal(1, 0, "a", 22)), "a");
  EXPECT_EQ(open(reader, seal(1, 1, "b", 22)), "b");
  reader.enter(Epoch::application);
  EXPECT_EQ(open(reader, seal(2, 0, "c")), "c");
  EXPECT_EQ(open(reader, seal(2, 1, "d")), "d");
  EXPECT_EQ(open(reader, seal(2, 1, "replayed")), "FAILED");
  EXPECT_EQ(open(reader, seal(2, 3, "the failed one had a number")), "the failed one had a number");
}

TEST_F(ReaderTest, PaddingAndTypeComeOff) {
  Tls13Reader reader(Epoch::application);
  reader.give(Epoch::application, key(2));
  const Sealed sealed = seal(2, 0, "text", 21, 300);
  const auto opened = reader.open(sealed.header, sealed.fragment, scratch);
  ASSERT_EQ(opened.outcome, Tls13Reader::Outcome::opened);
  EXPECT_EQ(opened.inner.type, 21);
  EXPECT_EQ(as_text(opened.inner.content), "text");
  EXPECT_TRUE(opened.first);
  EXPECT_EQ(open(reader, seal(2, 1, "", 0, 5)), "FAILED") << "nothing but padding";
  EXPECT_EQ(open(reader, {{23, 0x0303, 16}, Bytes(16)}), "FAILED") << "no room for a type";
}

TEST_F(ReaderTest, ALogWithoutHandshakeSecretsStillOpensApplicationData) {
  Tls13Reader reader(Epoch::handshake);
  reader.give(Epoch::application, key(2));
  EXPECT_EQ(open(reader, seal(1, 0, "Finished", 22)), "MISSING");
  EXPECT_EQ(reader.current(), Epoch::handshake);
  EXPECT_EQ(open(reader, seal(2, 0, "data")), "data");
  EXPECT_EQ(reader.current(), Epoch::application);
  EXPECT_EQ(open(reader, seal(2, 1, "more")), "more");
}

TEST_F(ReaderTest, AndTheReverse) {
  Tls13Reader reader(Epoch::handshake);
  reader.give(Epoch::handshake, key(1));
  EXPECT_EQ(open(reader, seal(1, 0, "Finished", 22)), "Finished");
  reader.enter(Epoch::application);
  EXPECT_EQ(open(reader, seal(2, 0, "data")), "MISSING");
}

TEST_F(ReaderTest, EarlyDataWithoutItsSecretDoesNotHideTheRest) {
  Tls13Reader reader(Epoch::early);
  reader.give(Epoch::handshake, key(1));
  reader.give(Epoch::application, key(2));
  EXPECT_EQ(open(reader, seal(9, 0, "early")), "MISSING");
  EXPECT_EQ(open(reader, seal(9, 1, "early")), "MISSING");
  EXPECT_EQ(open(reader, seal(1, 0, "Finished", 22)), "Finished");
}

TEST_F(ReaderTest, RefusedEarlyDataMayBeUnderAnySuite) {
  Tls13Reader reader(Epoch::early);
  std::vector<Tls13Reader::Key> keys = key(9);
  for (auto& each : key(9, kChaCha)) keys.push_back(std::move(each));
  for (auto& each : key(9, kAes128Ccm)) keys.push_back(std::move(each));
  reader.give(Epoch::early, std::move(keys));
  reader.give(Epoch::handshake, key(1));
  EXPECT_EQ(open(reader, seal(9, 0, "early", 23, 0, parameters(kChaCha))), "early");
  EXPECT_EQ(open(reader, seal(9, 1, "other suite", 23, 0, parameters(kAes128Ccm))), "FAILED");
  EXPECT_EQ(open(reader, seal(1, 0, "Finished", 22)), "Finished");
}

TEST_F(ReaderTest, WaitsForWhatIsStillToCome) {
  Tls13Reader reader(Epoch::handshake);
  reader.give(Epoch::handshake, key(1));
  reader.will_come(Epoch::application);
  EXPECT_EQ(open(reader, seal(2, 0, "data")), "WAITING");
  EXPECT_EQ(open(reader, seal(1, 0, "Finished", 22)), "Finished");
  reader.enter(Epoch::application);
  EXPECT_EQ(open(reader, seal(2, 0, "data")), "WAITING");
  reader.give(Epoch::application, key(2));
  EXPECT_EQ(open(reader, seal(2, 0, "data")), "data");
}

TEST_F(ReaderTest, KeyUpdatesBeginAtZeroAgain) {
  Tls13Reader reader(Epoch::application);
  reader.give(Epoch::application, key(2));
  EXPECT_EQ(open(reader, seal(2, 0, "KeyUpdate", 22)), "KeyUpdate");
  for (std::uint8_t generation = 3; generation < 8; ++generation) {
    auto keys = key(generation);
    reader.update(std::move(keys.front()));
    EXPECT_EQ(open(reader, seal(generation, 0, "data")), "data");
    EXPECT_EQ(open(reader, seal(generation, 1, "more")), "more");
  }
}

TEST_F(ReaderTest, DraftsBefore25AuthenticateNoHeader) {
  for (const unsigned draft : {18U, 19U, 20U, 24U, 25U, 28U}) {
    const Tls13Parameters how = parameters(kAes128Gcm, static_cast<std::uint16_t>(0x7f00 + draft));
    Tls13Reader reader(Epoch::application);
    std::vector<Tls13Reader::Key> keys;
    keys.push_back({how, SecretBytes(ByteView(secret_of(2)))});
    reader.give(Epoch::application, std::move(keys));
    Sealed sealed = seal(2, 0, "draft", 23, 0, how);
    sealed.header.version = 0x0301;  // what those drafts wrote; a header that is authenticated fails now
    EXPECT_EQ(open(reader, sealed), draft < 25 ? "draft" : "FAILED") << draft;
  }
}

TEST_F(ReaderTest, BehindLostRecordsTheNumberIsFound) {
  Tls13Reader reader(Epoch::application);
  reader.give(Epoch::application, key(2));
  EXPECT_EQ(open(reader, seal(2, 0, "a")), "a");
  TrialBudget budget;
  const Tls13Reader::Passed passed{1, RecordCounts(400, 22, 100)};
  const auto behind = [&](const Sealed& sealed) {
    return reader.open_behind(passed, sealed.header, sealed.fragment, scratch, budget);
  };
  EXPECT_FALSE(behind(seal(2, 2, "one less than can be")));
  EXPECT_FALSE(behind(seal(2, 21, "one more than can be")));
  EXPECT_FALSE(behind(seal(3, 6, "under another key")));
  const auto found = behind(seal(2, 9, "found"));
  ASSERT_TRUE(found);
  EXPECT_EQ(as_text(found->opened.inner.content), "found");
  EXPECT_EQ(found->lost, 8U);
  EXPECT_FALSE(found->updated || found->opened.first);
  EXPECT_EQ(open(reader, seal(2, 10, "next")), "next");
}

TEST_F(ReaderTest, BehindLostRecordsANewEpochIsFound) {
  Tls13Reader reader(Epoch::handshake);
  reader.give(Epoch::handshake, key(1));
  reader.give(Epoch::application, key(2));
  TrialBudget budget;
  const Sealed sealed = seal(2, 3, "data");
  const auto found =
      reader.open_behind({0, RecordCounts(400, 22, 100)}, sealed.header, sealed.fragment, scratch, budget);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->lost, std::nullopt);
  EXPECT_TRUE(found->opened.first);
  EXPECT_EQ(reader.current(), Epoch::application);
  EXPECT_EQ(open(reader, seal(2, 4, "next")), "next");
}

TEST_F(ReaderTest, BehindLostRecordsAKeyUpdateIsFound) {
  Tls13Reader reader(Epoch::application);
  reader.give(Epoch::application, key(2));
  const SecretBytes next = next_traffic_secret(parameters(), secret_of(2));
  const auto under_next = [&](std::uint64_t sequence, std::string_view text) {
    return seal_under(next.view(), sequence, text);
  };
  TrialBudget budget;
  const Sealed sealed = under_next(2, "data");
  const auto none_lost =
      reader.open_behind({0, RecordCounts(0, 22, 100)}, sealed.header, sealed.fragment, scratch, budget);
  EXPECT_FALSE(none_lost);
  const auto found =
      reader.open_behind({0, RecordCounts(400, 22, 100)}, sealed.header, sealed.fragment, scratch, budget);
  ASSERT_TRUE(found);
  EXPECT_TRUE(found->updated);
  EXPECT_EQ(open(reader, under_next(3, "next")), "next");
}

}  // namespace
}  // namespace tlspeel::tls
