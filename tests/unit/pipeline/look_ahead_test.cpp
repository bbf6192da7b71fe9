#include "pipeline/look_ahead.hpp"

#include <algorithm>
#include <deque>
#include <fstream>
#include <iterator>
#include <string>

#include <gtest/gtest.h>

#include "unit/crypto/raw_encryption.hpp"

namespace tlspeel::pipeline {
namespace {

const std::string kKey = TLSPEEL_TESTDATA "/vectors/crypto/keys/rsa1024_pkcs1.pem";

void put16(Bytes& out, std::size_t value) {
  out.push_back(static_cast<std::uint8_t>(value >> 8));
  out.push_back(static_cast<std::uint8_t>(value));
}

// A record with a ClientKeyExchange, as RFC 5246 section 7.4.7.1 has it.
Bytes client_key_exchange(ByteView encrypted, std::uint8_t message = 16, std::uint8_t version = 3) {
  Bytes out = {22, 3, version};
  put16(out, encrypted.size() + 6);
  out.insert(out.end(), {message, 0});
  put16(out, encrypted.size() + 2);
  put16(out, encrypted.size());
  append(out, encrypted);
  return out;
}

TEST(LookAhead, FindsTheEncryptedPremasterSecret) {
  const Bytes encrypted(128, 7);
  Bytes more = client_key_exchange(encrypted);
  const auto found = encrypted_premaster_at_start(more);
  ASSERT_TRUE(found);
  EXPECT_TRUE(std::ranges::equal(*found, encrypted));
  more.insert(more.end(), {20, 3, 3, 0, 1, 1});
  EXPECT_TRUE(encrypted_premaster_at_start(more));
}

TEST(LookAhead, TakesNothingElseForOne) {
  const Bytes encrypted(128, 7);
  const Bytes whole = client_key_exchange(encrypted);
  EXPECT_FALSE(encrypted_premaster_at_start({}));
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_FALSE(encrypted_premaster_at_start(ByteView(whole).first(size))) << size;
  }
  EXPECT_FALSE(encrypted_premaster_at_start(client_key_exchange(encrypted, 11)));
  EXPECT_FALSE(encrypted_premaster_at_start(client_key_exchange(encrypted, 16, 0)));
  Bytes longer = whole;
  longer[8] = 129;  // the message has less than it says
  EXPECT_FALSE(encrypted_premaster_at_start(longer));
  Bytes application_data = whole;
  application_data[0] = 23;
  EXPECT_FALSE(encrypted_premaster_at_start(application_data));
}

secrets::Store store_of_key() {
  secrets::Config config;
  config.key_paths = {kKey};
  return *secrets::Store::load(config);
}

// A batch of handshakes; packet n is of shard n, and so of worker n % 2.
class StepTest : public testing::Test {
 protected:
  static constexpr std::size_t kPackets = 6;

  StepTest() {
    for (std::uint8_t n = 0; n < kPackets; ++n) {
      Bytes secret = crypto::test_premaster();
      secret[2] = n;
      payloads_.push_back(
          client_key_exchange(encryption_.encrypt(crypto::padded_premaster(encryption_.size(), secret))));
    }
    for (std::size_t n = 0; n < kPackets; ++n) {
      BatchItem item;
      item.at.number = n + 1;
      item.shard = static_cast<std::uint32_t>(n);
      item.segment.payload = payloads_[n];
      batch_.items.push_back(item);
    }
  }

  // Its third byte, if the one of packet n was decrypted.
  std::optional<int> taken(std::size_t n) {
    const auto encrypted = encrypted_premaster_at_start(payloads_[n]);
    const auto key = store_.candidates({}, encryption_.size()).front().key;
    const auto found = premasters_.take(*key, *encrypted);
    if (!found || !*found) return std::nullopt;
    return (**found).view()[2];
  }

  secrets::Store store_ = store_of_key();
  secrets::SessionCache sessions_{2};
  secrets::PremastersAhead premasters_;
  crypto::RawEncryption encryption_{read_file(kKey)};
  std::vector<Bytes> payloads_;
  Batch batch_;
  std::vector<Batch*> ring_{&batch_};

