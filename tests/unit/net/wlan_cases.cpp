#include "link_cases.hpp"

namespace tlspeel::net::test {
namespace {

Bytes radiotap(ByteView frame) {
  return join({number(0x00000800, 4), number(0, 4), frame});
}
// Present words (little-endian), fields.
Bytes radiotap(std::initializer_list<std::uint32_t> present, ByteView fields, ByteView frame) {
  Bytes words;
  for (const std::uint32_t word : present) append(words, number(__builtin_bswap32(word), 4));
  const std::size_t length = 4 + words.size() + fields.size();
  return join({number(0, 2), number(length << 8U, 2), words, fields, frame});
}
Bytes ppi(std::uint32_t dlt, ByteView frame) {
  return join({number(0, 2), number(12U << 8U, 2), number(__builtin_bswap32(dlt), 4), Bytes(4, 7), frame});
}
Bytes avs(ByteView frame) {
  return join({number(0x80211001, 4), number(64, 4), Bytes(56), frame});
}
Bytes prism(ByteView frame) {
  return join({number(0x44000000, 4), number(0x90000000, 4), Bytes(136, 1), frame});
}

}  // namespace

std::vector<Case> wlan_cases() {
  const Bytes data = snap(0, 0x0800, v4());
  const Bytes data6 = snap(0, 0x86dd, v6());
  const Bytes frame = wlan(data);
  Bytes padded = wlan(data, {.subtype = 8});
  padded.insert(padded.begin() + 26, 2, 0);
  return {
      {"wlan", 105, frame},
      {"wlan_ipv6", 105, wlan(data6), true},
      {"wlan_to_access_point", 105, wlan(data, {.flags = 0x01})},
      {"wlan_four_addresses", 105, wlan(data, {.flags = 0x03})},
      {"wlan_quality", 105, wlan(data, {.subtype = 8})},
      {"wlan_quality_four_addresses", 105, wlan(data, {.subtype = 8, .flags = 0x03})},
      {"wlan_high_throughput_control", 105, wlan(data, {.subtype = 8, .flags = 0x82})},
      {"wlan_order_without_quality", 105, wlan(data, {.flags = 0x82})},
      {"wlan_with_checksum", 105, join({frame, Bytes(4, 0xcc)})},
      {"wlan_vlan", 105, wlan(snap(0, 0x8100, vlan(0x0800, v4())))},
      {"radiotap", 127, radiotap(frame)},
      {"radiotap_flags_checksum", 127, radiotap({2}, Bytes{0x10, 0}, join({frame, Bytes(4, 0xcc)}))},
      {"radiotap_time_padded", 127, radiotap({3}, join({Bytes(8), Bytes{0x20}}), padded)},
      {"radiotap_two_words", 127, radiotap({0x80000003, 0}, join({Bytes(4), Bytes(8), Bytes{0x20}}), padded)},
      {"ppi", 192, ppi(105, frame)},
      {"ppi_ethernet", 192, ppi(1, ethernet(0x0800, v4()))},
      {"avs", 163, avs(frame)},
      {"prism", 119, prism(frame)},
      {"avs_as_prism", 119, avs(frame)},
  };
}

}  // namespace tlspeel::net::test
