// What drivers put before an IEEE 802.11 frame: radiotap, PPI, AVS, Prism. Sources: radiotap.org, the PPI
// Packet Header specification 1.0.10, tcpdump.org/linktypes.html.
#include "net/link_types.hpp"

namespace tlspeel::net {

Layer parse_radiotap(Reader& r) {
  constexpr std::uint32_t kMoreWords = 0x80000000;
  constexpr std::uint32_t kHasTime = 1;
  constexpr std::uint32_t kHasFlags = 2;
  constexpr unsigned kPadded = 0x20;
  constexpr unsigned kBadChecksum = 0x40;
  Reader header = r;
  const std::uint8_t version = header.u8();
  header.skip(1);
  const std::size_t length = header.u16le();
  const std::uint32_t present = header.u32le();
  std::size_t at = 8;
  for (std::uint32_t word = present; header.ok() && (word & kMoreWords) != 0; at += 4) word = header.u32le();
  if ((present & kHasTime) != 0) {
    const std::size_t aligned = (at + 7) / 8 * 8;
    header.skip(aligned - at + 8);
    at = aligned + 8;
  }
  const unsigned flags = (present & kHasFlags) != 0 ? header.u8() : 0U;
  r.absorb(header);
  r.skip(length);
  // A frame that was damaged on the air is sent again.
  if (version != 0 || length < at || (flags & kBadChecksum) != 0) return Layer::not_ip;
  return (flags & kPadded) != 0 ? Layer::wlan_padded : Layer::wlan;
}

Layer parse_ppi(Reader& r) {
  constexpr std::size_t kHeader = 8;
  const std::uint8_t version = r.u8();
  r.skip(1);
  const std::size_t length = r.u16le();
  const std::uint32_t dlt = r.u32le();
  if (version != 0 || length < kHeader) return Layer::not_ip;
  r.skip(length - kHeader);
  return after_link_type(dlt, r);
}

Layer parse_avs(Reader& r) {
  constexpr std::size_t kStart = 8;
  const std::uint32_t magic = r.u32();
  const std::uint32_t length = r.u32();
  if (magic >> 12U != 0x80211 || length < kStart) return Layer::not_ip;
  r.skip(length - kStart);
  return Layer::wlan;
}

// Drivers that changed to AVS kept this link type, so the magic number tells.
Layer parse_prism(Reader& r) {
  constexpr std::size_t kPrismHeader = 144;
  Reader look_ahead = r;
  if (look_ahead.u32() >> 12U == 0x80211) return parse_avs(r);
  r.skip(kPrismHeader);
  return Layer::wlan;
}

}  // namespace tlspeel::net
