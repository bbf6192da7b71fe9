#include "tlspeel/tls/registry/registry.hpp"

#include "tls/registry/code_point_table.hpp"

namespace tlspeel::tls::registry {
namespace {

// RFC 8446 section 4 and its predecessors; 67: next protocol negotiation; 203: channel ID.
constexpr auto kHandshakeTypes = std::to_array<CodePointRow>({
    {0, "hello_request"},
    {1, "client_hello"},
    {2, "server_hello"},
    {3, "hello_verify_request"},
    {4, "new_session_ticket"},
    {5, "end_of_early_data"},
    {6, "hello_retry_request"},
    {8, "encrypted_extensions"},
    {9, "request_connection_id"},
    {10, "new_connection_id"},
    {11, "certificate"},
    {12, "server_key_exchange"},
    {13, "certificate_request"},
    {14, "server_hello_done"},
    {15, "certificate_verify"},
    {16, "client_key_exchange"},
    {17, "client_certificate_request"},
    {20, "finished"},
    {21, "certificate_url"},
    {22, "certificate_status"},
    {23, "supplemental_data"},
    {24, "key_update"},
    {25, "compressed_certificate"},
    {26, "ekt_key"},
    {67, "next_protocol"},
    {203, "channel_id"},
    {254, "message_hash"},
});
static_assert(sorted_and_unique(kHandshakeTypes));

// RFC 3749, RFC 3943.
constexpr auto kCompressionMethods = std::to_array<CodePointRow>({
    {0, "NULL"},
    {1, "DEFLATE"},
    {64, "LZS"},
});
static_assert(sorted_and_unique(kCompressionMethods));

// RFC 5246 section 7.4.4, RFC 8422 section 5.5, RFC 9189; 21, 22: GOST before it was standardised; 80: GB/T
// 38636.
constexpr auto kClientCertificateTypes = std::to_array<CodePointRow>({
    {1, "rsa_sign"},
    {2, "dss_sign"},
    {3, "rsa_fixed_dh"},
    {4, "dss_fixed_dh"},
    {5, "rsa_ephemeral_dh_RESERVED"},
    {6, "dss_ephemeral_dh_RESERVED"},
    {20, "fortezza_dms_RESERVED"},
    {21, "gost_sign94"},
    {22, "gost_sign01"},
    {64, "ecdsa_sign"},
    {65, "rsa_fixed_ecdh"},
    {66, "ecdsa_fixed_ecdh"},
    {67, "gost_sign256"},
    {68, "gost_sign512"},
    {80, "ibc_params"},
});
static_assert(sorted_and_unique(kClientCertificateTypes));

// RFC 8422 section 5.4.
constexpr auto kEcCurveTypes = std::to_array<CodePointRow>({
    {1, "explicit_prime"},
    {2, "explicit_char2"},
    {3, "named_curve"},
});
static_assert(sorted_and_unique(kEcCurveTypes));

// RFC 8446 section 4.6.3.
constexpr auto kKeyUpdateRequests = std::to_array<CodePointRow>({
    {0, "update_not_requested"},
    {1, "update_requested"},
});
static_assert(sorted_and_unique(kKeyUpdateRequests));

// RFC 6066 section 5.
constexpr auto kCertChainTypes = std::to_array<CodePointRow>({
    {0, "individual_certs"},
    {1, "pkipath"},
});
static_assert(sorted_and_unique(kCertChainTypes));

// RFC 6066 section 8, RFC 6961.
constexpr auto kCertificateStatusTypes = std::to_array<CodePointRow>({
    {1, "ocsp"},
    {2, "ocsp_multi"},
});
static_assert(sorted_and_unique(kCertificateStatusTypes));

// RFC 4680, RFC 4681, RFC 5878.
constexpr auto kSupplementalDataTypes = std::to_array<CodePointRow>({
    {0, "user_mapping_data"},
    {16386, "authz_data"},
});
static_assert(sorted_and_unique(kSupplementalDataTypes));

}  // namespace

event::CodePoint handshake_type(std::uint32_t value) {
  return lookup(kHandshakeTypes, value);
}

event::CodePoint compression_method(std::uint32_t value) {
  return lookup(kCompressionMethods, value);
}

event::CodePoint client_certificate_type(std::uint32_t value) {
  return lookup(kClientCertificateTypes, value);
}

event::CodePoint ec_curve_type(std::uint32_t value) {
  return lookup(kEcCurveTypes, value);
}

event::CodePoint key_update_request(std::uint32_t value) {
  return lookup(kKeyUpdateRequests, value);
}

event::CodePoint cert_chain_type(std::uint32_t value) {
  return lookup(kCertChainTypes, value);
}

event::CodePoint certificate_status_type(std::uint32_t value) {
  return lookup(kCertificateStatusTypes, value);
}

event::CodePoint supplemental_data_type(std::uint32_t value) {
  return lookup(kSupplementalDataTypes, value);
}

}  // namespace tlspeel::tls::registry
