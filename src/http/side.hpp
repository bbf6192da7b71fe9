// One direction of an HTTP/1 connection: bytes in, messages out to the owner, who knows the other direction.
// Every byte goes into a message, is framing, or goes to the Remainder. One thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tlspeel/base/bytes.hpp"
#include "tlspeel/base/direction.hpp"
#include "tlspeel/base/on_demand.hpp"
#include "tlspeel/base/packet_ref.hpp"
#include "tlspeel/base/reader.hpp"
#include "tlspeel/event/http_message.hpp"
#include "tlspeel/http/body.hpp"
#include "tlspeel/http/remainder.hpp"
#include "tlspeel/http/sought_bytes.hpp"

#include "chunked.hpp"
#include "line_buffer.hpp"
#include "message_search.hpp"

namespace tlspeel::http {

struct Framing;

constexpr std::string_view what_comes(Direction direction) {
  return direction == Direction::client ? "request" : "response";
}

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
  virtual void message_ends(event::HttpMessage&& message) = 0;
  // The response that just ended opened a tunnel or switched to another protocol.
  virtual void protocol_switched() = 0;
  virtual void problem(Direction direction, std::string text) = 0;
  // From here on this direction is not HTTP (or, with may_resume, a number of messages is lost).
  virtual void messages_lost(Direction direction, bool may_resume) = 0;
  // False: what looks like the start of a message of this direction is content.
  virtual bool message_may_begin(Direction direction) const = 0;
};

class Side {
 public:
  // pieces: null where nobody wants them.
  Side(Direction direction, std::uint64_t max_body, PieceTaker* pieces, SideOwner& owner,
       Remainder& remainder)
      : body_(max_body, pieces), owner_(owner), remainder_(remainder), direction_(direction) {}

  void push(PacketRef at, ByteView bytes);
  void gap(PacketRef at, const event::Hole& hole);
  // The other direction begins another message. Most clients send the next request only when they have the
  // whole response, and most servers answer only when they have the whole request: a body that may be over is
  // over.
  void other_side_goes_on();
  // closed: a body that lasts until the connection closes is complete.
  void end(PacketRef at, bool closed);
  void finish(PacketRef at);

  // What follows the current message is not HTTP.
  void switch_protocol(PacketRef now);
  // The CONNECT request was refused: HTTP goes on.
  void connect_refused(PacketRef now);
  // A response with this status came to the request under way.
  void answered(unsigned status, PacketRef now);
  // No answer to the request under way can be told apart any more.
  void answer_lost(PacketRef now);
  // Of the server: there is a request that what was held may answer.
  void request_came(PacketRef now);

 private:
  enum class State : std::uint8_t {
    start_line,
    fields,
    trailers,
    counted_body,
    chunked_body,
    body_until_close,
    counted_unsure,  // behind a hole whose length is not exact
    chunked_unsure,  // behind a hole that may have taken chunk framing
    after_connect,   // tunnel or next request: the response will tell
    awaiting,        // 100 Continue: body or, where another answer came, next request
    before_request,  // a response that no request waits for: it may have been captured behind it
    searching,       // behind a hole, until a message surely begins
    handed_over,     // not HTTP
  };
  struct HeldBytes {
    struct Piece {
      PacketRef at;
      Bytes bytes;
    };
    std::vector<Piece> pieces;
    std::size_t size = 0;
    PacketRef head_at;            // awaiting: where the head ended
    bool begins_request = false;  // awaiting

    void keep(PacketRef at, ByteView bytes);
    std::size_t add(PacketRef at, Reader& in);  // as much as may be held; returns how much
    Bytes first(std::size_t most) const;
    Bytes all() const;
  };
  // What the server said to a request of which no body has come.
  enum class Invitation : std::uint8_t { none, to_send, refused, lost };

  void step(Reader& in);
  void read_start_line(Reader& in);
  void read_field(Reader& in);
  void read_counted(Reader& in);
  void read_chunk(Reader& in);

  void begin_message();
  void leave_long_head();
  void head_ends();
  void begin_body(const Framing& framing);
  void open_tunnel();
  void message_ends();
  void message_cut(std::string_view note);
  void note(std::string_view text);

  // In side_holes.cpp.
  bool skip_counted(const event::Hole& hole);
  void skip_chunked(const event::Hole& hole);
  void lose_track(const event::Hole& hole);
  void begin_search(State state, bool behind_hole);
  void search(Reader& in);
  bool look();
  bool look_in_counted();
  bool look_in_chunked();
  bool look_outside();
  Sighting next_message();
  bool is_plausible(std::size_t at) const;
  bool may_be_over() const;
  void pass(std::size_t count);
  void settle();
  void settle_chunked();
  void go_on_with_chunk(std::size_t at);
  void replay();
  void body_ends_at_message(std::size_t at);
  void body_ends_by_length();
  void body_ends_by_estimate(bool proven);
  void chunks_end(std::size_t last_chunk);

  // In side_awaited.cpp.
  void await_continue();
  void await(Reader& in);
  void release_awaited(bool as_request);
  void awaited_is_missing();
  void end_awaited(bool closed);
  void body_was_not_sent();

  // In side_held.cpp.
  void hold(Reader& in);
  void release_held(bool http, PacketRef now);
  bool is_ahead_of_request() const;
  void hold_for_request(Reader& in);
  void answer_nothing(PacketRef now);
  void decide_held_by_look(PacketRef now);

  void leave_http(std::string text, ByteView taken);

  // Bytes behind holes that are not yet certain, and how far they were looked at for a message and for a
  // chunk.
  struct Uncertain {
    SoughtBytes sought;
    std::size_t message_from = 0;
    std::size_t chunk_from = 0;
    PacketRef taken_at;                     // of the last byte that belongs to the message
    std::optional<std::uint64_t> expected;  // counted_unsure: bytes in its holes, by estimate
    std::size_t holes = 0;                  // counted_unsure
  };

  BodyKeeper body_;
  SideOwner& owner_;
  Remainder& remainder_;

  // Nothing of these between two messages.
  OnDemand<event::HttpMessage> message_;
  OnDemand<ChunkedDecoder> chunks_;
  LineBuffer line_;
  std::size_t head_budget_ = 0;
  std::uint64_t remaining_ = 0;  // of a counted body
  PacketRef at_;                 // of the last byte
  PacketRef line_at_;            // of the first byte of the current line
  OnDemand<HeldBytes> held_;
  OnDemand<Uncertain> uncertain_;

  Direction direction_;
  State state_ = State::start_line;
  bool behind_hole_ = false;  // the uncertain bytes begin right behind a hole
  bool had_hole_ = false;
  bool lost_is_said_ = false;  // searching: that HTTP does not go on here
  Invitation invitation_ = Invitation::none;
  bool answers_come_ = true;  // false: more was held than may be, in vain

  bool switch_after_message_ = false;
  bool hold_after_connect_ = true;
  bool ended_ = false;
  bool end_is_held_ = false;
  // No request came in time for what the server says; before the first one: it may never come.
  bool unasked_ = true;
};

}  // namespace tlspeel::http
