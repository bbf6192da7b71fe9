// Both sides of a handshake with TLS_PSK_WITH_AES_128_GCM_SHA256 (RFC 5487, TLS 1.2), sealed with the key
// that they share: the smallest handshake whose keys a test can compute by itself.
#pragma once

#include "tlspeel/crypto/ciphers.hpp"

#include "talk.hpp"
#include "tls/key_schedule.hpp"
#include "tls/record_mac.hpp"

namespace tlspeel::tls {

class PskTalk {
 public:
  static constexpr std::uint16_t kSuite = 0x00a8;

  PskTalk(Talk& talk, const Bytes& psk, std::string_view identity) : talk_(&talk), identity_(identity) {
    parameters_.version = kTls12;
    parameters_.suite = find_cipher_suite(kSuite);
    // RFC 4279 section 2: as many zeros as the key has bytes, then the key, each behind its length.
    Bytes premaster;
    put16(premaster, psk.size());
    premaster.insert(premaster.end(), psk.size(), 0);
    put16(premaster, psk.size());
    append(premaster, psk);
    const Randoms randoms{Bytes(32, 0xc1), Bytes(32, 0x5e)};
    master_ = master_secret(parameters_, premaster, randoms);
    for (std::size_t d = 0; d < 2; ++d) {
      KeyBlock block = key_block(parameters_, master_.view(), randoms);
      keys_[d] = std::move(block[d]);
    }
  }

  void hellos() {
    say(Direction::client, client_hello(kSuite));
    say(Direction::server, server_hello(kSuite));
    say(Direction::server, kServerHelloDone);
    Bytes body;
    put16(body, identity_.size());
    append(body, as_bytes(identity_));
    say(Direction::client, handshake(16, body));
  }
  void finished(Direction direction) {
    push(direction, kChangeCipher);
    Bytes message = {20, 0, 0, 12};
    append(message, verify_data(parameters_, master_.view(), direction, transcript_));
    append(transcript_, message);
    sealed(direction, kHandshake, message);
  }
  void say(Direction direction, const Bytes& record) {
    append(transcript_, ByteView(record).subspan(kRecordHeaderSize));
    push(direction, record);
  }
  void data(Direction direction, std::string_view text) {
    sealed(direction, kApplicationData, as_bytes(text));
  }
  void whole(std::string_view question, std::string_view answer) {
    hellos();
    finished(Direction::client);
    finished(Direction::server);
    data(Direction::client, question);
    data(Direction::server, answer);
  }
  // The session that has this master secret goes on (RFC 5246 section 7.3): who does not change the cipher
  // first, the server does.
  void whole_resumed(const Bytes& session_id, std::string_view question, std::string_view answer) {
    say(Direction::client, client_hello(kSuite, session_id));
    say(Direction::server, server_hello(kSuite, session_id));
    finished(Direction::server);
    finished(Direction::client);
    data(Direction::client, question);
    data(Direction::server, answer);
  }
  // All that was pushed, in order.
  const std::vector<std::pair<Direction, Bytes>>& records() const { return records_; }
  ByteView master() const { return master_.view(); }

  // RFC 5288 section 3; the explicit nonce is the sequence number.
  Bytes sealed_record(Direction direction, std::uint8_t type, ByteView content) {
    const std::size_t d = index(direction);
    Bytes nonce = to_bytes(keys_[d].iv.view());
    Bytes fragment;
    for (int shift = 56; shift >= 0; shift -= 8) {
      fragment.push_back(static_cast<std::uint8_t>(sequence_[d] >> shift));
    }
    append(nonce, fragment);
    const auto aad = authenticated_header(sequence_[d]++, {type, kTls12, 0}, content.size());
    Bytes sealed(content.size() + 16);
    crypto::AeadCipher(parameters_.suite->bulk, keys_[d].key.view()).seal(nonce, aad, content, sealed);
    append(fragment, sealed);
    return record(type, fragment);
  }

 private:
  void push(Direction direction, Bytes record) {
    talk_->push(direction, record);
    records_.emplace_back(direction, std::move(record));
  }
  void sealed(Direction direction, std::uint8_t type, ByteView content) {
    push(direction, sealed_record(direction, type, content));
  }

  Talk* talk_;
  std::string identity_;
  Parameters parameters_;
  SecretBytes master_;
  KeyBlock keys_;
  std::array<std::uint64_t, 2> sequence_{};
  Bytes transcript_;
  std::vector<std::pair<Direction, Bytes>> records_;
};

}  // namespace tlspeel::tls
