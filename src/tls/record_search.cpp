#include "record_search.hpp"

#include <algorithm>

#include "tlspeel/base/reader.hpp"

namespace tlspeel::tls {

void RecordSearch::push(ByteView bytes, PacketRef at) {
  if (bytes.empty()) return;
  forget();
  append(buffer_, bytes);
  pieces_.push_back({captured_end(), at});
}

std::optional<RecordSearch::Candidate> RecordSearch::next() {
  for (;; ++position_) {
    const std::uint64_t end = captured_end();
    if (position_ + kRecordHeaderSize > end) return std::nullopt;
    const bool due = due_ == position_;
    RecordHeader header;
    if (!plausible_at(position_, header)) continue;
    const std::uint64_t behind = position_ + kRecordHeaderSize + header.length;
    if (behind > end) {
      if (ended_) continue;
      return std::nullopt;
    }
    // Records often end where a segment ends; otherwise the next one's header has to be there.
    if (!due && behind != end) {
      RecordHeader successor;
      if (behind + kRecordHeaderSize <= end) {
        if (!plausible_at(behind, successor)) continue;
      } else if (!ended_) {
        return std::nullopt;
      }
    }
    return candidate(header, due);
  }
}

RecordSearch::Candidate RecordSearch::candidate(const RecordHeader& header, bool due) {
  candidate_end_ = position_ + kRecordHeaderSize + header.length;
  const auto ahead = static_cast<std::size_t>(position_ - buffer_offset_);
  const std::size_t tail = std::min(ahead, kTail);
  Candidate out;
  out.record.header = header;
  out.record.fragment = from(position_ + kRecordHeaderSize).first(header.length);
  out.record.at = packet_of(candidate_end_ - 1);
  out.record.offset = position_;
  out.before = ByteView(buffer_).subspan(ahead - tail, tail);
  out.due = due;
  return out;
}

// Records are not empty where they are protected, and where they are not an empty one says nothing.
bool RecordSearch::plausible_at(std::uint64_t offset, RecordHeader& header) const {
  Reader r(from(offset));
  header = read_record_header(r);
  return r.ok() && header.length != 0 && plausible(header) && (version_ == 0 || header.version == version_);
}

void RecordSearch::forget() {
  const std::uint64_t keep = position_ - std::min<std::uint64_t>(position_, kTail);
  if (keep <= buffer_offset_) return;
  const auto gone = std::min<std::uint64_t>(keep - buffer_offset_, buffer_.size());
  buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(gone));
  buffer_offset_ += gone;
  while (!pieces_.empty() && pieces_.front().end <= buffer_offset_) pieces_.pop_front();
}

PacketRef RecordSearch::packet_of(std::uint64_t last_byte) const {
  const auto found =
      std::ranges::upper_bound(pieces_, last_byte, {}, [](const Piece& piece) { return piece.end; });
  return found == pieces_.end() ? PacketRef() : found->at;
}

}  // namespace tlspeel::tls
