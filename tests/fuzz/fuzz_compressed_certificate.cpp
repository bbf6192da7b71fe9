// modules: tls
// CompressedCertificate (RFC 8879): header, decompression, and the Certificate message inside.
#include <cstddef>
#include <cstdint>

#include "tlspeel/tls/messages/messages.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  (void)tlspeel::tls::parse_compressed_certificate(tlspeel::ByteView(data, size));
  return 0;
}
