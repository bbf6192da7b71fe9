// One direction of an HTTP/2 connection: bytes in, the content of frames out to the owner, who knows the
// other direction. Source: RFC 9113 sections 3.4, 4 and 6. One thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "tlspeel/base/bytes.hpp"
#include "tlspeel/base/direction.hpp"
#include "tlspeel/base/on_demand.hpp"
#include "tlspeel/base/packet_ref.hpp"
#include "tlspeel/base/reader.hpp"
#include "tlspeel/event/hole.hpp"
#include "tlspeel/http/remainder.hpp"
#include "tlspeel/http/sought_bytes.hpp"

#include "emitter.hpp"
#include "field_decoder.hpp"
#include "frame.hpp"
#include "frame_search.hpp"
#include "settings.hpp"
#include "streams.hpp"

namespace tlspeel::http2 {

// Of a header block as it is coded. Servers accept 8 KiB to 1 MiB of fields, most of them 16 or 32 KiB.
inline constexpr std::size_t kMostOfBlock = std::size_t{256} * 1024;

class SideOwner {
 public:
  virtual ~SideOwner() = default;
  virtual void settings(Direction from, const Settings& settings) = 0;
  virtual void settings_acknowledged(Direction from) = 0;
  // SETTINGS, PING and WINDOW_UPDATE, whole.
  virtual void control_frame(Direction from, const FrameHeader& header, ByteView payload) = 0;
  virtual void goaway(Direction from, std::uint32_t last_stream, std::uint32_t error, ByteView debug) = 0;
};

class Side {
 public:
  Side(Direction direction, SideOwner& owner, Streams& streams, Emitter& emitter, http::Remainder& remainder)
      : owner_(owner),
        streams_(streams),
        emitter_(emitter),
        remainder_(remainder),
        direction_(direction),
        state_(direction == Direction::client ? State::preface : State::header) {}

  void push(PacketRef at, ByteView bytes);
  void gap(PacketRef at, const event::Hole& hole);
  void end(PacketRef at);

  // What the other side allows.
  void allow_table_size(std::uint32_t size) { fields_.allow(size); }
  void allow_frame_size(std::uint32_t size);

 private:
  enum class State : std::uint8_t {
    preface,
    header,
    pad_length,  // of DATA
    data,
    payload,      // of a frame that is read when all of it is there
    skipped,      // payload of no use, padding
    searching,    // behind a hole, until a frame surely begins
    handed_over,  // not HTTP/2
  };

  void step(Reader& in);
  void read_preface(Reader& in);
  void read_header(Reader& in);
  void begin_frame();
  void begin_payload();
  void read_pad_length(Reader& in);
  void read_data(Reader& in);
  void collect(Reader& in);
  void skip(Reader& in);
  void data_ends();
  void frame_is_through();

  // In side_frames.cpp: frames that are complete.
  void frame_complete(ByteView payload);
  void read_headers(ByteView payload);
  void read_push_promise(ByteView payload);
  void begin_block(std::uint32_t promised);
  void add_fragment(ByteView fragment);
  void block_ends(ByteView bytes);
  void block_lost(std::string_view why);
  void add_padded(Reader& in, std::size_t padding);
  void read_small(ByteView payload);
  void read_goaway(ByteView payload);

  // In side_holes.cpp.
  bool skip_in_frame(const event::Hole& hole);
  void begin_search(const event::Hole& hole);
  void search_behind_fault();
  void lose_track();
  void search(Reader& in);
  void settle();
  bool look(bool ended);
  FrameGuess look_in_frame(bool ended);
  void go_on_in_frame(std::size_t found_at);
  void pass(std::size_t count);
  void search_ends();
  void replay();
  FrameBounds bounds() const;

  void leave(std::string text, ByteView taken);
  void problem(std::string text) { emitter_.problem(direction_, std::move(text)); }

  // A header block whose end has not come.
  struct Block {
    HeaderBlock header;
    Bytes bytes;
    std::string_view lost;  // static text: why it cannot be decoded; usually empty
    bool push = false;      // PUSH_PROMISE
  };

  // Bytes behind a hole whose place is not known yet.
  struct Search {
    event::Hole hole;
    http::SoughtBytes sought;
    std::size_t from = 0;      // how far they were looked at
    std::uint64_t passed = 0;  // bytes that belong to no frame that is known
    // The hole began in the content of the frame that was being read, and may have ended in it.
    bool in_frame = false;
    bool resolved = false;      // it did
    bool behind_fault = false;  // no hole: what stood where a frame should is none
  };

  SideOwner& owner_;
  Streams& streams_;
  Emitter& emitter_;
  http::Remainder& remainder_;
  FieldDecoder fields_;
  OnDemand<Block> block_;
  OnDemand<Search> search_;
  Bytes collected_;  // of the preface, a frame header or a payload
  FrameHeader frame_;
  PacketRef at_;                 // of the last byte
  PacketRef frame_at_;           // of the frame's first byte
  std::uint32_t remaining_ = 0;  // of the frame's payload
  std::uint32_t padding_ = 0;    // at its end
  std::uint32_t max_frame_size_ = kFirstMaxFrameSize;
  std::uint32_t faults_ = 0;
  Direction direction_;
  State state_;
  bool payload_cut_ = false;  // bytes of it are missing
  bool started_ = false;      // a frame was read
  bool had_hole_ = false;
  bool ended_ = false;
};

}  // namespace tlspeel::http2
