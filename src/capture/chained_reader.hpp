// Reading on behind damage, where a file is nothing but records that follow one another, each a header of one
// size that tells how long it is: what stands behind is believed where several such headers in a row make
// sense. A reader of such a format says what a header is. At every byte a bounded number of them is looked
// at.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "capture/record_reader.hpp"

namespace tlspeel::capture {

class ChainedReader : public RecordReader {
 public:
  const Damage& damage() const final { return damage_; }

 protected:
  // So many in a row have to look like packets.
  static constexpr int kInARow = 3;

  explicit ChainedReader(ByteSource& source) : source_(&source) {}

  // What stands first is no packet, or is cut: looks for the next byte from which on there are packets.
  ReadState resume(const char* what);
  // Behind damage a packet has to be of about the same time.
  static bool are_near(std::uint32_t seconds, std::optional<std::uint32_t> others);

  // Bytes of a packet's header.
  virtual std::size_t header_size() const = 0;
  // Whether the header that stands first, and is all there, can be one.
  virtual bool first_is_acceptable() = 0;
  // Bytes of the record whose header, all there, begins at this place in view(); nullopt: it is none.
  virtual std::optional<std::size_t> plausible_record(std::size_t position) const = 0;

  ByteSource* source_;
  std::optional<std::uint32_t> last_seconds_;  // of the last packet that was read
  bool ended_ = false;

 private:
  bool chain_stands_first();

  Damage damage_;
};

}  // namespace tlspeel::capture
