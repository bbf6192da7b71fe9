#include "capture/pcapng_reader.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "capture/link_type.hpp"
#include "capture/pcapng_blocks.hpp"
#include "capture/pcapng_time.hpp"

namespace tlspeel::capture {
namespace {

using namespace pcapng;

// Every interface takes memory; a machine has some hundreds, so that more is damage or an attack.
constexpr std::size_t kMostInterfaces = 65536;

constexpr std::uint16_t kEndOfOptions = 0;
constexpr std::uint16_t kTimeResolution = 9;
constexpr std::uint16_t kTimeOffset = 14;

}  // namespace

bool PcapngReader::is_magic(ByteView head) {
  Reader r(head);
  return r.u32() == kSectionHeader;
}

Result<std::unique_ptr<RecordReader>> PcapngReader::open(ByteSource& source) {
  std::unique_ptr<PcapngReader> reader(new PcapngReader(source));
  if (!source.ensure(kSmallestSection)) return fail("");
  if (!reader->order_at_front()) return fail("a section header without a byte-order magic");
  Block section;
  if (!reader->block_at_front(kMaxPacket, section)) {
    if (source.view().size() < section.length) return fail("");
    return fail("the lengths of its section header contradict each other");
  }
  source.consume(section.length);
  Block first;
  if (!source.ensure(kSmallestBlock)) {
    // A section without anything is what a capture looks like in which nothing has come yet.
    if (source.view().empty() && source.error().empty()) return reader;
    return fail("");
  }
  (void)reader->block_at_front(kMaxPacket, first);
  if (first.type == kInterface && source.view().size() < first.length) return fail("");
  return reader;
}

ReadState PcapngReader::next(Packet& packet) {
  while (!ended_) {
    if (!source_->ensure(kSmallestBlock)) return finish();
    Block block;
    if (!block_at_front(kMaxPacket, block)) {
      if (!pass_large(block)) resume("no block");
      continue;
    }
    const std::uint64_t offset = source_->offset();
    const Found found = take(block, packet);
    if (found == Found::packet && tell_pending()) return ReadState::damaged;
    source_->consume(block.length);
    if (found == Found::packet) return ReadState::packet;
    if (found == Found::other) continue;
    if (!std::exchange(pending_, true)) {
      damage_ = {Damage::Kind::skipped, offset, 0, "a block that contradicts itself"};
    }
    damage_.skipped += block.length;
  }
  return ReadState::end;
}

// Whether a whole block stands first, the same length at both ends. Sets what its header says in any case.
bool PcapngReader::block_at_front(std::uint32_t most, Block& block) {
  const bool was_little_endian = little_endian_;
  Reader start(source_->view());
  if (start.u32() == kSectionHeader && (!source_->ensure(kSmallestSection) || !order_at_front()))
    return false;
  Reader r(source_->view());
  block.type = u32(r);
  block.length = u32(r);
  const std::uint32_t stated = block.length;
  bool whole = stated >= kSmallestBlock && stated <= most;
  if (whole) block.length = padded(stated);
  if (whole && source_->ensure(block.length)) {
    Reader end(source_->view().subspan(block.length - kTrailer, kTrailer));
    whole = same_length(u32(end), stated);
  } else {
    whole = false;
  }
  if (!whole) little_endian_ = was_little_endian;
  return whole;
}

bool PcapngReader::order_at_front() {
  Reader r(source_->view());
  r.skip(kBlockHeader);
  const std::uint32_t magic = r.u32();
  if (magic != kByteOrderMagic && __builtin_bswap32(magic) != kByteOrderMagic) return false;
  little_endian_ = magic != kByteOrderMagic;
  return true;
}

// Blocks that are not kept may be larger than what is kept: secrets, as a rule. In a regular file their end
// is looked at first; in a pipe, and in what is compressed, only secrets are believed.
bool PcapngReader::pass_large(const Block& block) {
  if (block.length <= kMaxPacket || block.length % 4 != 0 || is_packet(block.type)) return false;
  if (block.type == kSectionHeader || block.type == kInterface) return false;
  if (source_->can_peek()) {
    std::array<std::uint8_t, kTrailer> trailer{};
    if (!source_->peek(source_->offset() + block.length - kTrailer, trailer)) return false;
    Reader r(trailer);
    if (u32(r) != block.length) return false;
  } else if (block.type != kDecryptionSecrets) {
    return false;
  }
  for (std::uint64_t left = block.length; left != 0;) {
    if (!source_->ensure(1)) return true;  // what is missing shows at the end
    const std::uint64_t n = std::min<std::uint64_t>(left, source_->view().size());
    source_->consume(n);
    left -= n;
  }
  return true;
}

bool PcapngReader::candidate_at_front() {
  Reader r(source_->view());
  const std::uint32_t type = r.u32();
  if (type != kSectionHeader) {
    const std::uint32_t value = little_endian_ ? __builtin_bswap32(type) : type;
    if (!is_known(value)) return false;
  }
  // A length that is no multiple of four is forgiven to writers, but too little to go by.
  const std::uint32_t length = u32(r);
  if (type != kSectionHeader && length % 4 != 0) return false;
  Block block;
  return block_at_front(kMostBehindDamage, block);
}

PcapngReader::Found PcapngReader::take(const Block& block, Packet& packet) {
  Reader r(source_->view().subspan(kBlockHeader, block.length - kSmallestBlock));
  switch (block.type) {
    case kSectionHeader:
      interfaces_.clear();
      return Found::other;
    case kInterface:
      return take_interface(r) ? Found::other : Found::wrong;
    case kEnhancedPacket:
      return take_enhanced(r, packet);
    case kObsoletePacket:
      return take_obsolete(r, packet);
    case kSimplePacket:
      return take_simple(r, packet);
    default:
      return Found::other;
  }
}

bool PcapngReader::take_interface(Reader r) {
  Interface interface;
  interface.link_type = dlt_of_link_type(u16(r));
  r.skip(2);
  interface.snap_length = u32(r);
  if (!r.ok() || interfaces_.size() >= kMostInterfaces) return false;
  // Options that are cut short leave what stands before them.
  while (r.ok() && !r.empty()) {
    const std::uint16_t code = u16(r);
    const std::uint16_t size = u16(r);
    Reader value = r.sub(size);
    r.skip((4U - size % 4U) % 4U);
    if (code == kEndOfOptions) break;
    if (code == kTimeResolution && size == 1) interface.resolution = value.u8();
    if (code == kTimeOffset && size == 8) {
      const std::uint64_t first = u32(value);
      const std::uint64_t second = u32(value);
      interface.offset_seconds =
          static_cast<std::int64_t>(little_endian_ ? second << 32U | first : first << 32U | second);
    }
  }
  interfaces_.push_back(interface);
  return true;
}

PcapngReader::Found PcapngReader::take_enhanced(Reader r, Packet& packet) const {
  const std::uint32_t interface = u32(r);
  return take_timed(interface, r, packet);
}

PcapngReader::Found PcapngReader::take_obsolete(Reader r, Packet& packet) const {
  const std::uint16_t interface = u16(r);
  r.skip(2);  // drops
  return take_timed(interface, r, packet);
}

// What both have behind the number of the interface.
PcapngReader::Found PcapngReader::take_timed(std::uint32_t interface, Reader r, Packet& packet) const {
  const std::uint64_t high = u32(r);
  const std::uint64_t time = high << 32U | u32(r);
  const std::uint32_t captured = u32(r);
  packet.wire_length = u32(r);
  packet.bytes = r.bytes(captured);
  packet.block = source_->block();
  if (!r.ok() || interface >= interfaces_.size()) return Found::wrong;
  return packet_of(interfaces_[interface], time, packet);
}

// Of interface 0. How much was captured is not said: the snap length and the block tell it.
PcapngReader::Found PcapngReader::take_simple(Reader r, Packet& packet) const {
  packet.wire_length = u32(r);
  if (!r.ok() || interfaces_.empty()) return Found::wrong;
  const std::uint32_t snap_length = interfaces_[0].snap_length;
  std::uint32_t captured = packet.wire_length;
  if (snap_length != 0) captured = std::min(captured, snap_length);
  packet.bytes = r.bytes(std::min<std::size_t>(captured, r.remaining()));
  packet.block = source_->block();
  packet.at.time_ns = 0;
  packet.link_type = interfaces_[0].link_type;
  return Found::packet;
}

PcapngReader::Found PcapngReader::packet_of(const Interface& interface, std::uint64_t time,
                                            Packet& packet) const {
  packet.at.time_ns = pcapng_nanoseconds(time, interface.resolution, interface.offset_seconds);
  packet.link_type = interface.link_type;
  return Found::packet;
}

// What stands first is no block: looks for the next byte where a whole one stands, also where the file lost
// or gained bytes that are not a multiple of four.
void PcapngReader::resume(const char* what) {
  if (!std::exchange(pending_, true)) damage_ = {Damage::Kind::skipped, source_->offset(), 0, what};
  Reader r(source_->view());
  r.skip(4);
  const std::uint32_t length = u32(r);
  cut_ = length <= kMaxPacket && length > source_->view().size();
  const std::uint64_t start = source_->offset();
  do {
    source_->consume(1);
  } while (source_->ensure(kSmallestBlock) && !candidate_at_front());
  damage_.skipped += source_->offset() - start;
}

// The file has no whole block any more.
ReadState PcapngReader::finish() {
  ended_ = true;
  const std::size_t left = source_->view().size();
  if (left == 0 && !pending_ && source_->error().empty()) return ReadState::end;
  if (!std::exchange(pending_, true)) {
    damage_ = {Damage::Kind::skipped, source_->offset(), 0, "cut"};
    cut_ = true;
  }
  damage_.skipped += left;
  if (left != 0) damage_.kind = cut_ ? Damage::Kind::cut : Damage::Kind::rest;
  source_->consume(left);
  if (!source_->error().empty())
    damage_ = {Damage::Kind::rest, damage_.offset, damage_.skipped, source_->error()};
  tell_pending();
  return ReadState::damaged;
}

bool PcapngReader::tell_pending() {
  return std::exchange(pending_, false);
}

}  // namespace tlspeel::capture
