// A server's stream under known keys, for tests of what is behind holes: its records are protected here by
// the rules of the standards, and the key log that opens them is in the capture.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tlspeel/base/hex.hpp"
#include "tlspeel/crypto/ciphers.hpp"

#include "sealed.hpp"
#include "talk.hpp"
#include "tls/key_schedule.hpp"
#include "tls/record_mac.hpp"

namespace tlspeel::tls {

struct Construction {
  std::string name;
  std::uint16_t version = 0;
  std::uint16_t suite = 0;
  bool encrypt_then_mac = false;

  bool tls13() const { return version == kTls13; }
  // A record's IV is the end of the one before it.
  bool chained() const {
    return version <= kTls10 &&
           crypto::bulk_info(find_cipher_suite(suite)->bulk).kind == crypto::BulkKind::cbc;
  }
};

// SSL 3.0 to TLS 1.2, one direction.
class Protector {
 public:
  Protector(const Construction& how, const Bytes& master, Direction direction) {
    parameters_.version = how.version;
    parameters_.suite = find_cipher_suite(how.suite);
    parameters_.encrypt_then_mac = how.encrypt_then_mac;
    KeyBlock block = key_block(parameters_, master, {Bytes(32, 0xc1), Bytes(32, 0x5e)});
    keys_ = std::move(block[index(direction)]);
    iv_ = to_bytes(keys_.iv.view());
    bulk_ = crypto::bulk_info(parameters_.suite->bulk);
    if (bulk_.kind == crypto::BulkKind::stream) stream_.emplace(parameters_.suite->bulk, keys_.key.view());
  }

  const Parameters& parameters() const { return parameters_; }
  const DirectionKeys& keys() const { return keys_; }

  Bytes fragment(std::uint8_t type, ByteView content) {
    Bytes out = bulk_.kind == crypto::BulkKind::stream ? stream(type, content)
                : bulk_.kind == crypto::BulkKind::cbc  ? cbc(type, content)
                                                       : aead(type, content);
    ++sequence_;
    return out;
  }

 private:
  Bytes mac(std::uint8_t type, ByteView content) const {
    const auto covered = authenticated_header(sequence_, {type, parameters_.version, 0}, content.size());
    Bytes out(crypto::hash_size(parameters_.suite->mac));
    crypto::Hmac(parameters_.suite->mac, keys_.mac_key.view()).compute({covered, content}, out);
    return out;
  }
  Bytes stream(std::uint8_t type, ByteView content) {
    Bytes out = to_bytes(content);
    append(out, mac(type, content));
    stream_->process(Bytes(out), out);
    return out;
  }
  Bytes cbc(std::uint8_t type, ByteView content) {
    const std::size_t block = bulk_.block_size;
    const bool explicit_iv = parameters_.version > kTls10;
    if (explicit_iv) iv_ = Bytes(block, static_cast<std::uint8_t>(sequence_ * 7 + 1));
    Bytes plain = to_bytes(content);
    if (!parameters_.encrypt_then_mac) append(plain, mac(type, content));
    const std::size_t padding = block - 1 - plain.size() % block;
    plain.insert(plain.end(), padding + 1, static_cast<std::uint8_t>(padding));
    Bytes sealed(plain.size());
    (void)crypto::CbcCipher(parameters_.suite->bulk, keys_.key.view()).encrypt(iv_, plain, sealed);
    Bytes out = explicit_iv ? iv_ : Bytes();
    append(out, sealed);
    iv_ = to_bytes(ByteView(sealed).last(block));
    if (parameters_.encrypt_then_mac) append(out, mac(type, Bytes(out)));
    return out;
  }
  Bytes aead(std::uint8_t type, ByteView content) {
    Bytes nonce = to_bytes(keys_.iv.view());
    Bytes out(bulk_.record_iv_size);
    for (std::size_t i = 0; i < 8; ++i) {
      const auto byte = static_cast<std::uint8_t>(sequence_ >> (8 * i));
      if (out.empty()) {
        nonce[11 - i] ^= byte;
      } else {
        out[7 - i] = byte;
      }
    }
    append(nonce, Bytes(out));
    const auto header = authenticated_header(sequence_, {type, parameters_.version, 0}, content.size());
    Bytes sealed(content.size() + bulk_.tag_size);
    (void)crypto::AeadCipher(parameters_.suite->bulk, keys_.key.view()).seal(nonce, header, content, sealed);
    append(out, sealed);
    return out;
  }

