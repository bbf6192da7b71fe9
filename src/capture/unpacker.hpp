// What a compressed file unpacks to, in the order of its bytes: one compressed stream after another, as
// `cat a.gz b.gz` makes them; zeros between and behind them are padding. Takes its bytes from a function, and
// no more of them than are needed for the next that come out, so that a pipe is not waited for too early. Not
// thread safe.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "tlspeel/base/bytes.hpp"

#include "capture/compression.hpp"
#include "capture/decompressor.hpp"

namespace tlspeel::capture {

class Unpacker {
 public:
  // Puts the next compressed bytes there, and says how many; 0: there are no more.
  using Pull = std::function<std::size_t(std::span<std::uint8_t>)>;

  // `start`: bytes that were taken already.
  Unpacker(Compression compression, ByteView start, Pull pull);

  // At least one byte, or 0 at the end: error() tells whether there should have been more.
  std::size_t read(std::span<std::uint8_t> to);
  Compression compression() const { return compression_; }
  // Empty, or what is wrong with the compressed bytes: "its gzip data is cut off".
  const std::string& error() const { return error_; }
  // The error is a checksum that does not fit: what was handed out may be damaged.
  bool unconfirmed() const { return unconfirmed_; }

 private:
  bool refill();
  bool begin_stream();
  std::size_t finish(std::string_view what);

  Compression compression_;
  Pull pull_;
  Bytes buffer_;
  ByteView input_;  // of buffer_
  std::unique_ptr<Decompressor> stream_;
  std::uint64_t unpacked_ = 0;  // bytes of this stream
  bool ended_ = false;
  bool unconfirmed_ = false;
  std::string error_;
};

}  // namespace tlspeel::capture
