// The chunked transfer coding (RFC 9112 section 7.1) without its trailer section: framing off, content out.
// Copies no content.
#pragma once

#include <cstdint>

#include "tlspeel/base/bytes.hpp"
#include "tlspeel/base/reader.hpp"

#include "line_buffer.hpp"

namespace tlspeel::http {

class ChunkedDecoder {
 public:
  enum class Outcome : std::uint8_t {
    data,        // data() is the next piece of content
    need_more,   // all input was taken
    last_chunk,  // the trailer section follows
    malformed,   // raw() is what was taken and is not framing; the rest of the input is untouched
  };
  // A decoder that stands at the line end behind a chunk's content.
  static ChunkedDecoder behind_content();

  Outcome next(Reader& in);

  ByteView data() const { return data_; }
  ByteView raw() const { return size_line_.raw(); }
  bool saw_extension() const { return saw_extension_; }

  // Bytes of the current chunk that have not come.
  std::uint64_t remaining() const { return remaining_; }
  // Bytes of the current chunk that will never come; at most remaining().
  void skip(std::uint64_t count);

 private:
  enum class State : std::uint8_t { size, content, content_end };
  Outcome read_size(Reader& in);
  Outcome read_content(Reader& in);
  bool read_content_end(Reader& in);

  State state_ = State::size;
  LineBuffer size_line_;
  ByteView data_;
  std::uint64_t remaining_ = 0;
  bool saw_extension_ = false;
};

}  // namespace tlspeel::http
