#include "tls13_schedule.hpp"

#include "tlspeel/crypto/bulk_table.hpp"
#include "tlspeel/crypto/error.hpp"
#include "tlspeel/crypto/mac.hpp"
#include "tlspeel/crypto/prf.hpp"

namespace tlspeel::tls {
namespace {

constexpr std::size_t kIvSize = 12;  // RFC 8446 section 5.3: of every suite

// struct HkdfLabel of the drafts up to 19: the label begins with "TLS 1.3, " instead of "tls13 ".
SecretBytes expand_old_label(crypto::HashId hash, ByteView secret, std::string_view label, ByteView context,
                             std::size_t size) {
  constexpr std::string_view kPrefix = "TLS 1.3, ";
  Bytes info = {static_cast<std::uint8_t>(size >> 8), static_cast<std::uint8_t>(size),
                static_cast<std::uint8_t>(kPrefix.size() + label.size())};
  append(info, as_bytes(kPrefix));
  append(info, as_bytes(label));
  info.push_back(static_cast<std::uint8_t>(context.size()));
  append(info, context);
  return crypto::hkdf_expand(hash, secret, info, size);
}

SecretBytes expand_label(const Tls13Parameters& parameters, ByteView secret, std::string_view label,
                         ByteView context, std::size_t size) {
  constexpr unsigned kFirstWithNewLabels = 20;
  const bool old = parameters.draft != 0 && parameters.draft < kFirstWithNewLabels;
  return old ? expand_old_label(parameters.hash, secret, label, context, size)
             : crypto::hkdf_expand_label(parameters.hash, secret, label, context, size);
}

SecretBytes zeros_of_hash(const Tls13Parameters& parameters) {
  return SecretBytes(crypto::hash_size(parameters.hash));
}

// Derive-Secret(., "derived", "") stands between two extractions.
SecretBytes extract_next(const Tls13Parameters& parameters, ByteView secret, ByteView input) {
  const Bytes empty_hash = crypto::hash(parameters.hash, {});
  const SecretBytes salt = derive_secret(parameters, secret, "derived", empty_hash);
  const SecretBytes zeros = zeros_of_hash(parameters);
  return crypto::hkdf_extract(parameters.hash, salt.view(), input.empty() ? zeros.view() : input);
}

}  // namespace

crypto::HashId hkdf_hash(const CipherSuite& suite) {
  switch (suite.prf) {
    case PrfHash::sha256:
      return crypto::HashId::sha256;
    case PrfHash::sha384:
      return crypto::HashId::sha384;
    case PrfHash::sha512:
      return crypto::HashId::sha512;
    case PrfHash::sm3:
    case PrfHash::streebog:
      break;
  }
  return crypto::HashId::none;
}

Tls13Parameters tls13_parameters(const CipherSuite& suite, std::uint16_t selected_version) {
  const bool draft = selected_version >> 8 == 0x7f;
  return {&suite, hkdf_hash(suite), draft ? selected_version & 0xffU : 0U};
}

SecretBytes early_secret(const Tls13Parameters& parameters, ByteView psk) {
  const SecretBytes zeros = zeros_of_hash(parameters);
  return crypto::hkdf_extract(parameters.hash, zeros.view(), psk.empty() ? zeros.view() : psk);
}

SecretBytes handshake_secret(const Tls13Parameters& parameters, ByteView early_secret, ByteView shared) {
  return extract_next(parameters, early_secret, shared);
}

SecretBytes master_secret(const Tls13Parameters& parameters, ByteView handshake_secret) {
  return extract_next(parameters, handshake_secret, {});
}

SecretBytes derive_secret(const Tls13Parameters& parameters, ByteView secret, std::string_view label,
                          ByteView transcript_hash) {
  return expand_label(parameters, secret, label, transcript_hash, crypto::hash_size(parameters.hash));
}

SecretBytes next_traffic_secret(const Tls13Parameters& parameters, ByteView traffic_secret) {
  constexpr unsigned kFirstWithNewLabel = 20;
  const bool old = parameters.draft != 0 && parameters.draft < kFirstWithNewLabel;
  return expand_label(parameters, traffic_secret, old ? "application traffic secret" : "traffic upd", {},
                      crypto::hash_size(parameters.hash));
}

DirectionKeys traffic_keys(const Tls13Parameters& parameters, ByteView traffic_secret) {
  DirectionKeys keys;
  const std::size_t size = crypto::bulk_info(parameters.suite->bulk).key_size;
  keys.key = expand_label(parameters, traffic_secret, "key", {}, size);
  keys.iv = expand_label(parameters, traffic_secret, "iv", {}, kIvSize);
  return keys;
}

Bytes finished_verify_data(const Tls13Parameters& parameters, ByteView base_key, ByteView transcript_hash) {
  const std::size_t size = crypto::hash_size(parameters.hash);
  const SecretBytes key = expand_label(parameters, base_key, "finished", {}, size);
  Bytes out(size);
  crypto::Hmac(parameters.hash, key.view()).compute({transcript_hash}, out);
  return out;
}

SecretBytes resumption_psk(const Tls13Parameters& parameters, ByteView resumption_master_secret,
                           ByteView ticket_nonce) {
  return expand_label(parameters, resumption_master_secret, "resumption", ticket_nonce,
                      crypto::hash_size(parameters.hash));
}

}  // namespace tlspeel::tls
