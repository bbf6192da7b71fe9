#include "tlspeel/tls/registry/registry.hpp"

#include <set>

#include <gtest/gtest.h>

namespace tlspeel::tls::registry {
namespace {

using Lookup = event::CodePoint (*)(std::uint32_t);

struct Fact {
  Lookup lookup;
  std::uint32_t value;
  std::string_view name;
};

TEST(Registry, NamesAreThoseOfIana) {
  const Fact facts[] = {
      {content_type, 22, "handshake"},
      {content_type, 26, "ACK"},
      {protocol_version, 0x0300, "SSL 3.0"},
      {protocol_version, 0x0303, "TLS 1.2"},
      {protocol_version, 0x7f1c, "TLS 1.3 (draft 28)"},
      {protocol_version, 0x0002, "SSL 2.0"},
      {protocol_version, 0xfefd, "DTLS 1.2"},
      {alert_level, 2, "fatal"},
      {alert_description, 0, "close_notify"},
      {alert_description, 40, "handshake_failure"},
      {alert_description, 48, "unknown_ca"},
      {alert_description, 116, "certificate_required"},
      {alert_description, 121, "ech_required"},
      {heartbeat_message_type, 1, "heartbeat_request"},
      {handshake_type, 1, "client_hello"},
      {handshake_type, 20, "finished"},
      {handshake_type, 25, "compressed_certificate"},
      {handshake_type, 254, "message_hash"},
      {compression_method, 1, "DEFLATE"},
      {client_certificate_type, 64, "ecdsa_sign"},
      {client_certificate_type, 68, "gost_sign512"},
      {ec_curve_type, 3, "named_curve"},
      {key_update_request, 1, "update_requested"},
      {cert_chain_type, 1, "pkipath"},
      {certificate_status_type, 2, "ocsp_multi"},
      {supplemental_data_type, 16386, "authz_data"},
      {extension_type, 0, "server_name"},
      {extension_type, 16, "application_layer_protocol_negotiation"},
      {extension_type, 23, "extended_master_secret"},
      {extension_type, 43, "supported_versions"},
      {extension_type, 51, "key_share"},
      {extension_type, 57, "quic_transport_parameters"},
      {extension_type, 62, "tls_flags"},
      {extension_type, 65037, "encrypted_client_hello"},
      {extension_type, 65281, "renegotiation_info"},
      {supported_group, 23, "secp256r1"},
      {supported_group, 29, "x25519"},
      {supported_group, 41, "curveSM2"},
      {supported_group, 256, "ffdhe2048"},
      {supported_group, 4588, "X25519MLKEM768"},
      {supported_group, 65282, "arbitrary_explicit_char2_curves"},
      {signature_scheme, 0x0403, "ecdsa_secp256r1_sha256"},
      {signature_scheme, 0x0804, "rsa_pss_rsae_sha256"},
      {signature_scheme, 0x0905, "mldsa65"},
      {signature_scheme, 0x0301, "sha224_rsa"},
      {signature_scheme, 0x0202, "sha1_dsa"},
      {ec_point_format, 0, "uncompressed"},
      {psk_key_exchange_mode, 1, "psk_dhe_ke"},
      {psk_key_exchange_mode, 0x2a, "GREASE"},
      {certificate_type, 2, "Raw Public Key"},
      {certificate_compression_algorithm, 2, "brotli"},
      {heartbeat_mode, 1, "peer_allowed_to_send"},
      {srtp_protection_profile, 7, "SRTP_AEAD_AES_128_GCM"},
      {user_mapping_type, 64, "upn_domain_hint"},
      {authorization_data_format, 66, "dtcp_authorization"},
      {hpke_kem, 0x20, "DHKEM(X25519, HKDF-SHA256)"},
      {hpke_kdf, 1, "HKDF-SHA256"},
      {hpke_aead, 3, "ChaCha20Poly1305"},
  };
  for (const Fact& fact : facts) {
    const event::CodePoint point = fact.lookup(fact.value);
    EXPECT_EQ(point.value, fact.value);
    EXPECT_EQ(point.name, fact.name);
  }
}

TEST(Registry, UnknownValuesSurviveWithoutAName) {
  EXPECT_EQ(extension_type(0x1234).value, 0x1234U);
  EXPECT_TRUE(extension_type(0x1234).name.empty());
  EXPECT_TRUE(supported_group(0xffffffff).name.empty());
  EXPECT_TRUE(handshake_type(7).name.empty());
  EXPECT_TRUE(alert_level(0).name.empty());
}

// RFC 8701 section 2.
TEST(Registry, GreaseAreSixteenValues) {
  std::set<std::uint32_t> values;
  for (std::uint32_t value = 0; value <= 0x1ffff; ++value) {
    if (is_grease(value)) values.insert(value);
  }
  EXPECT_EQ(values,
            (std::set<std::uint32_t>{0x0a0a, 0x1a1a, 0x2a2a, 0x3a3a, 0x4a4a, 0x5a5a, 0x6a6a, 0x7a7a, 0x8a8a,
                                     0x9a9a, 0xaaaa, 0xbaba, 0xcaca, 0xdada, 0xeaea, 0xfafa}));
  for (const std::uint32_t value : values) {
    EXPECT_EQ(extension_type(value).name, "GREASE");
    EXPECT_EQ(supported_group(value).name, "GREASE");
    EXPECT_EQ(protocol_version(value).name, "GREASE");
    EXPECT_EQ(signature_scheme(value).name, "GREASE");
  }
}

TEST(Registry, EveryPairOfTls12HasAName) {
  for (std::uint32_t hash = 0; hash <= 6; ++hash) {
    for (std::uint32_t signature = 0; signature <= 3; ++signature) {
      EXPECT_FALSE(signature_scheme(hash << 8 | signature).name.empty()) << hash << " " << signature;
    }
  }
}

TEST(Registry, ExtensionTypesHaveNoHoleUpToTheLastRegistered) {
  for (std::uint32_t type = 0; type <= 62; ++type) EXPECT_FALSE(extension_type(type).name.empty()) << type;
}

}  // namespace
}  // namespace tlspeel::tls::registry
