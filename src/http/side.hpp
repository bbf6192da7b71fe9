// One direction of an HTTP/1 connection: bytes in, messages out to the owner, who knows the other direction.
// Every byte goes into a message, is framing, or goes to the Remainder. One thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tlspeel/base/bytes.hpp"
#include "tlspeel/base/direction.hpp"
#include "tlspeel/base/packet_ref.hpp"
#include "tlspeel/base/reader.hpp"
#include "tlspeel/event/http_message.hpp"
#include "tlspeel/http/http1.hpp"

#include "body.hpp"
#include "chunked.hpp"
#include "line_buffer.hpp"

namespace tlspeel::http {

struct Framing;

class SideOwner {
 public:
  virtual ~SideOwner() = default;
  // The request line is known: sets message.exchange.
  virtual void request_begins(event::HttpMessage& message) = 0;
  struct RequestFacts {
    bool head = false;
    bool connect = false;
  };
  // The response's head is known (as far as it came): sets message.exchange and interim, maybe note.
  virtual RequestFacts response_begins(event::HttpMessage& message) = 0;
  virtual void message_ends(event::HttpMessage message) = 0;
  // The response that just ended opened a tunnel or switched to another protocol.
  virtual void protocol_switched() = 0;
  virtual void problem(Direction direction, std::string text) = 0;
  // From here on this direction is not HTTP (or, with may_resume, a number of messages is lost).
  virtual void messages_lost(Direction direction, bool may_resume) = 0;
};

class Side {
 public:
  Side(Direction direction, std::uint64_t max_body, SideOwner& owner, Remainder& remainder)
      : direction_(direction), body_(max_body), owner_(owner), remainder_(remainder) {}

  void push(PacketRef at, ByteView bytes);
  void gap(PacketRef at, std::optional<std::uint64_t> length);
  // closed: a body that lasts until the connection closes is complete.
  void end(PacketRef at, bool closed);
  void finish(PacketRef at);

  // What follows the current message is not HTTP.
  void switch_protocol(PacketRef now);
  // The CONNECT request was refused: HTTP goes on.
  void connect_refused(PacketRef now);

 private:
  enum class State : std::uint8_t {
    start_line,
    fields,
    trailers,
    counted_body,
    chunked_body,
    body_until_close,
    after_connect,  // tunnel or next request: the response will tell
    searching,      // behind a hole, until a push begins with the first line of a message
    handed_over,    // not HTTP
  };
  struct Held {
    PacketRef at;
    Bytes bytes;
  };

  void step(Reader& in);
  void read_start_line(Reader& in);
  void read_field(Reader& in);
  void read_counted(Reader& in);
  void read_chunk(Reader& in);
  void hold(Reader& in);

  void begin_message();
  void leave_long_head();
  void head_ends();
  void begin_body(const Framing& framing);
  void open_tunnel();
  void message_ends();
  void message_cut(std::string_view note);
  void note(std::string_view text);

  bool skip_hole(std::uint64_t length);
  void lose_track(std::optional<std::uint64_t> length);
  void leave_http(std::string text, ByteView taken);
  void release_held(bool http, PacketRef now);
  void decide_held_by_look(PacketRef now);

  Direction direction_;
  BodyKeeper body_;
  SideOwner& owner_;
  Remainder& remainder_;

  State state_ = State::start_line;
  event::HttpMessage message_;
  LineBuffer line_;
  ChunkedDecoder chunks_;
  std::size_t head_budget_ = 0;
  std::uint64_t remaining_ = 0;  // of a counted body
  PacketRef at_;                 // of the last byte
  PacketRef line_at_;            // of the first byte of the current line
  std::vector<Held> held_;
  std::size_t held_size_ = 0;
  bool switch_after_message_ = false;
  bool hold_after_connect_ = true;
  bool ended_ = false;
  bool end_is_held_ = false;
};

}  // namespace tlspeel::http
