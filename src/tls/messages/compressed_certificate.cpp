#include "tls/messages/compressed_certificate.hpp"

#include <memory>
#include <utility>

#include <brotli/decode.h>
#include <zlib.h>
#include <zstd.h>

#include "tlspeel/base/reader.hpp"
#include "tlspeel/tls/messages/messages.hpp"
#include "tlspeel/tls/registry/registry.hpp"

namespace tlspeel::tls {
namespace {

// RFC 8879 section 7.3.
enum Algorithm : std::uint16_t { kZlib = 1, kBrotli = 2, kZstd = 3 };

// Each fills `out` completely out of all of `in`, or returns false.
bool inflate_zlib(ByteView in, Bytes& out);
bool inflate_brotli(ByteView in, Bytes& out);
bool inflate_zstd(ByteView in, Bytes& out);

}  // namespace

// RFC 8879 section 4. The message stays what it is when its content cannot be had: then problem says why.
ParseResult<event::CompressedCertificate> parse_compressed_certificate(ByteView body,
                                                                       crypto::CertificateCache* cache) {
  Reader r(body);
  event::CompressedCertificate message;
  message.algorithm = registry::certificate_compression_algorithm(r.u16());
  message.uncompressed_length = r.u24();
  const ByteView compressed = r.vector24();
  message.compressed = to_bytes(compressed);
  r.expect_end();
  if (!r.ok()) return tl::unexpected<ParseError>(r.error());

  const Decompressed content = decompress_certificate(static_cast<std::uint16_t>(message.algorithm.value),
                                                      compressed, message.uncompressed_length);
  message.problem = content.problem;
  if (message.problem.empty()) {
    ParseResult<event::Certificate> certificate = parse_certificate(content.message, true, cache);
    if (certificate) {
      message.certificate = std::move(*certificate);
    } else {
      message.problem = certificate.error().what;
    }
  }
  return message;
}

Decompressed decompress_certificate(std::uint16_t algorithm, ByteView compressed,
                                    std::size_t uncompressed_length) {
  if (uncompressed_length > kMaxUncompressedCertificate) return {{}, "more than 1 MiB uncompressed"};
  if (uncompressed_length / kMaxCertificateExpansion > compressed.size()) {
    return {{}, "more than 32 times as long uncompressed"};
  }
  if (uncompressed_length == 0) return {{}, "a length of 0 is claimed"};
  using Inflate = bool (*)(ByteView, Bytes&);
  const Inflate inflate = algorithm == kZlib     ? inflate_zlib
                          : algorithm == kBrotli ? inflate_brotli
                          : algorithm == kZstd   ? inflate_zstd
                                                 : nullptr;
  if (inflate == nullptr) return {{}, "unknown compression algorithm"};
  Bytes message(uncompressed_length);
  if (!inflate(compressed, message)) return {{}, "does not decompress to the length that is claimed"};
  return {std::move(message), ""};
}

namespace {

bool inflate_zlib(ByteView in, Bytes& out) {
  uLongf written = out.size();
  uLong used = in.size();
  return uncompress2(out.data(), &written, in.data(), &used) == Z_OK && written == out.size() &&
         used == in.size();
}

// The window is at most 16 MiB (RFC 7932 section 9.1), and the decoder's memory grows with what was written,
// not with what the header claims.
bool inflate_brotli(ByteView in, Bytes& out) {
  const std::unique_ptr<BrotliDecoderState, decltype(&BrotliDecoderDestroyInstance)> state(
      BrotliDecoderCreateInstance(nullptr, nullptr, nullptr), BrotliDecoderDestroyInstance);
  if (!state) return false;
  std::size_t left_in = in.size();
  std::size_t left_out = out.size();
  const std::uint8_t* from = in.data();
  std::uint8_t* to = out.data();
  return BrotliDecoderDecompressStream(state.get(), &left_in, &from, &left_out, &to, nullptr) ==
             BROTLI_DECODER_RESULT_SUCCESS &&
         left_in == 0 && left_out == 0;
}

// In one piece, so that the output is the window.
bool inflate_zstd(ByteView in, Bytes& out) {
  const std::size_t written = ZSTD_decompress(out.data(), out.size(), in.data(), in.size());
  return ZSTD_isError(written) == 0 && written == out.size();
}

}  // namespace
}  // namespace tlspeel::tls
