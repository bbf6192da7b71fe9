// Where records begin again behind a hole in one direction's stream. push() copies what comes behind the
// hole; next() gives the places where a record header is plausible and, as far as they can be seen, its
// successor's is, too (RFC 8446 section 5.1): candidates, which only their protection proves. At most one
// record and what was pushed last is held. Single threaded; no errors.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <utility>

#include "tlspeel/base/bytes.hpp"
#include "tlspeel/base/packet_ref.hpp"
#include "tlspeel/tls/record.hpp"

namespace tlspeel::tls {

class RecordSearch {
 public:
  struct Candidate {
    Record record;     // its fragment lives until the next call
    ByteView before;   // up to kTail captured bytes in front of its header; as the fragment
    bool due = false;  // it stands where the length of the record before says
  };
  // The longest block of a cipher: what CBC before TLS 1.1 takes as IV.
  static constexpr std::size_t kTail = 16;

  // begin: offset in the stream of the first byte that push() will bring. due: offset of a record header that
  // is known, not before begin. version: of the connection's records; 0: not known yet.
  RecordSearch(std::uint64_t begin, std::optional<std::uint64_t> due, std::uint16_t version)
      : begin_(begin), due_(due), version_(version) {}

  void push(ByteView bytes, PacketRef at);
  // Nothing follows what was pushed: the next bytes are missing, or the stream is over.
  void end() { ended_ = true; }

  // nullopt: more bytes are needed or, after end(), nothing is left.
  std::optional<Candidate> next();
  // The last candidate is no record, or not one that can be proven.
  void reject() { ++position_; }
  // The last candidate is a record: gives what was captured behind it, piece by piece: offset, bytes,
  // packet.
  template <class Take>
  void accept(Take take);

  std::uint64_t begin() const { return begin_; }
  std::uint16_t version() const { return version_; }
  std::optional<std::uint64_t> due() const { return due_; }
  // Behind the last byte that was pushed.
  std::uint64_t captured_end() const { return buffer_offset_ + buffer_.size(); }

 private:
  struct Piece {
    std::uint64_t end = 0;  // offset in the stream
    PacketRef at;
  };

  Candidate candidate(const RecordHeader& header, bool due);
  bool plausible_at(std::uint64_t offset, RecordHeader& header) const;
  void forget();
  PacketRef packet_of(std::uint64_t last_byte) const;
  ByteView from(std::uint64_t offset) const {
    return ByteView(buffer_).subspan(static_cast<std::size_t>(offset - buffer_offset_));
  }

  std::uint64_t begin_;
  std::optional<std::uint64_t> due_;
  std::uint16_t version_;
  Bytes buffer_;
  std::uint64_t buffer_offset_ = begin_;  // of its first byte
  std::uint64_t position_ = due_.value_or(begin_);
  std::uint64_t candidate_end_ = 0;
  std::deque<Piece> pieces_;
  bool ended_ = false;
};

template <class Take>
void RecordSearch::accept(Take take) {
  std::uint64_t offset = candidate_end_;
  for (const Piece& piece : pieces_) {
    if (piece.end <= offset) continue;
    take(offset, from(offset).first(static_cast<std::size_t>(piece.end - offset)), piece.at);
    offset = piece.end;
  }
}

}  // namespace tlspeel::tls
