// Finds where TLS starts in the two directions of a connection: at their first bytes, or behind bytes in
// clear (STARTTLS of any protocol, proxies, tunnels). One rule for all of them:
//   * a whole ClientHello (tls/hello_fit.hpp) anywhere in the first kMaxClear bytes of a direction is a
//   candidate;
//   * it counts when the other direction answers with a ServerHello or an alert, while what follows it can be
//     read as TLS records. So a download of a file that holds a hello is no TLS;
//   * where nothing at all was heard of the other direction, or nothing since, it counts at the end of the
//     connection if it was the first thing in a segment. The same for a ServerHello without a client.
// Everything between a candidate and the decision is held, up to kMaxHeld bytes for each direction.
// All bytes, holes and ends that are pushed come out of the sink again, each once, in the order in which they
// were pushed: in clear, or as TLS after tls_found(). Positions count the bytes of a direction from its
// first. Single threaded; depends on what is pushed alone.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "tlspeel/base/boxed.hpp"
#include "tlspeel/base/bytes.hpp"
#include "tlspeel/base/direction.hpp"
#include "tlspeel/base/packet_ref.hpp"
#include "tlspeel/tls/detector.hpp"
#include "tlspeel/tls/spare_buffers.hpp"

namespace tlspeel::pipeline {

// Bytes that are missing.
struct SearchHole {
  std::uint64_t length = 0;      // 0: nobody knows
  std::uint64_t cut_packet = 0;  // as event::StreamGap
  bool exact = true;             // false: as event::Hole
};

// Directions are those of whoever pushes. Views live for the call.
class SearchSink {
 public:
  virtual ~SearchSink() = default;
  virtual void clear_bytes(Direction direction, PacketRef at, ByteView bytes) = 0;
  virtual void clear_hole(Direction direction, PacketRef at, std::uint64_t position,
                          const SearchHole& hole) = 0;
  virtual void clear_end(Direction direction, PacketRef at) = 0;
  // Once. client: who sends the ClientHello. hello: the packet of the hello; at: the one that decided.
  virtual void tls_found(Direction client, PacketRef hello, PacketRef at) = 0;
  // Once for each direction, right before its first TLS bytes; position is that of its first record header.
  // detection.offset: so many bytes before it were left out, as they belong to a record whose start is
  // missing. behind_hole: TLS began in that hole.
  struct Start {
    tls::Detection detection;
    std::uint64_t position = 0;
    std::optional<SearchHole> behind_hole;
    std::uint64_t hole_position = 0;
    PacketRef hole_at;
  };
  virtual void tls_starts(Direction direction, PacketRef at, const Start& start) = 0;
  virtual void tls_bytes(Direction direction, PacketRef at, ByteView bytes) = 0;
  virtual void tls_hole(Direction direction, PacketRef at, std::uint64_t position,
                        const SearchHole& hole) = 0;
  virtual void tls_end(Direction direction, PacketRef at) = 0;
};

class TlsSearch {
 public:
  // Preludes are short; a mail session that turns to TLS late is not. A transfer in clear costs no more than
  // a look at its first MiB.
  static constexpr std::uint64_t kMaxClear = std::uint64_t{1} << 20;
  // More than a window of data between a hello and its answer is no handshake.
  static constexpr std::size_t kMaxHeld = std::size_t{64} * 1024;
  // What a server may say in clear after the hello came: answers to commands that were sent together with it.
  static constexpr std::size_t kMaxBeforeAnswer = std::size_t{4} * 1024;

  class Spare;

  // start_captured: position 0 is the first byte that was sent. late_records: where that is missing, TLS is
  // found in the middle of a direction by its records. spare: outlives this.
  TlsSearch(SearchSink& sink, bool start_captured, bool late_records, Spare& spare);

  void push(Direction direction, PacketRef at, ByteView bytes);
  void hole(Direction direction, PacketRef at, const SearchHole& hole);
  void end(Direction direction, PacketRef at);
  // Nothing more comes: decides about what is open.
  void finish(PacketRef at);

  // Idle connections are many: what a search comes down to when neither direction has begun with TLS and
  // nothing is open.
  struct Rest {
    struct Lane {
      std::uint64_t size = 0;
      std::uint64_t missing = 0;
      bool heard = false;
    };
    std::array<Lane, 2> lanes;
  };
  // nullopt: something is open, or a hole may matter.
  std::optional<Rest> rest() const;
  // True: these bytes would come out in clear at once, and the search would be at rest again: its numbers go
  // on. An end comes out at once in any case.
  static bool stays_at_rest(Rest& rest, Direction direction, ByteView bytes);
  // Of a new search, with the arguments of the one before: goes on from there.
  void go_on(const Rest& rest);
  // Whatever is pushed comes out as TLS at once, of either direction.
  bool over() const;
  std::uint64_t position(Direction direction) const { return lane(direction).size + lane(direction).missing; }

  bool found() const { return found_; }
  // There is no TLS: everything has come out, and what is still pushed comes out in clear at once.
  bool given_up() const { return given_up_; }

