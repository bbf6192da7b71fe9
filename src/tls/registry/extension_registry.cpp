#include "tlspeel/tls/registry/registry.hpp"

#include "tls/registry/code_point_table.hpp"

namespace tlspeel::tls::registry {
namespace {

// TLS ExtensionType Values, and what was deployed without them: next protocol negotiation, ALPS, channel ID,
// drafts.
constexpr auto kExtensionTypes = std::to_array<CodePointRow>({
    {0, "server_name"},
    {1, "max_fragment_length"},
    {2, "client_certificate_url"},
    {3, "trusted_ca_keys"},
    {4, "truncated_hmac"},
    {5, "status_request"},
    {6, "user_mapping"},
    {7, "client_authz"},
    {8, "server_authz"},
    {9, "cert_type"},
    {10, "supported_groups"},
    {11, "ec_point_formats"},
    {12, "srp"},
    {13, "signature_algorithms"},
    {14, "use_srtp"},
    {15, "heartbeat"},
    {16, "application_layer_protocol_negotiation"},
    {17, "status_request_v2"},
    {18, "signed_certificate_timestamp"},
    {19, "client_certificate_type"},
    {20, "server_certificate_type"},
    {21, "padding"},
    {22, "encrypt_then_mac"},
    {23, "extended_master_secret"},
    {24, "token_binding"},
    {25, "cached_info"},
    {26, "tls_lts"},
    {27, "compress_certificate"},
    {28, "record_size_limit"},
    {29, "pwd_protect"},
    {30, "pwd_clear"},
    {31, "password_salt"},
    {32, "ticket_pinning"},
    {33, "tls_cert_with_extern_psk"},
    {34, "delegated_credential"},
    {35, "session_ticket"},
    {36, "TLMSP"},
    {37, "TLMSP_proxying"},
    {38, "TLMSP_delegate"},
    {39, "supported_ekt_ciphers"},
    {40, "key_share_draft"},
    {41, "pre_shared_key"},
    {42, "early_data"},
    {43, "supported_versions"},
    {44, "cookie"},
    {45, "psk_key_exchange_modes"},
    {46, "ticket_early_data_info_draft"},
    {47, "certificate_authorities"},
    {48, "oid_filters"},
    {49, "post_handshake_auth"},
    {50, "signature_algorithms_cert"},
    {51, "key_share"},
    {52, "transparency_info"},
    {53, "connection_id_deprecated"},
    {54, "connection_id"},
    {55, "external_id_hash"},
    {56, "external_session_id"},
    {57, "quic_transport_parameters"},
    {58, "ticket_request"},
    {59, "dnssec_chain"},
    {60, "sequence_number_encryption_algorithms"},
    {61, "rrc"},
    {62, "tls_flags"},
    {13172, "next_protocol_negotiation"},
    {17513, "application_settings_old"},
    {17613, "application_settings"},
    {30031, "channel_id_old"},
    {30032, "channel_id"},
    {51764, "trust_anchors"},
    {64768, "ech_outer_extensions"},
    {65037, "encrypted_client_hello"},
    {65281, "renegotiation_info"},
    {65445, "quic_transport_parameters_draft"},
    {65486, "encrypted_server_name"},
});
static_assert(sorted_and_unique(kExtensionTypes));

// RFC 8422 section 5.1.2.
constexpr auto kEcPointFormats = std::to_array<CodePointRow>({
    {0, "uncompressed"},
    {1, "ansiX962_compressed_prime"},
    {2, "ansiX962_compressed_char2"},
});
static_assert(sorted_and_unique(kEcPointFormats));

// RFC 8446 section 4.2.9; the other eight are the GREASE values of RFC 8701 section 2.
constexpr auto kPskKeyExchangeModes = std::to_array<CodePointRow>({
    {0, "psk_ke"},
    {1, "psk_dhe_ke"},
    {11, "GREASE"},
    {42, "GREASE"},
    {73, "GREASE"},
    {104, "GREASE"},
    {135, "GREASE"},
    {166, "GREASE"},
    {197, "GREASE"},
    {228, "GREASE"},
});
static_assert(sorted_and_unique(kPskKeyExchangeModes));

// RFC 7250, RFC 8902.
constexpr auto kCertificateTypes = std::to_array<CodePointRow>({
    {0, "X509"},
    {1, "OpenPGP_RESERVED"},
    {2, "Raw Public Key"},
    {3, "1609Dot2"},
});
static_assert(sorted_and_unique(kCertificateTypes));

// RFC 8879 section 7.3.
constexpr auto kCertificateCompressionAlgorithms = std::to_array<CodePointRow>({
    {1, "zlib"},
    {2, "brotli"},
    {3, "zstd"},
});
static_assert(sorted_and_unique(kCertificateCompressionAlgorithms));

// RFC 6520 section 2.
constexpr auto kHeartbeatModes = std::to_array<CodePointRow>({
    {1, "peer_allowed_to_send"},
    {2, "peer_not_allowed_to_send"},
});
static_assert(sorted_and_unique(kHeartbeatModes));

// RFC 5764, RFC 7714, RFC 8269, RFC 8723.
constexpr auto kSrtpProtectionProfiles = std::to_array<CodePointRow>({
    {1, "SRTP_AES128_CM_HMAC_SHA1_80"},
    {2, "SRTP_AES128_CM_HMAC_SHA1_32"},
    {5, "SRTP_NULL_HMAC_SHA1_80"},
    {6, "SRTP_NULL_HMAC_SHA1_32"},
    {7, "SRTP_AEAD_AES_128_GCM"},
    {8, "SRTP_AEAD_AES_256_GCM"},
    {9, "DOUBLE_AEAD_AES_128_GCM_AEAD_AES_128_GCM"},
    {10, "DOUBLE_AEAD_AES_256_GCM_AEAD_AES_256_GCM"},
    {11, "SRTP_ARIA_128_CTR_HMAC_SHA1_80"},
    {12, "SRTP_ARIA_128_CTR_HMAC_SHA1_32"},
    {13, "SRTP_ARIA_256_CTR_HMAC_SHA1_80"},
    {14, "SRTP_ARIA_256_CTR_HMAC_SHA1_32"},
    {15, "SRTP_AEAD_ARIA_128_GCM"},
    {16, "SRTP_AEAD_ARIA_256_GCM"},
});
static_assert(sorted_and_unique(kSrtpProtectionProfiles));

// RFC 4681 section 6.
constexpr auto kUserMappingTypes = std::to_array<CodePointRow>({
    {64, "upn_domain_hint"},
});
static_assert(sorted_and_unique(kUserMappingTypes));

// RFC 5878, RFC 6042, RFC 7562.
constexpr auto kAuthorizationDataFormats = std::to_array<CodePointRow>({
    {0, "x509_attr_cert"},
    {1, "saml_assertion"},
    {2, "x509_attr_cert_url"},
    {3, "saml_assertion_url"},
    {64, "keynote_assertion_list"},
    {65, "keynote_assertion_list_url"},
    {66, "dtcp_authorization"},
});
static_assert(sorted_and_unique(kAuthorizationDataFormats));

// RFC 9180 section 7.1.
constexpr auto kHpkeKems = std::to_array<CodePointRow>({
    {0x0010, "DHKEM(P-256, HKDF-SHA256)"},
    {0x0011, "DHKEM(P-384, HKDF-SHA384)"},
    {0x0012, "DHKEM(P-521, HKDF-SHA512)"},
    {0x0016, "DHKEM(secp256k1, HKDF-SHA256)"},
    {0x0020, "DHKEM(X25519, HKDF-SHA256)"},
    {0x0021, "DHKEM(X448, HKDF-SHA512)"},
    {0x0030, "X25519Kyber768Draft00"},
});
static_assert(sorted_and_unique(kHpkeKems));

// RFC 9180 section 7.2.
constexpr auto kHpkeKdfs = std::to_array<CodePointRow>({
    {0x0001, "HKDF-SHA256"},
    {0x0002, "HKDF-SHA384"},
    {0x0003, "HKDF-SHA512"},
});
static_assert(sorted_and_unique(kHpkeKdfs));

// RFC 9180 section 7.3.
constexpr auto kHpkeAeads = std::to_array<CodePointRow>({
    {0x0001, "AES-128-GCM"},
    {0x0002, "AES-256-GCM"},
    {0x0003, "ChaCha20Poly1305"},
    {0xffff, "Export-only"},
});
static_assert(sorted_and_unique(kHpkeAeads));

}  // namespace

event::CodePoint extension_type(std::uint32_t value) {
  if (is_grease(value)) return {value, kGrease};
  return lookup(kExtensionTypes, value);
}

event::CodePoint ec_point_format(std::uint32_t value) {
  return lookup(kEcPointFormats, value);
}

event::CodePoint psk_key_exchange_mode(std::uint32_t value) {
  return lookup(kPskKeyExchangeModes, value);
}

event::CodePoint certificate_type(std::uint32_t value) {
  return lookup(kCertificateTypes, value);
}

event::CodePoint certificate_compression_algorithm(std::uint32_t value) {
  if (is_grease(value)) return {value, kGrease};
  return lookup(kCertificateCompressionAlgorithms, value);
}

event::CodePoint heartbeat_mode(std::uint32_t value) {
  return lookup(kHeartbeatModes, value);
}

event::CodePoint srtp_protection_profile(std::uint32_t value) {
  return lookup(kSrtpProtectionProfiles, value);
}

event::CodePoint user_mapping_type(std::uint32_t value) {
  return lookup(kUserMappingTypes, value);
}

event::CodePoint authorization_data_format(std::uint32_t value) {
  return lookup(kAuthorizationDataFormats, value);
}

event::CodePoint hpke_kem(std::uint32_t value) {
  return lookup(kHpkeKems, value);
}

event::CodePoint hpke_kdf(std::uint32_t value) {
  return lookup(kHpkeKdfs, value);
}

event::CodePoint hpke_aead(std::uint32_t value) {
  return lookup(kHpkeAeads, value);
}

}  // namespace tlspeel::tls::registry
