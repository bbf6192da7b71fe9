#include "record_inflater.hpp"

#include <zlib.h>

#include "record_opener.hpp"

namespace tlspeel::tls {

struct RecordInflater::State {
  z_stream stream{};
  bool usable = false;
  Bytes out;
};

RecordInflater::RecordInflater() : state_(std::make_unique<State>()) {
  state_->usable = inflateInit(&state_->stream) == Z_OK;
}
RecordInflater::~RecordInflater() {
  if (state_) (void)inflateEnd(&state_->stream);
}
RecordInflater::RecordInflater(RecordInflater&&) noexcept = default;

// Senders flush after every record (RFC 3749 section 2), so that all of its content can be had.
ParseResult<ByteView> RecordInflater::inflate(ByteView compressed) {
  State& s = *state_;
  if (!s.usable) return tl::unexpected(ParseError{"the compressed stream is lost", 0});
  s.out.resize(kMaxPlaintext + 1);
  s.stream.next_in = const_cast<Bytef*>(compressed.data());  // zlib's C interface; it only reads
  s.stream.avail_in = static_cast<uInt>(compressed.size());
  s.stream.next_out = s.out.data();
  s.stream.avail_out = static_cast<uInt>(s.out.size());
  const int result = compressed.empty() ? Z_OK : ::inflate(&s.stream, Z_SYNC_FLUSH);
  const std::size_t size = s.out.size() - s.stream.avail_out;
  s.usable = (result == Z_OK || result == Z_STREAM_END || result == Z_BUF_ERROR) && size <= kMaxPlaintext;
  if (!s.usable) return tl::unexpected(ParseError{"the content does not decompress", 0});
  return ByteView(s.out).first(size);
}

void RecordInflater::lose() {
  state_->usable = false;
}

}  // namespace tlspeel::tls
