#include "record_walk.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "tlspeel/base/reader.hpp"

namespace tlspeel::pipeline {

RecordWalk::RecordWalk(const Batch& batch, const BatchItem& item, std::size_t captured)
    : flow_(item.segment.flow), shard_(item.shard) {
  const std::size_t size = item.segment.payload.size();
  over_ = captured > size;
  if (over_) return;
  const Place here{batch.number, static_cast<std::size_t>(&item - batch.items.data())};
  cursor_.segment = here;
  cursor_.offset = size - captured;
  cursor_.next = {here.batch, here.item + 1};
  cursor_.next_seq = item.segment.seq + static_cast<std::uint32_t>(size);
  cursor_.nothing_follows = item.segment.payload_missing != 0;
}

std::optional<RecordWalk::Found> RecordWalk::next(const BatchWindow& batches) {
  over_ = over_ || cursor_.segment.batch < batches.first();
  if (over_) return std::nullopt;
  Cursor begin = cursor_;
  const auto header = this->header(batches);
  if (header && gather(batches, header->length)) return Found{*header, pieces_};
  // Its end may be in a batch that is still to be read.
  cursor_ = std::move(begin);
  return std::nullopt;
}

std::optional<tls::RecordHeader> RecordWalk::header(const BatchWindow& batches) {
  if (!gather(batches, tls::kRecordHeaderSize)) return std::nullopt;
  std::array<std::uint8_t, tls::kRecordHeaderSize> bytes{};
  auto end = bytes.begin();
  for (const ByteView piece : pieces_) end = std::ranges::copy(piece, end).out;
  Reader r(bytes);
  const tls::RecordHeader header = tls::read_record_header(r);
  over_ = !tls::plausible(header);
  if (over_) return std::nullopt;
  return header;
}

// The next `size` bytes, into pieces_.
bool RecordWalk::gather(const BatchWindow& batches, std::size_t size) {
  pieces_.clear();
  while (size > 0) {
    const ByteView rest = at(batches, cursor_.segment).segment.payload.subspan(cursor_.offset);
    if (rest.empty()) {
      if (!next_segment(batches)) return false;
      continue;
    }
    pieces_.push_back(rest.first(std::min(size, rest.size())));
    cursor_.offset += pieces_.back().size();
    size -= pieces_.back().size();
  }
  return true;
}

bool RecordWalk::next_segment(const BatchWindow& batches) {
  over_ = over_ || cursor_.nothing_follows;
  if (over_) return false;
  if (!cursor_.early.empty() && take_early(batches)) return true;
  for (Place& next = cursor_.next; next.batch < batches.end(); next = {next.batch + 1, 0}) {
    const std::vector<BatchItem>& items = batches[next.batch].items;
    while (next.item < items.size()) {
      const Place here{next.batch, next.item++};
      const net::Segment& segment = items[here.item].segment;
      if (items[here.item].shard != shard_ || segment.payload.empty() || segment.flow != flow_) continue;
      const std::int32_t ahead = distance(segment);
      if (ahead == 0) return take(here, segment);
      const bool came_before = ahead + static_cast<std::int64_t>(segment.payload.size()) <= 0;
      if (came_before) continue;
      over_ = ahead < 0 || cursor_.early.size() == kMostEarly;
      if (over_) return false;
      cursor_.early.push_back(here);
    }
  }
  return false;
}

bool RecordWalk::take_early(const BatchWindow& batches) {
  const auto found = std::ranges::find_if(cursor_.early, [&](Place place) {
    return place.batch >= batches.first() && distance(at(batches, place).segment) == 0;
  });
  if (found == cursor_.early.end()) return false;
  const Place place = *found;
  cursor_.early.erase(found);
  return take(place, at(batches, place).segment);
}

// Bytes between what came last and this; negative: it overlaps that.
std::int32_t RecordWalk::distance(const net::Segment& segment) const {
  return static_cast<std::int32_t>(segment.seq - cursor_.next_seq);
}

bool RecordWalk::take(Place place, const net::Segment& segment) {
  cursor_.segment = place;
  cursor_.offset = 0;
  cursor_.next_seq += static_cast<std::uint32_t>(segment.payload.size());
  cursor_.nothing_follows = segment.payload_missing != 0;
  return true;
}

}  // namespace tlspeel::pipeline
