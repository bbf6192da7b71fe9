#include "capture_map.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include "tlspeel/base/reader.hpp"

#include "capture/link_type.hpp"

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
constexpr std::uint32_t kInterface = 1;
constexpr std::uint32_t kEnhancedPacket = 6;
constexpr std::size_t kBlockHeaders = 32;

std::vector<Range>& part(CaptureMap& map, Part which) {
  return map.parts.at(static_cast<std::size_t>(which));
}

std::uint32_t number(Reader& r, const CaptureMap& map) {
  return map.little_endian ? r.u32le() : r.u32();
}

int link_type(std::uint32_t field) {
  return capture::dlt_of_link_type(field & 0xffffU);  // above it: how long frame check sequences are
}

// A type (20 to 24), and the major version of all of them.
void add_record_headers(CaptureMap& map, ByteView file, Range data) {
  static constexpr std::uint8_t kMajor = 3;
  const std::string_view text = as_text(file.subspan(data.offset, data.length));
  for (std::size_t at = text.find(char{kMajor}, 1); at != std::string_view::npos;
       at = text.find(char{kMajor}, at + 1)) {
    Reader r(file.subspan(data.offset + at - 1, std::min(kTlsRecordHeader, text.size() - at + 1)));
    const std::uint8_t type = r.u8();
    r.skip(1);
    const bool recognised = type >= 20 && type <= 24 && r.u8() <= 4;
    r.skip(2);
    if (recognised && r.ok()) part(map, Part::tls).push_back({data.offset + at - 1, kTlsRecordHeader});
  }
}

void add_packet(CaptureMap& map, ByteView file, PacketPlace packet) {
  part(map, Part::packet).push_back({packet.data.offset, std::min(packet.data.length, kPacketHeaders)});
  add_record_headers(map, file, packet.data);
  map.packets.push_back(std::move(packet));
}

void map_pcap(CaptureMap& map, ByteView file) {
  constexpr std::size_t kHeader = 24;
  constexpr std::size_t kRecordHeader = 16;
  Reader r(file);
  r.skip(kHeader - 4);
  const int type = link_type(number(r, map));
  part(map, Part::file).push_back({0, std::min(kHeader, file.size())});
  while (r.remaining() >= kRecordHeader) {
    const std::size_t at = r.offset();
    r.skip(8);  // time
    const std::uint32_t captured = number(r, map);
    const std::uint32_t length = number(r, map);
    if (captured > r.remaining()) return;
    part(map, Part::file).push_back({at, kRecordHeader});
    if (captured != 0) {
      const Range record{at, kRecordHeader + captured};
      add_packet(map, file, {record, {r.offset(), captured}, {at + 8, at + 12}, type, length});
    }
    r.skip(captured);
  }
}

// Enhanced Packet Block, behind its type and length.
void map_packet_block(CaptureMap& map, ByteView file, Range record, Reader block,
                      const std::vector<int>& link_types) {
  const std::uint32_t interface = number(block, map);
  block.skip(8);  // time
  const std::uint32_t captured = number(block, map);
  const std::uint32_t length = number(block, map);
  if (!block.ok() || captured == 0 || captured > record.length - 32) return;
  const std::size_t at = record.offset;
  const int type = interface < link_types.size() ? link_types.at(interface) : -1;
  add_packet(
      map, file,
      {record, {block.offset(), captured}, {at + 4, at + 20, at + 24, at + record.length - 4}, type, length});
}

void map_pcapng(CaptureMap& map, ByteView file) {
  map.padded_to = 4;
  std::vector<int> link_types;  // of the section's interfaces
  Reader r(file);
  while (r.remaining() >= 12) {
    const std::size_t at = r.offset();
    Reader block(file.subspan(at), at);
    const std::uint32_t type = number(block, map);
    if (type == kSectionHeader) {
      block.skip(4);
      map.little_endian = block.u32() == kSwappedByteOrder;
      block = Reader(file.subspan(at + 4), at + 4);
      link_types.clear();
    }
    const std::uint32_t length = number(block, map);
    if (length < 12 || length > r.remaining()) return;
    part(map, Part::file).push_back({at, std::min<std::size_t>(length, kBlockHeaders)});
    part(map, Part::file).push_back({at + length - 4, 4});
    if (type == kInterface) {
      link_types.push_back(link_type(map.little_endian ? block.u16le() : block.u16()));
    }
    if (type == kEnhancedPacket && length >= 32) {
      map_packet_block(map, file, {at, length}, block, link_types);
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
