// What the reader of packets and the walker over secrets have to see alike in pcapng: the types of blocks,
// which lengths can be true, and what is believed behind damage. Source: draft-ietf-opsawg-pcapng
// section 3.1.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace tlspeel::capture::pcapng {

constexpr std::uint32_t kSectionHeader = 0x0a0d0d0a;  // the same in both byte orders
constexpr std::uint32_t kInterface = 1;
constexpr std::uint32_t kObsoletePacket = 2;
constexpr std::uint32_t kSimplePacket = 3;
constexpr std::uint32_t kEnhancedPacket = 6;
constexpr std::uint32_t kDecryptionSecrets = 10;
constexpr std::uint32_t kByteOrderMagic = 0x1a2b3c4d;
// What reading may go on with behind damage: the types that are common, which nothing else resembles.
constexpr std::array<std::uint32_t, 9> kKnown{1, 2, 3, 4, 5, 6, 10, 0xbad, 0x40000bad};

constexpr std::size_t kBlockHeader = 8;
constexpr std::size_t kTrailer = 4;  // the total length again
constexpr std::size_t kSmallestBlock = kBlockHeader + kTrailer;
constexpr std::size_t kSmallestSection = 28;
// Behind damage a block has to be whole to be believed; looking for larger ones would cost at every byte.
constexpr std::uint32_t kMostBehindDamage = 1U << 20;

constexpr bool is_packet(std::uint32_t type) {
  return type == kEnhancedPacket || type == kSimplePacket || type == kObsoletePacket;
}

constexpr bool is_known(std::uint32_t type) {
  return std::ranges::find(kKnown, type) != kKnown.end();
}

// Some writers forget the padding in the total length, though not in the block: as Wireshark, what is no
// multiple of four is rounded up. `length` is at most 0xfffffffc.
constexpr std::uint32_t padded(std::uint32_t length) {
  return (length + 3U) & ~3U;
}

// Of the trailer, where the header says `stated`: writers that forget the padding may know it there.
constexpr bool same_length(std::uint32_t trailer, std::uint32_t stated) {
  return trailer == stated || trailer == padded(stated);
}

}  // namespace tlspeel::capture::pcapng
