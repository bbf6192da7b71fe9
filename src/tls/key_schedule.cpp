#include "key_schedule.hpp"

#include <algorithm>

#include "tlspeel/base/reader.hpp"
#include "tlspeel/crypto/bulk_table.hpp"
#include "tlspeel/crypto/digest.hpp"
#include "tlspeel/tls/record.hpp"

namespace tlspeel::tls {
namespace {

using crypto::HashId;
using crypto::PrfId;

constexpr std::size_t kVerifyDataSize =
    12;  // RFC 5246 section 7.4.9: unless the suite says otherwise, and none does

SecretBytes expand(PrfId prf, ByteView secret, std::string_view label, ByteView seed1, ByteView seed2,
                   std::size_t size) {
  return prf == PrfId::ssl3 ? crypto::ssl3_prf(secret, seed1, seed2, size)
                            : crypto::prf(prf, secret, label, {seed1, seed2}, size);
}

// RFC 5246 section 6.3: an initial IV only where the nonce has an implicit part; RFC 2246: for CBC before
// TLS 1.1.
std::size_t iv_size(const Parameters& parameters, const crypto::BulkInfo& bulk) {
  if (bulk.kind != crypto::BulkKind::cbc) return bulk.fixed_iv_size;
  return parameters.version <= kTls10 ? bulk.block_size : 0;
}

// RFC 6101 section 6.2.2: the keys and IVs of exportable ciphers.
void widen_ssl3_export_keys(KeyBlock& block, const crypto::BulkInfo& bulk, std::size_t iv,
                            const Randoms& randoms) {
  const std::array<std::array<ByteView, 2>, 2> order = {
      {{randoms.client, randoms.server}, {randoms.server, randoms.client}}};
  for (std::size_t d = 0; d < block.size(); ++d) {
    const auto& [first, second] = order[d];
    const SecretBytes key(ByteView(crypto::hash(HashId::md5, {block[d].key.view(), first, second})));
    block[d].key = SecretBytes(key.view().first(bulk.key_size));
    block[d].iv = SecretBytes(ByteView(crypto::hash(HashId::md5, {first, second})).first(iv));
  }
}

// RFC 2246 section 6.3.1.
void widen_tls_export_keys(KeyBlock& block, const crypto::BulkInfo& bulk, std::size_t iv,
                           const Randoms& randoms) {
  constexpr std::array<std::string_view, 2> kLabels = {"client write key", "server write key"};
  const SecretBytes ivs =
      crypto::prf(PrfId::md5_sha1, {}, "IV block", {randoms.client, randoms.server}, 2 * iv);
  for (std::size_t d = 0; d < block.size(); ++d) {
    block[d].key = crypto::prf(PrfId::md5_sha1, block[d].key.view(), kLabels[d],
                               {randoms.client, randoms.server}, bulk.key_size);
    if (iv != 0) block[d].iv = SecretBytes(ivs.view().subspan(d * iv, iv));
  }
}

// RFC 6101 section 5.6.9.
void ssl3_finished_half(HashId hash, ByteView master, Direction sender, ByteView handshake, Bytes& out) {
  const std::size_t pad_size = hash == HashId::md5 ? 48 : 40;
  const Bytes pad1(pad_size, 0x36);
  const Bytes pad2(pad_size, 0x5c);
  const ByteView who = as_bytes(sender == Direction::client ? "CLNT" : "SRVR");
  const Bytes inner = crypto::hash(hash, {handshake, who, master, pad1});
  append(out, crypto::hash(hash, {master, pad2, inner}));
}

// RFC 4346 section 7.4.9: both hashes one after the other; RFC 5246: the hash of the PRF.
Bytes handshake_hash(PrfId prf, ByteView handshake) {
  if (prf == PrfId::sha256) return crypto::hash(HashId::sha256, {handshake});
  if (prf == PrfId::sha384) return crypto::hash(HashId::sha384, {handshake});
  Bytes out = crypto::hash(HashId::md5, {handshake});
  append(out, crypto::hash(HashId::sha1, {handshake}));
  return out;
}

}  // namespace

PrfId prf_of(const Parameters& parameters) {
  if (parameters.version <= kSsl3) return PrfId::ssl3;
  if (parameters.version < kTls12) return PrfId::md5_sha1;
  return parameters.suite->prf == PrfHash::sha384 ? PrfId::sha384 : PrfId::sha256;
}

std::string_view prf_name(PrfId prf) {
  switch (prf) {
    case PrfId::ssl3:
      return "SSL 3.0";
    case PrfId::md5_sha1:
      return "MD5/SHA-1";
    case PrfId::sha256:
      return "SHA256";
    case PrfId::sha384:
      return "SHA384";
  }
  return "";
}

SecretBytes master_secret(const Parameters& parameters, ByteView premaster, const Randoms& randoms) {
  return expand(prf_of(parameters), premaster, "master secret", randoms.client, randoms.server,
                kMasterSecretSize);
}

SecretBytes extended_master_secret(const Parameters& parameters, ByteView premaster, ByteView handshake) {
  const PrfId prf = prf_of(parameters);
  const Bytes session_hash = handshake_hash(prf, handshake);
  return crypto::prf(prf, premaster, "extended master secret", {session_hash}, kMasterSecretSize);
}

KeyBlock key_block(const Parameters& parameters, ByteView master, const Randoms& randoms) {
  const crypto::BulkInfo& bulk = crypto::bulk_info(parameters.suite->bulk);
  const PrfId prf = prf_of(parameters);
  const std::size_t mac = crypto::hash_size(parameters.suite->mac);
  const std::size_t key = bulk.key_material_size;
  const std::size_t iv = iv_size(parameters, bulk);
  const bool export_ivs = bulk.exportable;
  const std::size_t total = 2 * (mac + key + (export_ivs ? 0 : iv));
  const SecretBytes all = expand(prf, master, "key expansion", randoms.server, randoms.client, total);
  Reader r(all.view());
  KeyBlock block;
  for (DirectionKeys& keys : block) keys.mac_key = SecretBytes(r.bytes(mac));
  for (DirectionKeys& keys : block) keys.key = SecretBytes(r.bytes(key));
  if (!export_ivs) {
    for (DirectionKeys& keys : block) keys.iv = SecretBytes(r.bytes(iv));
  } else if (prf == PrfId::ssl3) {
    widen_ssl3_export_keys(block, bulk, iv, randoms);
  } else {
    widen_tls_export_keys(block, bulk, iv, randoms);
  }
  return block;
}

Bytes verify_data(const Parameters& parameters, ByteView master, Direction sender, ByteView handshake) {
  const PrfId prf = prf_of(parameters);
  if (prf == PrfId::ssl3) {
    Bytes out;
    ssl3_finished_half(HashId::md5, master, sender, handshake, out);
    ssl3_finished_half(HashId::sha1, master, sender, handshake, out);
    return out;
  }
  const std::string_view label = sender == Direction::client ? "client finished" : "server finished";
  return to_bytes(crypto::prf(prf, master, label, {handshake_hash(prf, handshake)}, kVerifyDataSize).view());
}

}  // namespace tlspeel::tls
