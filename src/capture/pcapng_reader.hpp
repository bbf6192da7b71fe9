// pcapng: sections of either byte order, each with its own interfaces; interfaces of different link types,
// time resolutions and snap lengths; enhanced, simple and obsolete packet blocks. Simple packets have no
// time: it is 0. Other blocks are passed over, however large (secrets are read elsewhere:
// secrets_blocks.hpp). Source: draft-ietf-opsawg-pcapng.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "tlspeel/base/reader.hpp"

#include "capture/record_reader.hpp"

namespace tlspeel::capture {

class PcapngReader final : public RecordReader {
 public:
  static bool is_magic(ByteView head);
  // Takes the first section header. Errors: a cause without the file's name; empty where the file ends in
  // it or in the block behind it.
  static Result<std::unique_ptr<RecordReader>> open(ByteSource& source);

  ReadState next(Packet& packet) override;
  const Damage& damage() const override { return damage_; }

 private:
  struct Interface {
    int link_type = 0;
    std::uint32_t snap_length = 0;  // 0: no limit
    std::uint8_t resolution = 6;    // if_tsresol
    std::int64_t offset_seconds = 0;
  };
  struct Block {
    std::uint32_t type = 0;
    std::uint32_t length = 0;
  };
  enum class Found : std::uint8_t { packet, other, wrong };

  explicit PcapngReader(ByteSource& source) : source_(&source) {}
  std::uint16_t u16(Reader& r) const { return little_endian_ ? r.u16le() : r.u16(); }
  std::uint32_t u32(Reader& r) const { return little_endian_ ? r.u32le() : r.u32(); }
  bool block_at_front(std::uint32_t most, Block& block);
  bool order_at_front();
  bool pass_large(const Block& block);
  bool candidate_at_front();
  Found take(const Block& block, Packet& packet);
  bool take_interface(Reader r);
  Found take_enhanced(Reader r, Packet& packet) const;
  Found take_obsolete(Reader r, Packet& packet) const;
  Found take_timed(std::uint32_t interface, Reader r, Packet& packet) const;
  Found take_simple(Reader r, Packet& packet) const;
  Found packet_of(const Interface& interface, std::uint64_t time, Packet& packet) const;
  void resume(const char* what);
  ReadState finish();
  bool tell_pending();

  ByteSource* source_;
  bool little_endian_ = true;
  std::vector<Interface> interfaces_;  // of this section
  bool pending_ = false;               // damage_ is to be told before the next packet
  bool cut_ = false;                   // the block at which reading stopped runs past the end of the file
  bool ended_ = false;
  Damage damage_;
};

}  // namespace tlspeel::capture
