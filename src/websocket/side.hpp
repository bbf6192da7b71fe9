// One direction of a WebSocket: bytes in, messages out. One thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "tlspeel/base/bytes.hpp"
#include "tlspeel/base/direction.hpp"
#include "tlspeel/base/on_demand.hpp"
#include "tlspeel/base/packet_ref.hpp"
#include "tlspeel/base/reader.hpp"
#include "tlspeel/coding/message_inflater.hpp"
#include "tlspeel/event/event.hpp"
#include "tlspeel/http/remainder.hpp"

#include "extensions.hpp"
#include "frame.hpp"

namespace tlspeel::websocket {

// What both directions of a connection have in common.
struct Shared {
  Extensions extensions;
  std::uint32_t exchange = 0;
  std::uint32_t stream = 0;
  std::uint64_t max_shown = 0;
  event::EventSink& sink;
  http::Remainder& remainder;
};

class Side {
 public:
  Side(Direction direction, const Shared& shared) : shared_(shared), direction_(direction) {}

  void push(PacketRef at, ByteView bytes);
  void gap(PacketRef at, const event::Hole& hole);
  void end(PacketRef at);

 private:
  // Keeps what is shown of a message and counts the rest.
  class Shown final : public coding::ContentDecoder::Taker {
   public:
    Shown(Bytes& out, std::uint64_t most) : out_(out), most_(most) {}
    bool take(ByteView decoded) override;
    std::uint64_t size = 0;

   private:
    Bytes& out_;
    std::uint64_t most_;
  };
  struct Message {
    event::WebSocketMessage event;
    std::uint64_t decoded = 0;  // bytes that were decompressed
    bool decoding = false;      // compressed, and nothing kept it from being decompressed so far
    bool keeping = false;       // what comes is shown as it is
  };

  void step(Reader& in);
  void read_header(Reader& in);
  void begin_frame();
  std::uint8_t reserved_bits() const;
  void begin_message(Message& message);
  void read_payload(Reader& in);
  void take_payload(Message& message, ByteView bytes);
  void decompress(Message& message, ByteView bytes);
  void skip(Message& message, const event::Hole& hole);
  void frame_ends();
  void message_ends(Message& message);
  void finish_decoding(Message& message);
  std::uint64_t most_of(const Message& message) const;
  void cut(std::string_view why);
  void leave(std::string text, ByteView taken);
  Message& current() { return *(frame_.is_control() ? control_ : message_); }

  const Shared& shared_;
  OnDemand<Message> message_;  // text or binary, whose end has not come
  OnDemand<Message> control_;  // that stands between its fragments
  coding::MessageInflater inflater_;
  bool lost_context_ = false;  // later messages refer to one that was not decompressed
  Bytes header_;               // of a frame, as far as it came
  FrameHeader frame_;
  std::uint64_t remaining_ = 0;  // of its payload
  std::uint64_t at_mask_ = 0;    // bytes of its payload so far
  PacketRef at_;                 // of the last byte
  PacketRef frame_at_;           // of the frame's first byte
  Direction direction_;
  bool in_payload_ = false;
  bool inside_ = false;  // a message that goes on in a further frame
  bool handed_over_ = false;
  bool ended_ = false;
};

}  // namespace tlspeel::websocket
