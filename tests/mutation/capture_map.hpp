// Where the parts of a capture file stand, so that a mutation can aim at one kind of them. Looks only as
// closely as that needs: the file is one of testdata/captures, and a part that is not recognised is still hit
// by mutations that aim at nothing. Offsets are from the beginning of the file. No errors, no state.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "tlspeel/base/bytes.hpp"

namespace tlspeel::mutation {

struct Range {
  std::size_t offset = 0;
  std::size_t length = 0;
};

enum class Part : std::uint8_t {
  file,    // headers of the capture file, its records and its blocks
  packet,  // link layer, IP and TCP headers
  tls,     // record headers, and what looks like them
  all,     // every byte
};
inline constexpr std::size_t kParts = 4;

struct PacketPlace {
  Range record;  // with its headers
  Range data;
  std::vector<std::size_t> lengths;  // fields of four bytes that count the data
  int link_type = 0;                 // DLT_ value
  std::uint32_t wire_length = 0;
};

struct CaptureMap {
  std::array<std::vector<Range>, kParts> parts;
  std::vector<PacketPlace> packets;  // in the order of the file
  bool classic = false;              // pcap, which holds no secrets
  bool little_endian = true;
  std::size_t padded_to = 1;  // what a block's length is a multiple of
};

CaptureMap map_capture(ByteView file);

}  // namespace tlspeel::mutation
