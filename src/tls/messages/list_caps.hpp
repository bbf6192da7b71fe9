// Which lists are cut below what a handshake message of 2^24-1 bytes could carry, and why only these.
// Most lists stand in a vector of at most 2^16-1 bytes; its decoded form is at most about 40 times as large
// (an empty extension: 4 bytes on the wire, about 140 as a value), so one message costs a few MB at worst.
// Only lists with a 24-bit length could grow to hundreds of MB; they are cut here, and so are those that are
// kept longer than their message. A message with more is malformed, and keeps its bytes in OtherHandshake.
#pragma once

#include <cstddef>

namespace tlspeel::tls {

// A chain has seldom more than 4 certificates; OpenSSL follows at most 100.
inline constexpr std::size_t kMaxCertificates = 100;
// Of one certificate in TLS 1.3: RFC 8446 section 4.4.2 names two, and a type may stand there once.
inline constexpr std::size_t kMaxCertificateExtensions = 64;
// RFC 4680: one entry per type; two types exist.
inline constexpr std::size_t kMaxSupplementalDataEntries = 256;

// Of a ClientHello, for whose connection these are kept. Clients offer one or two of each.
inline constexpr std::size_t kMaxPskOffers = 256;
inline constexpr std::size_t kMaxKeyShares = 256;

}  // namespace tlspeel::tls
