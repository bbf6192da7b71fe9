// From premaster secret to record keys and verify_data, SSL 3.0 to TLS 1.2.
// RFC 6101 (SSL 3.0) sections 5.6.9, 6.1 and 6.2.2; RFC 2246 section 6.3.1 (export ciphers); RFC 5246
// sections 6.3, 7.4.9 and 8.1; RFC 7627 section 4 (extended master secret). Pure functions; errors of the
// crypto library are thrown as crypto::CryptoError.
#pragma once

#include <array>
#include <cstdint>

#include "tlspeel/base/bytes.hpp"
#include "tlspeel/base/direction.hpp"
#include "tlspeel/base/secret_bytes.hpp"
#include "tlspeel/crypto/prf.hpp"
#include "tlspeel/tls/cipher_suites.hpp"

namespace tlspeel::tls {

constexpr std::size_t kMasterSecretSize = 48;

struct Randoms {
  Bytes client;  // 32 bytes each
  Bytes server;
};

// What a handshake agreed on, as far as keys depend on it.
struct Parameters {
  std::uint16_t version = 0;  // kSsl3 to kTls12
  const CipherSuite* suite = nullptr;
  bool encrypt_then_mac = false;  // RFC 7366
  bool extended_master_secret = false;
  bool truncated_hmac = false;   // RFC 6066 section 7: MACs of 10 bytes
  std::uint8_t compression = 0;  // 0: none, 1: DEFLATE (RFC 3749)
};

// Which PRF the version and suite call for.
crypto::PrfId prf_of(const Parameters& parameters);
std::string_view prf_name(crypto::PrfId prf);

SecretBytes master_secret(const Parameters& parameters, ByteView premaster, const Randoms& randoms);
// handshake: all messages from ClientHello to ClientKeyExchange.
SecretBytes extended_master_secret(const Parameters& parameters, ByteView premaster, ByteView handshake);

struct DirectionKeys {
  SecretBytes mac_key;
  SecretBytes key;
  SecretBytes iv;  // CBC before TLS 1.1: the first IV; AEAD: the implicit part of the nonce
};
using KeyBlock = std::array<DirectionKeys, 2>;  // by Direction

KeyBlock key_block(const Parameters& parameters, ByteView master, const Randoms& randoms);

// What the Finished message of `sender` has to hold after the messages in `handshake`.
Bytes verify_data(const Parameters& parameters, ByteView master, Direction sender, ByteView handshake);

}  // namespace tlspeel::tls
