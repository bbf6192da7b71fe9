// Bytes of one direction that came before the bytes in front of them: pieces that never overlap, by position.
// Where a piece is already there, the first copy stays and the new one is compared with it. The caller bounds
// cost().
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>

#include "tlspeel/base/bytes.hpp"
#include "tlspeel/base/on_demand.hpp"
#include "tlspeel/base/packet_ref.hpp"

namespace tlspeel::tcp {

class HeldBytes {
 public:
  struct Piece {
    std::uint64_t length = 0;
    Bytes bytes;  // empty where only the length is kept
    PacketRef at;
  };
  struct Overlap {
    std::uint64_t duplicate = 0;    // bytes that were there already
    std::uint64_t conflicting = 0;  // of those: with another value
  };

  // keep: false counts the bytes without storing them.
  Overlap insert(std::uint64_t position, ByteView bytes, PacketRef at, bool keep);
  Piece take_first();

  bool empty() const { return !pieces_.made(); }
  std::uint64_t first() const { return pieces_->begin()->first; }  // not when empty
  PacketRef first_at() const { return pieces_->begin()->second.at; }
  std::size_t cost() const { return cost_; }
  void clear();

 private:
  // A map node and the vector's block beside the bytes themselves: a flood of one-byte segments must not cost
  // more than the cap says.
  static constexpr std::size_t kPieceCost = 128;

  void store(std::uint64_t position, ByteView bytes, PacketRef at, bool keep);

  OnDemand<std::map<std::uint64_t, Piece>> pieces_;  // made: there are some
  std::size_t cost_ = 0;
};

}  // namespace tlspeel::tcp
