// What the readers of all capture formats have in common: packets out of a ByteSource, and damage that is
// told once however many bytes it takes, with reading going on behind it. A reader looks only forward, and
// at every byte a bounded number of times. Packet::at.number is left to the caller.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "tlspeel/base/result.hpp"
#include "tlspeel/capture/packet_source.hpp"

#include "capture/byte_source.hpp"

namespace tlspeel::capture {

// Larger packets than any link carries (USB and Netlink captures reach some 100 kB), so a length above is
// damage. Also what is looked through for one block to be whole.
constexpr std::uint32_t kMaxPacket = 16U << 20;

struct Damage {
  enum class Kind : std::uint8_t {
    cut,      // the file ends inside of a packet or block, and has nothing behind it
    skipped,  // something is left out, and reading goes on
    rest,     // nothing behind it can be read
  };
  Kind kind = Kind::skipped;
  std::uint64_t offset = 0;   // in the file
  std::uint64_t skipped = 0;  // bytes
  std::string what;
};

class RecordReader {
 public:
  RecordReader() = default;
  virtual ~RecordReader() = default;
  RecordReader(const RecordReader&) = delete;
  RecordReader& operator=(const RecordReader&) = delete;

  virtual ReadState next(Packet& packet) = 0;
  // For the last `damaged`.
  virtual const Damage& damage() const = 0;
};

}  // namespace tlspeel::capture
