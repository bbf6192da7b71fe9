#include "tlspeel/tls/registry/registry.hpp"

#include "tls/registry/code_point_table.hpp"

namespace tlspeel::tls::registry {
namespace {

// RFC 8446 appendix B.1, RFC 6520, RFC 9146, RFC 9147.
constexpr auto kContentTypes = std::to_array<CodePointRow>({
    {20, "change_cipher_spec"},
    {21, "alert"},
    {22, "handshake"},
    {23, "application_data"},
    {24, "heartbeat"},
    {25, "tls12_cid"},
    {26, "ACK"},
    {27, "return_routability_check"},
});
static_assert(sorted_and_unique(kContentTypes));

// Drafts of TLS 1.3 used 0x7f00 and their number; GB/T 38636 (TLCP) uses 0x0101.
constexpr auto kProtocolVersions = std::to_array<CodePointRow>({
    {0x0002, "SSL 2.0"},
    {0x0100, "DTLS 1.0 (OpenSSL before 0.9.8f)"},
    {0x0101, "TLCP 1.1"},
    {0x0300, "SSL 3.0"},
    {0x0301, "TLS 1.0"},
    {0x0302, "TLS 1.1"},
    {0x0303, "TLS 1.2"},
    {0x0304, "TLS 1.3"},
    {0x7f01, "TLS 1.3 (draft 1)"},
    {0x7f02, "TLS 1.3 (draft 2)"},
    {0x7f03, "TLS 1.3 (draft 3)"},
    {0x7f04, "TLS 1.3 (draft 4)"},
    {0x7f05, "TLS 1.3 (draft 5)"},
    {0x7f06, "TLS 1.3 (draft 6)"},
    {0x7f07, "TLS 1.3 (draft 7)"},
    {0x7f08, "TLS 1.3 (draft 8)"},
    {0x7f09, "TLS 1.3 (draft 9)"},
    {0x7f0a, "TLS 1.3 (draft 10)"},
    {0x7f0b, "TLS 1.3 (draft 11)"},
    {0x7f0c, "TLS 1.3 (draft 12)"},
    {0x7f0d, "TLS 1.3 (draft 13)"},
    {0x7f0e, "TLS 1.3 (draft 14)"},
    {0x7f0f, "TLS 1.3 (draft 15)"},
    {0x7f10, "TLS 1.3 (draft 16)"},
    {0x7f11, "TLS 1.3 (draft 17)"},
    {0x7f12, "TLS 1.3 (draft 18)"},
    {0x7f13, "TLS 1.3 (draft 19)"},
    {0x7f14, "TLS 1.3 (draft 20)"},
    {0x7f15, "TLS 1.3 (draft 21)"},
    {0x7f16, "TLS 1.3 (draft 22)"},
    {0x7f17, "TLS 1.3 (draft 23)"},
    {0x7f18, "TLS 1.3 (draft 24)"},
    {0x7f19, "TLS 1.3 (draft 25)"},
    {0x7f1a, "TLS 1.3 (draft 26)"},
    {0x7f1b, "TLS 1.3 (draft 27)"},
    {0x7f1c, "TLS 1.3 (draft 28)"},
    {0xfb17, "TLS 1.3 (Facebook draft 23)"},
    {0xfb1a, "TLS 1.3 (Facebook draft 26)"},
    {0xfefc, "DTLS 1.3"},
    {0xfefd, "DTLS 1.2"},
    {0xfeff, "DTLS 1.0"},
});
static_assert(sorted_and_unique(kProtocolVersions));

// RFC 8446 section 6.
constexpr auto kAlertLevels = std::to_array<CodePointRow>({
    {1, "warning"},
    {2, "fatal"},
});
static_assert(sorted_and_unique(kAlertLevels));

// RFC 8446 section 6, RFC 6101 section 5.4, RFC 5246 section 7.2, RFC 6066, RFC 7301, RFC 7507, RFC 9147, RFC
// 9849.
constexpr auto kAlertDescriptions = std::to_array<CodePointRow>({
    {0, "close_notify"},
    {1, "end_of_early_data"},
    {10, "unexpected_message"},
    {20, "bad_record_mac"},
    {21, "decryption_failed"},
    {22, "record_overflow"},
    {30, "decompression_failure"},
    {40, "handshake_failure"},
    {41, "no_certificate"},
    {42, "bad_certificate"},
    {43, "unsupported_certificate"},
    {44, "certificate_revoked"},
    {45, "certificate_expired"},
    {46, "certificate_unknown"},
    {47, "illegal_parameter"},
    {48, "unknown_ca"},
    {49, "access_denied"},
    {50, "decode_error"},
    {51, "decrypt_error"},
    {52, "too_many_cids_requested"},
    {60, "export_restriction"},
    {70, "protocol_version"},
    {71, "insufficient_security"},
    {80, "internal_error"},
    {86, "inappropriate_fallback"},
    {90, "user_canceled"},
    {100, "no_renegotiation"},
    {109, "missing_extension"},
    {110, "unsupported_extension"},
    {111, "certificate_unobtainable"},
    {112, "unrecognized_name"},
    {113, "bad_certificate_status_response"},
    {114, "bad_certificate_hash_value"},
    {115, "unknown_psk_identity"},
    {116, "certificate_required"},
    {117, "general_error"},
    {120, "no_application_protocol"},
    {121, "ech_required"},
});
static_assert(sorted_and_unique(kAlertDescriptions));

// RFC 6520 section 3.
constexpr auto kHeartbeatMessageTypes = std::to_array<CodePointRow>({
    {1, "heartbeat_request"},
    {2, "heartbeat_response"},
});
static_assert(sorted_and_unique(kHeartbeatMessageTypes));

}  // namespace

event::CodePoint content_type(std::uint32_t value) {
  return lookup(kContentTypes, value);
}

event::CodePoint protocol_version(std::uint32_t value) {
  if (is_grease(value)) return {value, kGrease};
  return lookup(kProtocolVersions, value);
}

event::CodePoint alert_level(std::uint32_t value) {
  return lookup(kAlertLevels, value);
}

event::CodePoint alert_description(std::uint32_t value) {
  return lookup(kAlertDescriptions, value);
}

event::CodePoint heartbeat_message_type(std::uint32_t value) {
  return lookup(kHeartbeatMessageTypes, value);
}

}  // namespace tlspeel::tls::registry
