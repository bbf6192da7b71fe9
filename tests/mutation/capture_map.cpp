#include "capture_map.hpp"

#include <algorithm>

#include "tlspeel/base/reader.hpp"

namespace tlspeel::mutation {
namespace {

// Ethernet or a cooked header, IPv4 or IPv6 without options, TCP with time stamps.
constexpr std::size_t kPacketHeaders = 74;
constexpr std::size_t kTlsRecordHeader = 5;  // RFC 8446 section 5.1

// draft-ietf-opsawg-pcap, draft-ietf-opsawg-pcapng
constexpr std::uint32_t kPcap = 0xa1b2c3d4;
constexpr std::uint32_t kPcapNanoseconds = 0xa1b23c4d;
constexpr std::uint32_t kSectionHeader = 0x0a0d0d0a;
constexpr std::uint32_t kSwappedByteOrder = 0x4d3c2b1a;
constexpr std::uint32_t kEnhancedPacket = 6;
constexpr std::size_t kBlockHeaders = 32;

std::vector<Range>& part(CaptureMap& map, Part which) {
  return map.parts.at(static_cast<std::size_t>(which));
}

std::uint32_t number(Reader& r, const CaptureMap& map) {
  return map.little_endian ? r.u32le() : r.u32();
}

bool is_tls_record_header(ByteView bytes) {
  Reader r(bytes);
  const std::uint8_t type = r.u8();
  const std::uint8_t major = r.u8();
  return type >= 20 && type <= 24 && major == 3 && r.u8() <= 4;
}

void add_packet(CaptureMap& map, ByteView file, Range data, std::vector<std::size_t> lengths) {
  part(map, Part::packet).push_back({data.offset, std::min(data.length, kPacketHeaders)});
  for (std::size_t at = data.offset; at + kTlsRecordHeader <= data.offset + data.length; ++at) {
    if (is_tls_record_header(file.subspan(at, kTlsRecordHeader))) {
      part(map, Part::tls).push_back({at, kTlsRecordHeader});
    }
  }
  map.packets.push_back({data, std::move(lengths)});
}

void map_pcap(CaptureMap& map, ByteView file) {
  constexpr std::size_t kHeader = 24;
  constexpr std::size_t kRecordHeader = 16;
  Reader r(file);
  r.skip(kHeader);
  part(map, Part::file).push_back({0, std::min(kHeader, file.size())});
  while (r.remaining() >= kRecordHeader) {
    const std::size_t at = r.offset();
    r.skip(8);  // time
    const std::uint32_t captured = number(r, map);
    r.skip(4);
    if (captured > r.remaining()) return;
    part(map, Part::file).push_back({at, kRecordHeader});
    if (captured != 0) add_packet(map, file, {r.offset(), captured}, {at + 8, at + 12});
    r.skip(captured);
  }
}

void map_pcapng(CaptureMap& map, ByteView file) {
  map.padded_to = 4;
  Reader r(file);
  while (r.remaining() >= 12) {
    const std::size_t at = r.offset();
    Reader block(file.subspan(at), at);
    const std::uint32_t type = number(block, map);
    if (type == kSectionHeader) {
      block.skip(4);
      map.little_endian = block.u32() == kSwappedByteOrder;
      block = Reader(file.subspan(at + 4), at + 4);
    }
    const std::uint32_t length = number(block, map);
    if (length < 12 || length > r.remaining()) return;
    part(map, Part::file).push_back({at, std::min<std::size_t>(length, kBlockHeaders)});
    part(map, Part::file).push_back({at + length - 4, 4});
    if (type == kEnhancedPacket) {
      block.skip(12);  // interface, time
      const std::uint32_t captured = number(block, map);
      block.skip(4);
      if (block.ok() && captured != 0 && captured <= length - 32) {
        add_packet(map, file, {block.offset(), captured}, {at + 4, at + 20, at + 24, at + length - 4});
      }
    }
    r.skip(length);
  }
}

}  // namespace

CaptureMap map_capture(ByteView file) {
  CaptureMap map;
  part(map, Part::all).push_back({0, file.size()});
  const std::uint32_t big = Reader(file).u32();
  const std::uint32_t little = Reader(file).u32le();
  map.little_endian = little == kPcap || little == kPcapNanoseconds;
  map.classic = map.little_endian || big == kPcap || big == kPcapNanoseconds;
  if (map.classic) map_pcap(map, file);
  if (big == kSectionHeader) map_pcapng(map, file);
  return map;
}

}  // namespace tlspeel::mutation
