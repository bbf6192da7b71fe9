#include "net/unread_type.hpp"

#include <algorithm>
#include <array>

#include "net/link_types.hpp"

namespace tlspeel::net {
namespace {

// The link types whose header has an EtherType of its own at a known place.
constexpr int kEthernet = 1;
constexpr int kLinuxCookedV1 = 113;
constexpr int kLinuxCookedV2 = 276;
constexpr int kNone = -1;

constexpr std::uint16_t kSmallest = 0x0600;  // below are lengths, and Linux's own numbers

// What a capture of an ordinary network holds beside IP. Of PPPoE and PPP these are the frames that hold no
// IP: what is read of them is not what is missing.
constexpr std::array<std::uint16_t, 28> kBesideIp{
    0x0806,  // ARP
    0x0842,  // Wake-on-LAN
    0x22ea,  // MSRP
    0x22f4,  // IS-IS of TRILL
    0x8035,  // RARP
    0x8808,  // flow control
    0x8809,  // slow protocols: LACP, OAM
    0x880b,  // PPP
    0x8863,  // PPPoE discovery
    0x8864,  // PPPoE
    0x886c,  // Broadcom's events of a wireless card
    0x887b,  // HomePlug
    0x888e,  // EAPOL
    0x8899,  // Realtek's loop detection
    0x88b8,  // GOOSE
    0x88bf,  // MikroTik's RoMON
    0x88c7,  // preauthentication of IEEE 802.11
    0x88cc,  // LLDP
    0x88e1,  // HomePlug AV
    0x88e3,  // media redundancy
    0x88f5,  // MVRP
    0x88f6,  // MMRP
    0x88f7,  // PTP
    0x88fb,  // supervision of PRP and HSR
    0x8902,  // connectivity faults
    0x890d,  // IEEE 802.11 between bridges: TDLS
    0x893a,  // IEEE 1905.1
    0x9000,  // loopback, RFC 1700 "Loopback"
};
static_assert(std::is_sorted(kBesideIp.begin(), kBesideIp.end()));

// Takes the header up to what follows the EtherType.
std::uint16_t first_type(int link_type, Reader& r) {
  if (link_type == kLinuxCookedV2) {
    const std::uint16_t type = r.u16();
    r.skip(18);
    return type;
  }
  r.skip(link_type == kEthernet ? 12 : 14);
  return r.u16();
}

bool has_type(int link_type) {
  return link_type == kEthernet || link_type == kLinuxCookedV1 || link_type == kLinuxCookedV2;
}

}  // namespace

std::optional<std::uint16_t> unread_ether_type(int link_type, ByteView frame) {
  const LinkType* link = find_link_type(link_type);
  if (link == nullptr) return std::nullopt;
  Reader r(frame);
  Reader header = r;  // the last that was read, which is of this link type
  Layer behind = link->parse(r);
  while (r.ok() && behind != Layer::not_ip) {
    // Neither of these is a frame without IP that this one is about.
    if (behind == Layer::ipv4 || behind == Layer::ipv6 || behind == Layer::wlan_aggregate)
      return std::nullopt;
    link_type = behind == Layer::ethernet ? kEthernet : kNone;
    header = r;
    behind = parse_layer(behind, r);
  }
  if (!has_type(link_type)) return std::nullopt;
  const std::uint16_t first = first_type(link_type, header);
  const std::uint16_t type = skip_tags(first, header);
  const bool named = header.ok() && first >= kSmallest && type >= kSmallest &&
                     !std::binary_search(kBesideIp.begin(), kBesideIp.end(), type);
  return named ? std::optional(type) : std::nullopt;
}

}  // namespace tlspeel::net
