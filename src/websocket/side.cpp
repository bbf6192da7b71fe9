#include "side.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "tlspeel/base/counts.hpp"
#include "tlspeel/http/text_look.hpp"

namespace tlspeel::websocket {
namespace {

using event::WebSocketMessage;

// All that a control frame can hold, whatever is shown of messages.
constexpr std::uint64_t kMostOfControl = 125;

constexpr std::string_view kLostContext =
    "not decompressed, since it may refer to a message before it that was not decompressed as a whole";

void add_note(WebSocketMessage& message, std::string_view note) {
  if (!message.note.empty()) message.note += "; ";
  message.note += note;
}

// RFC 6455 section 5.5.1: its code, and text.
void read_close(WebSocketMessage& close) {
  Reader in(close.shown);
  const std::uint16_t code = in.u16();
  if (in.ok()) {
    close.close_code = close_code(code);
    close.shown = to_bytes(in.rest());
    for (event::HoleAt& at : close.holes) at.position -= std::min<std::uint64_t>(at.position, 2);
  } else if (close.size != 0 && close.complete) {
    add_note(close, "its code is cut");
  }
  close.text = true;
}

void look(WebSocketMessage& message) {
  const bool cut = !message.complete || message.shown.size() < message.decoded_size.value_or(message.size);
  // No hole is inside of what was decompressed.
  const std::span<const event::HoleAt> holes =
      message.compressed ? std::span<const event::HoleAt>() : std::span<const event::HoleAt>(message.holes);
  message.text =
      !message.shown.empty() && http::looks_like_text(message.shown, holes, cut || message.compressed);
  if (!message.text) Bytes().swap(message.shown);
}

}  // namespace

bool Side::Shown::take(ByteView decoded) {
  size += decoded.size();
  const std::uint64_t room = most_ - std::min<std::uint64_t>(most_, out_.size());
  append(out_, decoded.first(static_cast<std::size_t>(std::min<std::uint64_t>(room, decoded.size()))));
  return true;
}

void Side::push(PacketRef at, ByteView bytes) {
  at_ = at;
  Reader in(bytes);
  while (!in.empty()) step(in);
}

void Side::step(Reader& in) {
  if (handed_over_) return shared_.remainder.push(direction_, at_, in.rest());
  if (in_payload_) return read_payload(in);
  read_header(in);
}

void Side::read_header(Reader& in) {
  if (header_.empty()) frame_at_ = at_;
  while (!in.empty()) {
    header_.push_back(in.u8());
    Reader header(header_);
    if (const auto frame = read_frame_header(header)) {
      frame_ = *frame;
      return begin_frame();
    }
  }
}

// Those that mean something in this frame: RFC 7692 section 6.
std::uint8_t Side::reserved_bits() const {
  constexpr std::uint8_t kAll = 7;
  if (!shared_.extensions.unknown.empty()) return kAll;
  const bool first = !frame_.is_control() && frame_.opcode != Opcode::continuation;
  return shared_.extensions.deflate && first ? kFirstReserved : 0;
}

void Side::begin_frame() {
  const std::string_view fault = fault_of(frame_, direction_, inside_, reserved_bits());
  if (!fault.empty()) {
    const Bytes taken = std::exchange(header_, {});
    cut("what follows is no frame");
    return leave(
        fmt::format("what comes here is no frame of WebSocket: {}; from here on the data is shown as it is",
                    fault),
        taken);
  }
  header_.clear();
  remaining_ = frame_.length;
  at_mask_ = 0;
  in_payload_ = true;
  if (frame_.opcode == Opcode::continuation) {
    ++message_->event.frames;
  } else {
    begin_message(current());
  }
  if (!frame_.is_control()) inside_ = !frame_.final;
  if (remaining_ == 0) frame_ends();
}

void Side::begin_message(Message& message) {
  const bool unread = frame_.reserved != 0 && !(shared_.extensions.deflate &&
                                                frame_.reserved == kFirstReserved && !frame_.is_control());
  WebSocketMessage& event = message.event;
  event.direction = direction_;
  event.exchange = shared_.exchange;
  event.stream = shared_.stream;
  event.opcode = opcode_point(frame_.opcode);
  event.first = frame_at_;
  event.compressed = frame_.reserved != 0 && !unread;
  message.decoding = event.compressed && !lost_context_;
  message.keeping = !event.compressed && !unread;
  if (event.compressed && lost_context_) add_note(event, kLostContext);
  if (unread)
    add_note(event, fmt::format("not shown, since the extension {} changed it", shared_.extensions.unknown));
}

void Side::read_payload(Reader& in) {
  // Small enough for the stack, large enough for a call of zlib.
  std::array<std::uint8_t, 4096> buffer;  // NOLINT(*-member-init): written before it is read
  const auto most = std::min<std::uint64_t>({remaining_, in.remaining(), buffer.size()});
  const ByteView bytes = in.bytes(static_cast<std::size_t>(most));
  remaining_ -= most;
  if (frame_.masked) {
    for (std::size_t i = 0; i < bytes.size(); ++i)
      buffer.at(i) = bytes[i] ^ frame_.mask.at(static_cast<std::size_t>((at_mask_ + i) % frame_.mask.size()));
    take_payload(current(), ByteView(buffer).first(bytes.size()));
  } else {
    take_payload(current(), bytes);
  }
  at_mask_ += most;
  if (remaining_ == 0) frame_ends();
}

std::uint64_t Side::most_of(const Message& message) const {
  const bool control = &message != (message_.made() ? &*message_ : nullptr);
  return control ? std::max(shared_.max_shown, kMostOfControl) : shared_.max_shown;
}

void Side::take_payload(Message& message, ByteView bytes) {
  message.event.size += bytes.size();
  if (message.decoding) return decompress(message, bytes);
  if (message.keeping) Shown(message.event.shown, most_of(message)).take(bytes);
}

void Side::decompress(Message& message, ByteView bytes) {
  Shown shown(message.event.shown, shared_.max_shown);
  message.decoding = inflater_.push(bytes, shown);
  message.decoded += shown.size;
  if (message.decoding) return;
  add_note(message.event, inflater_.note());
  lost_context_ = true;
}

void Side::frame_ends() {
  in_payload_ = false;
  if (frame_.is_control()) {
    message_ends(*control_);
    control_.reset();
  } else if (frame_.final) {
    message_ends(*message_);
    message_.reset();
  }
}

void Side::message_ends(Message& message) {
  finish_decoding(message);
  WebSocketMessage& event = message.event;
  event.last = at_;
  switch (static_cast<Opcode>(event.opcode.value)) {
    case Opcode::close:
      read_close(event);
      break;
    case Opcode::text:
      event.text = message.keeping || event.decoded_size || !event.shown.empty();
      break;
    default:
      look(event);
      break;
  }
  shared_.sink.emit(at_, event::Event(std::move(event)));
}

void Side::finish_decoding(Message& message) {
  WebSocketMessage& event = message.event;
  if (!event.compressed) return;
  if (message.decoding && event.complete) {
    Shown shown(event.shown, shared_.max_shown);
    const bool done = inflater_.end_message(shown);
    message.decoded += shown.size;
    if (done) {
      event.decoded_size = message.decoded;
    } else {
      add_note(event, inflater_.note());
      lost_context_ = true;
    }
  }
  if (!shared_.extensions.no_takeover.at(index(direction_))) return;
  lost_context_ = false;
  inflater_.forget();
}

void Side::gap(PacketRef at, const event::Hole& hole) {
  at_ = at;
  if (handed_over_) return shared_.remainder.gap(direction_, at, hole);
  if (in_payload_ && hole.exact && hole.length && *hole.length <= remaining_) {
    skip(current(), hole);
    remaining_ -= *hole.length;
    at_mask_ += *hole.length;
    if (remaining_ == 0) frame_ends();
    return;
  }
  const Bytes taken = std::exchange(header_, {});
  cut("cut by a hole");
  const std::string count = hole.length ? fmt::format("{}{}", exactness(hole), counted(*hole.length, "byte"))
                                        : std::string("an unknown number of bytes");
  leave(fmt::format("{} {} missing where frames of WebSocket begin or end; what follows is shown as it is",
                    count, hole.length == 1U ? "is" : "are"),
        taken);
  shared_.remainder.gap(direction_, at, hole);
}

void Side::skip(Message& message, const event::Hole& hole) {
  WebSocketMessage& event = message.event;
  event.complete = false;
  event.missing += *hole.length;
  if (std::exchange(message.decoding, false)) {
    add_note(event, "decompressed up to where bytes are missing");
    lost_context_ = true;
    inflater_.forget();
  }
  if (event.holes.size() < event::kMaxHoles) {
    event.holes.push_back({event.size, hole});
  } else {
    // Shown, it would look as if it followed what was there before the hole.
    message.keeping = false;
  }
}

// What is in progress is told as far as it came.
void Side::cut(std::string_view why) {
  const std::uint64_t missing = in_payload_ ? remaining_ : 0;
  const bool control = in_payload_ && frame_.is_control();
  in_payload_ = false;
  const auto tell = [&](OnDemand<Message>& message, std::uint64_t lost) {
    if (!message.made()) return;
    message->event.complete = false;
    message->event.missing += lost;
    add_note(message->event, why);
    message_ends(*message);
    message.reset();
  };
  tell(control_, control ? missing : 0);
  tell(message_, control ? 0 : missing);
}

// taken: bytes that were taken from the input and belong to no message.
void Side::leave(std::string text, ByteView taken) {
  handed_over_ = true;
  shared_.sink.emit(at_, event::Problem{direction_, "websocket", std::move(text)});
  if (!taken.empty()) shared_.remainder.push(direction_, frame_at_, taken);
}

void Side::end(PacketRef at) {
  if (std::exchange(ended_, true)) return;
  at_ = at;
  if (!header_.empty()) {
    const Bytes taken = std::exchange(header_, {});
    leave("the data ends inside the header of a frame of WebSocket", taken);
  }
  cut("ended inside the message");
  if (handed_over_) shared_.remainder.end(direction_, at);
}

}  // namespace tlspeel::websocket
