#include "chunked.hpp"

#include <algorithm>

#include "syntax.hpp"

namespace tlspeel::http {
namespace {

// Chunk extensions are rare and short; servers stop at 4 to 16 KiB a line, and the line is kept until its end
// has come.
constexpr std::size_t kMaxSizeLine = 16384;

bool may_become_size(ByteView line) {
  const std::string_view first = as_text(line).substr(0, 1);
  return first == " " || first == "\t" || parse_hex(first).has_value();
}

}  // namespace

ChunkedDecoder ChunkedDecoder::behind_content() {
  ChunkedDecoder decoder;
  decoder.state_ = State::content_end;
  return decoder;
}

ChunkedDecoder::Outcome ChunkedDecoder::next(Reader& in) {
  while (!in.empty()) {
    switch (state_) {
      case State::size:
        return read_size(in);
      case State::content:
        return read_content(in);
      case State::content_end:
        if (!read_content_end(in)) return Outcome::malformed;
        break;
    }
  }
  return Outcome::need_more;
}

void ChunkedDecoder::skip(std::uint64_t count) {
  remaining_ -= std::min(count, remaining_);
  if (remaining_ == 0 && state_ == State::content) state_ = State::content_end;
}

ChunkedDecoder::Outcome ChunkedDecoder::read_size(Reader& in) {
  data_ = {};
  switch (size_line_.take(in, kMaxSizeLine)) {
    // Decided by the first byte, so that a stream without line ends is not kept for nothing.
    case LineBuffer::Outcome::need_more:
      return may_become_size(size_line_.raw()) ? Outcome::need_more : Outcome::malformed;
    case LineBuffer::Outcome::too_long:
      return Outcome::malformed;
    case LineBuffer::Outcome::line:
      break;
  }
  const std::string_view line = size_line_.line();
  const std::size_t semicolon = line.find(';');
  if (semicolon != std::string_view::npos) saw_extension_ = true;
  // RFC 9112 section 7.1.1: senders pad the size with blanks, which a recipient has to accept.
  const auto size = parse_hex(trim(line.substr(0, semicolon)));
  if (!size) return Outcome::malformed;
  size_line_.clear();
  if (*size == 0) return Outcome::last_chunk;
  remaining_ = *size;
  state_ = State::content;
  if (in.empty()) return Outcome::need_more;
  return read_content(in);
}

ChunkedDecoder::Outcome ChunkedDecoder::read_content(Reader& in) {
  data_ = in.bytes(static_cast<std::size_t>(std::min<std::uint64_t>(remaining_, in.remaining())));
  remaining_ -= data_.size();
  if (remaining_ == 0) state_ = State::content_end;
  return Outcome::data;
}

// CRLF, or LF alone as for every line end.
bool ChunkedDecoder::read_content_end(Reader& in) {
  Reader ahead = in;
  const std::uint8_t byte = ahead.u8();
  if (byte != '\r' && byte != '\n') return false;
  in.skip(1);
  if (byte == '\n') state_ = State::size;
  return true;
}

}  // namespace tlspeel::http
