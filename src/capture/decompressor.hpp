// One compressed stream (a gzip member, a zstd or LZ4 frame, an xz or bzip2 stream), pushed in pieces of any
// size. What the libraries can give of a stream that is cut or damaged is given: each is driven until nothing
// more comes of what is there. Memory: what the format's window takes, with a cap. Not thread safe.
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "tlspeel/base/bytes.hpp"

#include "capture/compression.hpp"

namespace tlspeel::capture {

enum class Decompressed : std::uint8_t {
  more,         // room is full, or input is used up
  ended,        // the stream is complete; input holds what follows it
  damaged,      // nothing can come any more
  unconfirmed,  // all has come, and the checksum over it does not fit
  too_large,    // its window needs more memory than is given
};

class Decompressor {
 public:
  Decompressor() = default;
  virtual ~Decompressor() = default;
  Decompressor(const Decompressor&) = delete;
  Decompressor& operator=(const Decompressor&) = delete;

  // Both are moved behind what was taken and what was written.
  virtual Decompressed run(ByteView& input, std::span<std::uint8_t>& room) = 0;
};

// Never null; where a library has no memory, run() says so.
std::unique_ptr<Decompressor> make_decompressor(Compression compression);

}  // namespace tlspeel::capture
