#include "handshake_assembler.hpp"

#include "tlspeel/base/reader.hpp"

namespace tlspeel::tls {

void HandshakeAssembler::push(ByteView fragment, PacketRef at) {
  if (consumed_ != 0) {
    buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(consumed_));
    consumed_ = 0;
  }
  append(buffer_, fragment);
  at_ = at;
}

HandshakeAssembler::Outcome HandshakeAssembler::next(HandshakeMessage& out) {
  if (buffered() == 0) {
    reset();  // between handshakes it holds nothing
    return Outcome::need_more;
  }
  const ByteView rest = ByteView(buffer_).subspan(consumed_);
  Reader r(rest);
  const std::uint8_t type = r.u8();
  const std::uint32_t length = r.u24();
  if (!r.ok()) return Outcome::need_more;
  if (length > kMaxMessage) return Outcome::too_long;
  const ByteView body = r.bytes(length);
  if (!r.ok()) return Outcome::need_more;
  out = {type, rest.first(kHeaderSize + length), body, at_};
  consumed_ += kHeaderSize + length;
  return Outcome::message;
}

void HandshakeAssembler::reset() {
  buffer_ = Bytes();
  consumed_ = 0;
}

}  // namespace tlspeel::tls
