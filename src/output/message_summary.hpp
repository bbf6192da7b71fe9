// One TLS message in one line: its name as the RFCs write it, and its telling fields. Safe for a terminal,
// without a newline.
#pragma once

#include <string>
#include <string_view>

#include "tlspeel/event/event.hpp"

#include "output/lines.hpp"

namespace tlspeel::output {

// "ClientHello", "HelloRetryRequest", "Alert", "ApplicationData"; what has no name: "Handshake 0x2a".
std::string message_name(const event::TlsMessage& message);

// resumed: the ServerHello took up a session that the ClientHello offered.
std::string message_summary(const event::TlsMessage& message, bool resumed);
Ink message_ink(const event::TlsMessage& message);

// "Certificate (1,234 bytes)", "Alert"...: pieces that other parts of the text say too.
std::string certificate_subject(const event::CertificateInfo& certificate);
std::string extension_texts(const event::Extensions& extensions,
                            std::uint32_t type);  // "" when it is not there

// ExtensionType values that the summaries look at (IANA TLS ExtensionType registry).
inline constexpr std::uint32_t kServerName = 0;
inline constexpr std::uint32_t kAlpn = 16;
inline constexpr std::uint32_t kSessionTicket = 35;
inline constexpr std::uint32_t kPreSharedKey = 41;
inline constexpr std::uint32_t kEarlyData = 42;
inline constexpr std::uint32_t kKeyShare = 51;
inline constexpr std::uint32_t kTls12 = 0x0303;
inline constexpr std::uint32_t kTls13 = 0x0304;
inline constexpr std::uint32_t kSsl30 = 0x0300;

// TLS 1.3 and its drafts (0x7f00 and up).
inline bool is_tls13(const event::CodePoint& version) {
  return version.value == kTls13 || (version.value >> 8U) == 0x7f;
}

}  // namespace tlspeel::output