  // Nobody's records.
  std::vector<OpeningAhead*> workers(std::size_t number) {
    std::vector<OpeningAhead*> out;
    for (std::size_t n = 0; n < number; ++n) out.push_back(&records_.emplace_back());
    return out;
  }
  BatchWindow window() const { return {ring_, 0, 1}; }

 private:
  std::deque<OpeningAhead> records_;

  static Bytes read_file(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
};

TEST_F(StepTest, DecryptsForOthersFromTheEndOneAtATime) {
  LookAhead ahead(workers(2), store_, sessions_, premasters_);
  EXPECT_TRUE(ahead.step(0, window()));
  EXPECT_EQ(taken(3), std::nullopt);
  EXPECT_EQ(taken(5), 5);
  EXPECT_TRUE(ahead.step(0, window()));
  EXPECT_EQ(taken(1), std::nullopt);
  EXPECT_EQ(taken(3), 3);
  EXPECT_TRUE(ahead.step(0, window()));
  EXPECT_EQ(taken(1), 1);
  EXPECT_TRUE(ahead.step(0, window()));  // the rest: nothing
  EXPECT_FALSE(ahead.step(0, window()));
  for (const std::size_t own : {0U, 2U, 4U}) EXPECT_EQ(taken(own), std::nullopt);
  EXPECT_GT(ahead.private_key_time(), 0);
}

TEST_F(StepTest, LeavesOutWhatTheOtherHasComeTo) {
  LookAhead ahead(workers(2), store_, sessions_, premasters_);
  sessions_.advance(1, 4);
  while (ahead.step(0, window())) {
  }
  EXPECT_EQ(taken(5), 5);
  EXPECT_EQ(taken(3), std::nullopt);
}

TEST_F(StepTest, HasNothingToDoWithoutKeysOrOthers) {
  EXPECT_FALSE(LookAhead(workers(1), store_, sessions_, premasters_).step(0, window()));
  const secrets::Store none;
  EXPECT_FALSE(LookAhead(workers(2), none, sessions_, premasters_).step(0, window()));
}

class PremastersAheadTest : public testing::Test {
 protected:
  secrets::Store store_ = store_of_key();
  const crypto::PrivateKey& key_ = *store_.candidates({}, 128).front().key;
  secrets::PremastersAhead premasters_;
};

// The outcome is the same as without it, and it is not decrypted twice.
TEST_F(PremastersAheadTest, GivesWhatWasPutOnce) {
  const Bytes one(128, 1);
  EXPECT_TRUE(premasters_.wanted(key_, one));
  EXPECT_FALSE(premasters_.take(key_, one));
  premasters_.put(key_, one, SecretBytes(as_bytes("secret")));
  EXPECT_FALSE(premasters_.wanted(key_, one));
  const auto taken = premasters_.take(key_, one);
  ASSERT_TRUE(taken && *taken);
  EXPECT_EQ(as_text((**taken).view()), "secret");
  EXPECT_FALSE(premasters_.take(key_, one));
  premasters_.put(key_, one, std::nullopt);
  const auto failed = premasters_.take(key_, one);
  EXPECT_TRUE(failed && !*failed);
}

TEST_F(PremastersAheadTest, EndsWhereNobodyAsks) {
  const auto number = [](std::size_t n) {
    Bytes out;
    put16(out, n);
    return out;
  };
  std::size_t n = 0;
  for (; premasters_.wanted(key_, number(n)); ++n) premasters_.put(key_, number(n), std::nullopt);
  EXPECT_EQ(n, secrets::PremastersAhead::kMost + secrets::PremastersAhead::kMostUnwanted);
  EXPECT_FALSE(premasters_.take(key_, number(0)));  // the oldest went first
  EXPECT_TRUE(premasters_.take(key_, number(n - 1)));
  EXPECT_TRUE(premasters_.wanted(key_, number(n)));
}

}  // namespace
}  // namespace tlspeel::pipeline
