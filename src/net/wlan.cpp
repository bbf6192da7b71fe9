// IEEE 802.11 data frames. Protected frames count as no IP: they would need the network's keys. Parts of a
// fragmented frame (clause 10.4) are not joined, nobody sends IP in such. A frame check sequence at the end
// needs no care: IP lengths leave it out, and it is too short to be an A-MSDU subframe. Sources: IEEE Std
// 802.11-2020 clauses 9.2.4, 9.3.2.
#include "net/layers.hpp"

namespace tlspeel::net {
namespace {

constexpr unsigned kToDistribution = 0x01;
constexpr unsigned kFromDistribution = 0x02;
constexpr unsigned kMoreFragments = 0x04;
constexpr unsigned kProtected = 0x40;
constexpr unsigned kHighThroughputControl = 0x80;  // in QoS frames
constexpr unsigned kQuality = 0x08;                // subtypes
constexpr unsigned kWithoutData = 0x04;
constexpr unsigned kAggregate = 0x80;  // of the QoS control field

Layer parse_data(Reader& r, bool padded) {
  const std::size_t start = r.offset();
  const unsigned control = r.u8();
  const unsigned flags = r.u8();
  const unsigned subtype = control >> 4U;
  r.skip(2 + 3 * 6);  // duration, three addresses
  const bool first_fragment = (r.u16() & 0xf00U) == 0;
  if ((flags & kToDistribution) != 0 && (flags & kFromDistribution) != 0) r.skip(6);
  unsigned quality = 0;
  if ((subtype & kQuality) != 0) {
    quality = r.u8();
    r.skip(1);
    if ((flags & kHighThroughputControl) != 0) r.skip(4);
  }
  if (padded) r.skip((4 - (r.offset() - start) % 4) % 4);
  const bool data = (control & 0x0fU) == 0x08 && (subtype & kWithoutData) == 0;  // type 2 of version 0
  const bool whole = first_fragment && (flags & kMoreFragments) == 0;
  if (!data || !whole || (flags & kProtected) != 0) return Layer::not_ip;
  return (quality & kAggregate) != 0 ? Layer::wlan_aggregate : Layer::llc;
}

// Frames that carry no data are shorter than the header of those that do, and that is no damage.
Layer parse(Reader& r, bool padded) {
  Reader look_ahead = r;
  const unsigned type = look_ahead.u8() & 0x0fU;
  r.absorb(look_ahead);
  return type == 0x08 ? parse_data(r, padded) : Layer::not_ip;
}

}  // namespace

Layer parse_wlan(Reader& r) {
  return parse(r, false);
}

Layer parse_wlan_padded(Reader& r) {
  return parse(r, true);
}

}  // namespace tlspeel::net