 private:
  enum class Phase : std::uint8_t {
    opening,  // it may start with TLS
    clear,    // it did not
    tls,      // TLS has started
  };
  // A place where a hello may begin. Places count the bytes that were pushed: positions without the holes.
  struct Waiting {
    std::uint64_t place = 0;
    std::uint64_t needed = 0;  // it is looked at again when there are bytes up to here
    bool likely = false;
  };
  // The hole in which a hello may have been.
  struct HelloHole {
    SearchHole missing;
    std::uint64_t place = 0;  // behind it
    std::uint64_t position = 0;
    PacketRef at;
  };
  struct Lane {
    Phase phase = Phase::opening;
    bool start_captured = true;
    bool heard = false;      // any byte; not what the other side's acknowledgements tell
    bool leave_out = false;  // Phase::tls: bytes before tls_begin are not in clear, but of a cut record
    unsigned attempts = 0;
    Bytes buffer;                    // the bytes from `delivered` on
    std::uint64_t delivered = 0;     // places
    std::uint64_t decided = 0;       // everything before it is in clear
    std::uint64_t searched = 0;      // no hello begins before it, other than those that wait
    std::uint64_t tls_begin = 0;     // Phase::tls
    Boxed<SearchSink::Start> start;  // Phase::tls, as long as it was not told
    std::uint64_t size = 0;          // bytes that were pushed
    std::uint64_t looked_at = 0;     // of them, when it was looked at last
    std::uint64_t missing = 0;       // bytes in holes
    std::vector<Waiting> waiting;    // ascending
    Boxed<HelloHole> hole;
  };
  enum class PieceKind : std::uint8_t { bytes, hole, end };
  struct Piece {
    PieceKind kind = PieceKind::bytes;
    Direction direction = Direction::client;
    PacketRef at;
    std::uint64_t begin = 0;  // places
    std::uint64_t end = 0;
    std::uint64_t position = 0;
    SearchHole hole;
  };
  // A hello that waits for its answer.
  struct Candidate {
    Direction from = Direction::client;
    tls::Detection::Start start = tls::Detection::Start::client_hello;
    std::uint64_t place = 0;
    std::uint64_t missing = 0;      // bytes in holes before it
    std::uint64_t next_record = 0;  // where the next record header behind it is due
    bool first_in_segment = false;
    bool cut = false;                // a hole is in it or behind it: what follows cannot be checked
    std::uint64_t heard_before = 0;  // place: what the other side had said when it came
    std::uint64_t answer = 0;        // the answer does not begin before this place
  };
  struct Answer {
    tls::Detection detection;
    std::uint64_t place = 0;
  };

  // tls_search.cpp: what comes in, and what goes out
  static void remember_hole(Lane& in, PacketRef at, std::uint64_t position, const SearchHole& hole);
  void cut_hello(Direction direction, std::uint64_t missing);
  void start(Direction direction, const tls::Detection& detection, std::uint64_t place,
             std::uint64_t missing);
  void give_up();
  void deliver();
  bool deliver_piece(Piece& piece);
  void deliver_bytes(Lane& from, Piece& piece, std::uint64_t up_to);
  void drop_pieces(Direction direction);
  void borrow(Lane& lane);
  void give_back();

  // tls_search_look.cpp: decisions
  void look(PacketRef at);
  void look_at(Direction direction, PacketRef at);
  void look_at_opening(Direction direction, PacketRef at);
  void look_after_found(Direction direction);
  void found_at_start(Direction direction, const tls::Detection& detection, PacketRef at);
  void start_late(Direction direction);
  void look_for_hello(Direction direction);
  bool look_again(Direction direction);
  bool try_place(Direction direction, Waiting where);
  void make_candidate(Direction direction, const Waiting& where, std::uint64_t end,
                      tls::Detection::Start start);
  bool candidate_stands(PacketRef at);
  bool records_follow();
  std::optional<Answer> find_answer(Direction direction, std::uint64_t& from);
  void refute();
  void commit(const std::optional<Answer>& answer, PacketRef at);
  bool counts_without_answer() const;
  PacketRef packet_at(Direction direction, std::uint64_t place) const;
  bool first_in_segment(Direction direction, std::uint64_t place) const;

  Lane& lane(Direction direction) { return lanes_[index(direction)]; }
  const Lane& lane(Direction direction) const { return lanes_[index(direction)]; }
  static ByteView view(const Lane& lane, std::uint64_t from) {
    return ByteView(lane.buffer).subspan(static_cast<std::size_t>(from - lane.delivered));
  }

  SearchSink* sink_;
  Spare* spare_;
  bool late_records_;
  bool found_ = false;
  bool given_up_ = false;
  std::array<Lane, 2> lanes_;
  std::vector<Piece> pieces_;  // what has not come out, in the order in which it was pushed
  Boxed<Candidate> candidate_;
};

// Memory for what searches hold back: mostly nothing, and for the length of a push. For the searches of one
// worker; not thread safe.
class TlsSearch::Spare {
 public:
  Spare() { pieces_.reserve(kMost); }

 private:
  friend class TlsSearch;
  // Searches in layers that are inside each other push at the same time.
  static constexpr std::size_t kMost = 8;
  static constexpr std::size_t kMostPieces = 64;

  tls::SpareBuffers buffers_;
  std::vector<std::vector<Piece>> pieces_;
};

}  // namespace tlspeel::pipeline
