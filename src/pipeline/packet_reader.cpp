#include "packet_reader.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "tlspeel/base/thread_clock.hpp"

namespace tlspeel::pipeline {
namespace {

// Where packets are not TCP, or left out by the filter, no batch would ever be full: the writer is told now
// and then how far the reader is, and asks whether to go on.
constexpr std::uint64_t kPacketsBetweenBatches = 65536;

}  // namespace

Result<std::unique_ptr<PacketReader>> PacketReader::open(const RunConfig& config, secrets::Store& store,
                                                         BatchTarget& target, OnPacket on_packet) {
  std::optional<capture::PacketFilter> filter;
  if (!config.filter.empty()) {
    auto compiled = capture::PacketFilter::compile(config.filter);
    if (!compiled) return tl::unexpected(compiled.error());
    filter.emplace(*std::move(compiled));
  }
  std::unique_ptr<PacketReader> reader(new PacketReader(target, std::move(filter), std::move(on_packet)));
  if (config.body_pieces) reader->most_payload_ = kBatchBytesOfBodies;
  capture::SourceOptions options;
  // Standard input pauses: what was read so far goes out now instead of waiting for a full batch.
  options.on_idle = [self = reader.get()] {
    if (self->batch_ == nullptr) return;
    self->batch_->idle = true;
    self->hand_over();
  };
  options.on_secrets = [&store](const capture::CaptureSecrets& found) {
    store.add_capture_secrets(found.after_packet, found.capture, found.key_log);
  };
  auto source = capture::open_source(config.captures, options);
  if (!source) return tl::unexpected(source.error());
  reader->source_ = *std::move(source);
  if (!reader->source_->bytes_total()) reader->live_store_ = &store;
  reader->problems_before_ = config.problems;
  return reader;
}

PacketReader::PacketReader(BatchTarget& target, std::optional<capture::PacketFilter> filter,
                           OnPacket on_packet)
    : target_(&target),
      filter_(std::move(filter)),
      on_packet_(std::move(on_packet)),
      decoder_(asking_filter()) {}

net::PacketFilter PacketReader::asking_filter() {
  if (!filter_) return {};
  return [this](int link_type, ByteView bytes, std::uint32_t wire_length) {
    return filter_->matches(link_type, bytes, wire_length);
  };
}

bool PacketReader::read() {
  const ThreadTimer timer(time_);
  if (batch_ == nullptr) next_batch();
  capture::Packet packet;
  for (const std::uint64_t before = published_; batch_ != nullptr && published_ == before;) {
    const capture::ReadState state = source_->next(packet);
    if (batch_ == nullptr) return false;  // the end was asked for while the input paused
    if (state == capture::ReadState::packet) take(packet);
    if (state == capture::ReadState::damaged) report(source_->problem());
    if (state == capture::ReadState::end) return end();
  }
  return batch_ != nullptr;
}

// A hundred thousand connections may be open, each of which has something to say at its end: they end in
// several batches, by when they began, so that not all of that is in memory at once.
bool PacketReader::end() {
  constexpr std::uint64_t kFewestPackets = 8192;
  constexpr std::uint64_t kMostBatches = 256;
  decoder_.finish();
  const std::uint64_t step = std::max(kFewestPackets, last_.number / kMostBatches + 1);
  for (std::uint64_t before = step; before < last_.number; before += step) {
    batch_->ends_before = before;
    hand_over();
    if (batch_ == nullptr) return false;
  }
  batch_->final = true;
  publish();
  return false;
}

void PacketReader::take(const capture::Packet& packet) {
  if (since_hand_over_ >= kPacketsBetweenBatches) hand_over();
  if (batch_ == nullptr) return;
  ++since_hand_over_;
  net::Segment segment;
  const net::Verdict verdict =
      decoder_.decode(packet.link_type, packet.bytes, packet.wire_length, packet.at, segment);
  flows_.clear();
  // A batch that is full goes out first: this packet is not of it. All segments of a packet go into one, so
  // that the next batch begins with another packet.
  if (verdict == net::Verdict::tcp) {
    note_flow(segment);
    add(segment, packet);
    while (batch_ != nullptr && decoder_.next(segment)) {
      note_flow(segment);
      batch_->add_to_last(segment, packet.block);
    }
  }
  if (on_packet_ && verdict != net::Verdict::filtered) {
    on_packet_({packet, flows_, verdict == net::Verdict::fragment_held});
  }
  last_ = packet.at;
  if (batch_ != nullptr) tell_about_link_type(packet, verdict);
}

void PacketReader::note_flow(const net::Segment& segment) {
  if (on_packet_) flows_.push_back(segment.flow);
}

void PacketReader::tell_about_link_type(const capture::Packet& packet, net::Verdict verdict) {
  if (verdict == net::Verdict::unknown_link_type && unknown_link_types_.insert(packet.link_type).second) {
    report(fmt::format("packet {}: link type {} is not known here; packets of this type are left out",
                       packet.at.number, packet.link_type));
  }
  if (!filter_ || !filtered_link_types_.insert(packet.link_type).second) return;
  if (const auto problem = filter_->problem_with(packet.link_type)) {
    report(fmt::format("packet {}: {}; packets of this type are left out", packet.at.number, *problem));
  }
}

void PacketReader::add(const net::Segment& segment, const capture::Packet& packet) {
  if (batch_->add(segment, packet.at, packet.block)) return;
  hand_over();
  if (batch_ != nullptr) batch_->add(segment, packet.at, packet.block);
}

void PacketReader::hand_over() {
  publish();
  next_batch();
}

void PacketReader::next_batch() {
  batch_ = target_->acquire();
  if (batch_ == nullptr) return;
  batch_->most_payload = most_payload_;
  for (std::string& problem : std::exchange(problems_before_, {})) report(std::move(problem));
}

void PacketReader::publish() {
  since_hand_over_ = 0;
  batch_->last = last_;
  // Who receives a message has written down its secrets by now: tcpdump hands on packets some time later.
  if (live_store_ != nullptr && !batch_->items.empty()) {
    live_store_->read_on(batch_->items.front().at.number - 1);
  }
  batch_->progress = {source_->bytes_read(), source_->bytes_total(), 0};
  ++published_;
  std::int64_t of_others = 0;
  {
    const ThreadTimer timer(of_others);
    target_->publish(std::exchange(batch_, nullptr));
  }
  time_ -= of_others;
}

void PacketReader::report(std::string message) {
  ++problem_count_;
  if (problems_.size() < kProblemsKept) problems_.push_back(message);
  batch_->reader_events.push_back(
      {last_.number, 0, ordinal_++, 0, {0, last_, event::CaptureProblem{std::move(message)}}});
}

}  // namespace tlspeel::pipeline