  Parameters parameters_;
  DirectionKeys keys_;
  crypto::BulkInfo bulk_;
  Bytes iv_;
  std::optional<crypto::StreamCipher> stream_;
  std::uint64_t sequence_ = 0;
};

inline Bytes with_version(std::uint16_t version, Bytes bytes) {
  bytes[2] = static_cast<std::uint8_t>(version);
  return bytes;
}

struct ServerStream {
  struct Data {
    std::size_t begin = 0;  // offsets in the stream, header included
    std::size_t end = 0;
    std::string text;
  };
  Bytes client;  // all that the client sends
  Bytes bytes;
  std::vector<Data> data;
  std::string key_log;
};

inline std::string log_line(std::string_view label, const Bytes& secret) {
  return std::string(label) + " " + to_hex(Bytes(32, 0xc1)) + " " + to_hex(secret) + "\n";
}

inline std::string text_of(std::size_t number) {
  // Some of one size, as bulk data is, and some not.
  return std::string(number % 3 == 0 ? 50 : 20 + 17 * (number % 5), static_cast<char>('A' + number));
}

inline ServerStream tls13_stream(const Construction& how, std::size_t records) {
  ServerStream out;
  const Tls13Parameters suite = parameters(how.suite);
  const auto add = [&](std::uint8_t fill, std::uint64_t sequence, std::string_view text, std::uint8_t type) {
    const Sealed sealed = seal(fill, sequence, text, type, 0, suite);
    return record(kApplicationData, sealed.fragment);
  };
  const std::string finished = std::string("\x14\x00\x00\x20", 4) + std::string(32, 'f');
  out.client = client_hello(how.suite);
  append(out.client, add(1, 0, finished, kHandshake));
  out.bytes = server_hello(how.suite, {}, 0, kSupportedVersions13);
  append(out.bytes, kChangeCipher);
  append(out.bytes, add(2, 0, finished, kHandshake));
  for (std::size_t i = 0; i < records; ++i) {
    const std::size_t begin = out.bytes.size();
    append(out.bytes, add(4, i, text_of(i), kApplicationData));
    out.data.push_back({begin, out.bytes.size(), text_of(i)});
  }
  out.key_log = log_line("CLIENT_HANDSHAKE_TRAFFIC_SECRET", secret_of(1)) +
                log_line("SERVER_HANDSHAKE_TRAFFIC_SECRET", secret_of(2)) +
                log_line("CLIENT_TRAFFIC_SECRET_0", secret_of(3)) +
                log_line("SERVER_TRAFFIC_SECRET_0", secret_of(4));
  return out;
}

inline ServerStream server_stream(const Construction& how, std::size_t records) {
  if (how.tls13()) return tls13_stream(how, records);
  ServerStream out;
  const Bytes master(48, 0x77);
  const Bytes etm = how.encrypt_then_mac ? Bytes{0, 22, 0, 0} : Bytes();
  const Bytes finished = to_bytes(as_bytes(std::string("\x14\x00\x00\x0c", 4) + std::string(12, 'f')));
  const auto sealed = [&](Protector& by, std::uint8_t type, ByteView content) {
    return with_version(how.version, record(type, by.fragment(type, content)));
  };
  Protector client(how, master, Direction::client);
  Protector server(how, master, Direction::server);
  out.client = client_hello(how.suite, {}, etm);
  append(out.client, with_version(how.version, kChangeCipher));
  append(out.client, sealed(client, kHandshake, finished));
  Bytes hello = with_version(how.version, server_hello(how.suite, {}, 0, etm));
  hello[10] = static_cast<std::uint8_t>(how.version);
  out.bytes = hello;
  append(out.bytes, with_version(how.version, kChangeCipher));
  append(out.bytes, sealed(server, kHandshake, finished));
  for (std::size_t i = 0; i < records; ++i) {
    const std::size_t begin = out.bytes.size();
    append(out.bytes, sealed(server, kApplicationData, as_bytes(text_of(i))));
    out.data.push_back({begin, out.bytes.size(), text_of(i)});
  }
  out.key_log = log_line("CLIENT_RANDOM", master);
  return out;
}

inline void give_log(Talk& talk, std::string_view lines) {
  talk.store.add_capture_secrets(0, "capture.pcapng", as_bytes(lines));
  talk.environment.current_packet = 1;
}

inline std::string name_of(const testing::TestParamInfo<Construction>& row) {
  return row.param.name;
}

}  // namespace tlspeel::tls
