// Follows one direction of a connection through batches that its worker has still to come to, and finds its
// TLS records, as long as its segments are whole and not far from their order. Else the walk is over; what it
// gives is a guess at what the connection will come to, and nothing is to rely on it. Holds places, no bytes.
// Sequence numbers wrap (RFC 9293 section 3.4). Not thread safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "tlspeel/base/bytes.hpp"
#include "tlspeel/net/segment.hpp"
#include "tlspeel/tls/record.hpp"

#include "batch_window.hpp"

namespace tlspeel::pipeline {

class RecordWalk {
 public:
  // `item` is one of batch.items; the first record begins with the last `captured` bytes of its payload.
  RecordWalk(const Batch& batch, const BatchItem& item, std::size_t captured);

  struct Found {
    tls::RecordHeader header;
    std::span<const ByteView> fragment;  // its pieces, in order; until the next call
  };
  // nullopt: there is none in these batches, or over().
  std::optional<Found> next(const BatchWindow& batches);
  bool over() const { return over_; }

 private:
  // Of batches.
  struct Place {
    std::uint64_t batch = 0;
    std::size_t item = 0;
  };
  struct Cursor {
    Place segment;               // that is being cut
    std::size_t offset = 0;      // in its payload
    Place next;                  // where the next one is looked for
    std::uint32_t next_seq = 0;  // its sequence number
    std::vector<Place> early{};  // segments behind one that has still to come
    bool nothing_follows = false;
  };

  static constexpr std::size_t kMostEarly = 64;

  std::optional<tls::RecordHeader> header(const BatchWindow& batches);
  bool gather(const BatchWindow& batches, std::size_t size);
  bool next_segment(const BatchWindow& batches);
  bool take_early(const BatchWindow& batches);
  std::int32_t distance(const net::Segment& segment) const;
  bool take(Place place, const net::Segment& segment);
  static const BatchItem& at(const BatchWindow& batches, Place place) {
    return batches[place.batch].items[place.item];
  }

  net::Flow flow_;
  std::uint32_t shard_;
  Cursor cursor_;
  bool over_ = false;
  std::vector<ByteView> pieces_;
};

}  // namespace tlspeel::pipeline
