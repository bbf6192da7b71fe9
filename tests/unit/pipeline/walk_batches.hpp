// Batches with the segments of one direction of a connection, and what lies between them.
#pragma once

#include <cstdint>
#include <deque>
#include <initializer_list>
#include <string_view>
#include <utility>
#include <vector>

#include "tlspeel/tls/record.hpp"

#include "pipeline/batch_window.hpp"

namespace tlspeel::pipeline {

inline Bytes walk_record(std::string_view fragment) {
  Bytes out = {tls::kApplicationData, 3, 3, static_cast<std::uint8_t>(fragment.size() >> 8),
               static_cast<std::uint8_t>(fragment.size())};
  append(out, as_bytes(fragment));
  return out;
}

inline Bytes walk_records(std::initializer_list<std::string_view> fragments) {
  Bytes out;
  for (const std::string_view each : fragments) append(out, walk_record(each));
  return out;
}

class WalkBatches {
 public:
  static constexpr std::size_t kMost = 64;

  WalkBatches() {
    for (Batch& each : batches_) ring_.push_back(&each);
  }

  void start_at(std::uint32_t seq) { seq_ = seq; }
  void add(ByteView payload, std::uint32_t missing = 0) {
    BatchItem& item = put(payload, seq_);
    item.segment.flow = flow();
    item.segment.payload_missing = missing;
    seq_ += static_cast<std::uint32_t>(payload.size()) + missing;
  }
  void add_elsewhere(ByteView payload) {
    put(payload, seq_).segment.flow = flow();
    batches_[last_].items.back().segment.flow.tunnel = 1;
  }
  void add_backwards(ByteView payload) {
    net::Flow back = flow();
    std::swap(back.source, back.destination);
    put(payload, seq_).segment.flow = back;
  }
  void skip(std::uint32_t bytes) { seq_ += bytes; }
  void overlap(std::uint32_t bytes) { seq_ -= bytes; }
  // Of the last batch.
  void repeat(std::size_t item) { batches_[last_].items.push_back(BatchItem(batches_[last_].items[item])); }
  void swap(std::size_t a, std::size_t b) { std::swap(batches_[last_].items[a], batches_[last_].items[b]); }

  void next_batch() {
    ++last_;
    batches_[last_].number = last_;
  }
  std::size_t packets() const { return payloads_.size(); }
  const Batch& batch(std::size_t number) const { return batches_[number]; }
  BatchWindow window(std::uint64_t first = 0) const { return {ring_, first, last_ + 1}; }

 private:
  static net::Flow flow() {
    net::Flow out;
    out.source.port = 443;
    out.destination.port = 50000;
    return out;
  }
  BatchItem& put(ByteView payload, std::uint32_t seq) {
    BatchItem item;
    item.segment.seq = seq;
    item.segment.payload = payloads_.emplace_back(to_bytes(payload));
    item.at.number = payloads_.size();
    return batches_[last_].items.emplace_back(std::move(item));
  }

  std::deque<Bytes> payloads_;
  std::vector<Batch> batches_{kMost};
  std::vector<Batch*> ring_;
  std::size_t last_ = 0;
  std::uint32_t seq_ = 1000;
};

}  // namespace tlspeel::pipeline
