// Undoes certificate compression (RFC 8879): zlib (RFC 1950), brotli (RFC 7932) and zstd (RFC 8878). The
// whole input must be used up, and the output must have exactly the length that the message claims (section
// 4), so a bomb is as harmless as its claim is small. Pure functions; borrow only for the call.
#pragma once

#include <cstddef>
#include <cstdint>

#include "tlspeel/base/bytes.hpp"

namespace tlspeel::tls {

// The claim is a 24-bit number; the cap is that of any other handshake message that is assembled: a chain of
// a hundred certificates has some 200 KB.
inline constexpr std::size_t kMaxUncompressedCertificate = std::size_t{1} << 20;
// Keys and signatures do not compress: chains become a half or a third as long. Who claims more than this
// wants memory for nothing (zstd needs 53 bytes for 1 MiB of zeros).
inline constexpr std::size_t kMaxCertificateExpansion = 32;

struct Decompressed {
  Bytes message;             // body of the Certificate message
  const char* problem = "";  // static text; not empty: message is
};

// algorithm: code point of RFC 8879 section 7.3.
Decompressed decompress_certificate(std::uint16_t algorithm, ByteView compressed,
                                    std::size_t uncompressed_length);

}  // namespace tlspeel::tls
