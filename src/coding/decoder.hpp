// One coding, pushed in pieces of any size. What a stream that is cut or damaged holds before the damage is
// given. The same bytes give the same content and the same answer however they are split. One thread.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "tlspeel/base/bytes.hpp"

namespace tlspeel::coding {

enum class Step : std::uint8_t {
  more,     // room is full, or input is used up
  ended,    // what is left of input does not belong to it
  damaged,  // reason() says why
};

class Decoder {
 public:
  Decoder() = default;
  virtual ~Decoder() = default;
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;

  // Both are moved behind what was taken and what was written.
  virtual Step run(ByteView& input, std::span<std::uint8_t>& room) = 0;
  // The stream may end here.
  virtual bool complete() const = 0;
  virtual std::string_view reason() const = 0;  // static text, or lives as long as the decoder
};

// Each is made when its first byte comes.
std::unique_ptr<Decoder> make_gzip_decoder();     // RFC 1952, any number of members; 40 KiB
std::unique_ptr<Decoder> make_deflate_decoder();  // RFC 1950, or RFC 1951 as some servers send it; 40 KiB
std::unique_ptr<Decoder> make_brotli_decoder();   // RFC 7932; grows with what was decoded, 16 MiB at most
std::unique_ptr<Decoder> make_zstd_decoder();     // RFC 8878; 8 MiB at most (RFC 9659)
std::unique_ptr<Decoder> make_lzw_decoder();      // compress; 256 KiB at most

}  // namespace tlspeel::coding
