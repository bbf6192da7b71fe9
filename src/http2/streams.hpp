// The streams of a connection: what their frames carry becomes requests and responses (RFC 9113 section 8).
// A message is emitted when it is complete or when nothing more of it can come, a response not before its
// request. Memory is bounded: streams, and what is kept of all of them together. One thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tlspeel/base/bytes.hpp"
#include "tlspeel/base/direction.hpp"
#include "tlspeel/base/packet_ref.hpp"
#include "tlspeel/event/event.hpp"
#include "tlspeel/http/body.hpp"
#include "tlspeel/http2/http2.hpp"
#include "tlspeel/http2/tunnels.hpp"

#include "emitter.hpp"
#include "field_decoder.hpp"
#include "grpc.hpp"

namespace tlspeel::http2 {

// A header block of HEADERS or PUSH_PROMISE, with its CONTINUATIONs.
struct HeaderBlock {
  std::uint32_t stream = 0;
  std::uint32_t promised = 0;  // PUSH_PROMISE: the stream of the response; 0: HEADERS
  bool end_stream = false;
  bool lost = false;                                          // there are no fields
  std::string_view why_lost = "its header was not captured";  // static text
  DecodedFields decoded;
  PacketRef first;  // packet of its first byte
};

class Streams {
 public:
  // emitter and tunnels must outlive this object; tunnels may be null.
  Streams(const Options& options, Emitter& emitter, Tunnels* tunnels);

  // The packet of the bytes that come next.
  void at(PacketRef packet) { at_ = packet; }

  void headers(Direction from, HeaderBlock block);
  void data(Direction from, std::uint32_t stream, PacketRef first, ByteView content);
  // A hole in the content of a DATA frame.
  void data_hole(Direction from, std::uint32_t stream, PacketRef first, const event::Hole& hole);
  // END_STREAM of a DATA frame whose content has come.
  void data_end(Direction from, std::uint32_t stream, PacketRef first);
  void reset(Direction from, std::uint32_t stream, std::uint32_t error);
  void goaway(Direction from, std::uint32_t last_stream);

  // Any frames of this direction may have been lost here. beginning: before anything else came.
  void frames_lost(Direction from, bool beginning);
  // Nothing more comes from there.
  void end(Direction from);
  // The connection is over.
  void finish();

  // The highest stream that was named: what a plausible frame is measured by.
  std::uint32_t highest() const { return named_; }
  // Frames of either direction were lost.
  bool lossy() const { return lossy_.front() || lossy_.back(); }

 private:
  struct Open {
    Open(std::uint64_t max_shown, http::PieceTaker* pieces) : keeper(max_shown, pieces) {}
    event::HttpMessage message;
    http::BodyKeeper keeper;
    std::unique_ptr<GrpcMessages> grpc;  // null: the body is none
    std::optional<std::uint64_t> content_length;
    std::optional<std::uint64_t> doubt_at;  // frames were lost when so many bytes of the body had come
    unsigned doubts = 0;
    std::uint64_t head_cost = 0;  // and of trailers
    std::uint64_t charged = 0;    // of kept_
  };
  struct Half {
    std::unique_ptr<Open> open;  // a message whose end has not come
    bool over = false;
  };
  struct Stream {
    std::uint32_t exchange = 0;
    bool head = false;                        // its method is HEAD
    std::string protocol;                     // of an extended CONNECT; mostly empty
    std::unique_ptr<Tunnel> tunnel;           // null: it carries messages
    bool request_told = false;                // or there is none to come
    std::string note;                         // for its responses
    std::array<Half, 2> halves;               // by Direction
    std::vector<event::HttpMessage> waiting;  // for the end of the request
  };
  using Map = std::map<std::uint32_t, Stream>;

  Stream* stream_for(Direction from, std::uint32_t id);
  Stream* make_stream(Direction from, std::uint32_t id);
  bool is_new(std::uint32_t id) const;
  bool make_room();
  void promise(Direction from, HeaderBlock block);
  void begin(Direction from, std::uint32_t id, Stream& stream, HeaderBlock block);
  bool interim(std::uint32_t id, Stream& stream, HeaderBlock& block);
  void trailers(Open& open, HeaderBlock block);

  // In streams_tunnel.cpp: streams that are none of HTTP any more.
  void open_tunnel(Stream& stream);
  Stream* tunnel_of(std::uint32_t id);
  void tunnel_ends(Direction from, std::uint32_t id, Stream& stream);
  void tunnel_is_cut(Stream& stream);

  Open* open_for_data(Direction from, std::uint32_t stream, PacketRef first);
  event::HttpMessage message_of(Direction from, std::uint32_t id, const Stream& stream,
                                PacketRef first) const;
  void charge(Open& open);
  bool full() const { return kept_ > most_kept_; }
  void shorten(DecodedFields& decoded) const;

  void ends(Direction from, std::uint32_t id, Stream& stream);
  void settle_length(Open& open, bool no_body) const;
  void cut(Stream& stream, Half& half, std::string_view why);
  void request_is_told(Stream& stream);
  void request_is_lost(Stream& stream);
  void finish_half(Stream& stream, Half& half);
  void deliver(Stream& stream, event::HttpMessage message);
  void cut_off(Map::iterator at, std::string_view why);
  void answer_is_missing(std::uint32_t id, Stream& stream, std::string_view why);
  void remember_reset(std::uint32_t id);
  bool was_reset(std::uint32_t id) const;

  http::BodyOptions bodies_;
  std::uint64_t most_kept_;
  Emitter& emitter_;
  Tunnels* tunnels_;
  PacketRef at_;  // of the last byte

  Map streams_;
  std::uint32_t exchanges_ = 0;
  std::array<std::uint32_t, 2> highest_{};              // stream that was begun, by who began it
  std::uint32_t named_ = 0;                             // the highest in any frame
  std::array<bool, 2> lossy_{};                         // frames of this direction were lost
  std::array<std::optional<std::uint32_t>, 2> goaway_;  // last stream, by who sent it
  std::vector<std::uint32_t> lately_reset_;
  std::uint64_t kept_ = 0;      // bytes, of all streams together
  std::uint64_t not_kept_ = 0;  // streams beyond the cap
  std::array<std::uint64_t, 2>
      behind_reset_{};  // bytes of DATA that were on their way when their stream was reset
};

}  // namespace tlspeel::http2
