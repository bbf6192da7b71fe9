// Joins handshake messages that are split over records and cuts records that hold several (RFC 8446
// section 5.1, RFC 5246 section 6.2.1). push() copies; next() gives messages until need_more. Message::whole
// lives until the following push() or next(). Not thread safe.
#pragma once

#include <cstdint>

#include "tlspeel/base/bytes.hpp"
#include "tlspeel/base/packet_ref.hpp"

namespace tlspeel::tls {

struct HandshakeMessage {
  std::uint8_t type = 0;
  ByteView whole;  // header and body: what the transcript hashes
  ByteView body;
  PacketRef at;  // packet that completed the message
};

class HandshakeAssembler {
 public:
  // The header allows 2^24-1 bytes. Certificate chains of real servers stay below 100 kB; a message that
  // claims more than this would only make us hold memory for a sender who never delivers.
  static constexpr std::size_t kMaxMessage = 1U << 20;
  static constexpr std::size_t kHeaderSize = 4;

  enum class Outcome : std::uint8_t { message, need_more, too_long };

  void push(ByteView fragment, PacketRef at);
  Outcome next(HandshakeMessage& out);
  // Bytes of a message that is not complete.
  std::size_t buffered() const { return buffer_.size() - consumed_; }
  void reset();
  // What it holds on to: nothing once next() said need_more between two messages.
  std::size_t memory() const { return buffer_.capacity(); }

 private:
  Bytes buffer_;
  std::size_t consumed_ = 0;
  PacketRef at_;
};

}  // namespace tlspeel::tls
