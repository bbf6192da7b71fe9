#include "capture/snoop_reader.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "tlspeel/base/reader.hpp"

namespace tlspeel::capture {
namespace {

constexpr std::string_view kMagic("snoop\0\0\0", 8);
constexpr std::size_t kFileHeader = 16;
constexpr std::size_t kPacketHeader = 24;
constexpr std::uint32_t kVersion = 2;

// (DLPI's number, DLT_ value): of those that RFC 1761 has, what carries IP.
constexpr std::array<std::pair<std::uint32_t, int>, 4> kLinkTypes{{
    {0, 1},   // IEEE 802.3: told from Ethernet frame by frame
    {2, 6},   // token ring
    {4, 1},   // Ethernet
    {8, 10},  // FDDI
}};

// Behind the packet stand fewer than four bytes; more is allowed, as the record says where it ends.
constexpr std::uint32_t kMostPadding = 64;
constexpr std::uint32_t kMicrosecondsPerSecond = 1'000'000;

}  // namespace

bool SnoopReader::is_magic(ByteView head) {
  return as_text(head).starts_with(kMagic);
}

Result<std::unique_ptr<RecordReader>> SnoopReader::open(ByteSource& source) {
  std::unique_ptr<SnoopReader> reader(new SnoopReader(source));
  const auto header = reader->read_file_header();
  if (!header) return fail(header.error().message);
  return reader;
}

ReadState SnoopReader::next(Packet& packet) {
  if (ended_) return ReadState::end;
  if (!source_->ensure(kPacketHeader)) {
    if (source_->view().empty() && source_->error().empty()) return ReadState::end;
    return resume("a packet that runs past the end of the file");
  }
  const Header header = header_at(0);
  if (!acceptable(header)) return resume("no packet header");
  // Of the last one the padding may be missing.
  if (!source_->ensure(header.record) && source_->view().size() < kPacketHeader + header.captured)
    return resume("a packet that runs past the end of the file");
  packet.at.time_ns = std::int64_t{header.seconds} * 1'000'000'000 + std::int64_t{header.microseconds} * 1000;
  packet.wire_length = header.on_wire;
  packet.link_type = link_type_;
  packet.bytes = source_->view().subspan(kPacketHeader, header.captured);
  packet.block = source_->block();
  source_->consume(std::min<std::size_t>(header.record, source_->view().size()));
  last_seconds_ = header.seconds;
  return ReadState::packet;
}

Result<void> SnoopReader::read_file_header() {
  if (!source_->ensure(kFileHeader)) return fail("");
  Reader r(source_->view().first(kFileHeader));
  r.skip(kMagic.size());
  const std::uint32_t version = r.u32();
  if (version != kVersion) return fail(fmt::format("unsupported snoop version {}", version));
  const std::uint32_t link_type = r.u32();
  const auto* known = std::ranges::find(kLinkTypes, link_type, &std::pair<std::uint32_t, int>::first);
  if (known == kLinkTypes.end()) return fail(fmt::format("unknown link type {} of snoop", link_type));
  link_type_ = known->second;
  source_->consume(kFileHeader);
  return {};
}

SnoopReader::Header SnoopReader::header_at(std::size_t position) const {
  Reader r(source_->view().subspan(position, kPacketHeader));
  Header out;
  out.on_wire = r.u32();
  out.captured = r.u32();
  out.record = r.u32();
  r.skip(4);  // packets that were dropped so far
  out.seconds = r.u32();
  out.microseconds = r.u32();
  return out;
}

bool SnoopReader::acceptable(const Header& header) {
  if (header.captured > kMaxPacket || header.record < kPacketHeader + header.captured) return false;
  return header.record - kPacketHeader - header.captured <= kMostPadding &&
         header.microseconds < kMicrosecondsPerSecond;
}

std::size_t SnoopReader::header_size() const {
  return kPacketHeader;
}

std::optional<std::size_t> SnoopReader::plausible_record(std::size_t position) const {
  const Header header = header_at(position);
  if (!acceptable(header) || header.captured > header.on_wire || header.on_wire == 0) return std::nullopt;
  if (!are_near(header.seconds, last_seconds_)) return std::nullopt;
  return header.record;
}

}  // namespace tlspeel::capture
