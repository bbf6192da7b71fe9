#include "net/link_types.hpp"

#include <algorithm>
#include <array>

#include "tlspeel/net/decoder.hpp"

namespace tlspeel::net {
namespace {

// DLT_ values; from 104 on they are the LINKTYPE_ values that stand in files. Below, a few types have two
// numbers: both are here where no system gives the number to something else (11 and 100 are ATM, 19 and 106
// classical IP over ATM; raw IP is 12 on most systems and 14 on OpenBSD, and 101 in files).
constexpr std::array kLinkTypes{
    LinkType{0, "BSD loopback (NULL)", parse_loopback},
    LinkType{1, "Ethernet", parse_ethernet},
    LinkType{6, "token ring", parse_token_ring},
    LinkType{7, "ARCNET", parse_arcnet},
    LinkType{8, "SLIP", parse_slip},
    LinkType{9, "PPP", parse_ppp},
    LinkType{10, "FDDI", parse_fddi},
    LinkType{11, "ATM (RFC 2684)", parse_atm_rfc1483},
    LinkType{12, "raw IP", parse_ip_version},
    LinkType{14, "raw IP", parse_ip_version},
    LinkType{19, "Linux classical IP over ATM", parse_atm_clip},
    LinkType{50, "PPP in HDLC-like framing", parse_hdlc_serial},
    LinkType{51, "PPP over Ethernet", parse_pppoe},
    LinkType{99, "Symantec Enterprise Firewall", parse_symantec},
    LinkType{100, "ATM (RFC 2684)", parse_atm_rfc1483},
    LinkType{101, "raw IP", parse_ip_version},
    LinkType{104, "Cisco HDLC", parse_cisco_hdlc},
    LinkType{105, "IEEE 802.11", parse_wlan},
    LinkType{106, "Linux classical IP over ATM", parse_atm_clip},
    LinkType{107, "frame relay", parse_frame_relay},
    LinkType{108, "OpenBSD loopback (LOOP)", parse_loopback},
    LinkType{109, "BSD encapsulating interface (ENC)", parse_enc},
    LinkType{113, "Linux cooked v1 (SLL)", parse_linux_cooked_v1},
    LinkType{117, "BSD packet filter log (PFLOG)", parse_pflog},
    LinkType{119, "IEEE 802.11 with Prism header", parse_prism},
    LinkType{122, "IP over Fibre Channel", parse_ip_over_fc},
    LinkType{123, "SunATM", parse_sunatm},
    LinkType{127, "IEEE 802.11 with radiotap header", parse_radiotap},
    LinkType{128, "TZSP", parse_tzsp},
    LinkType{129, "Linux ARCNET", parse_arcnet_linux},
    LinkType{130, "Juniper MLPPP", parse_juniper_mlppp},
    LinkType{131, "Juniper MLFR", parse_juniper_mlfr},
    LinkType{132, "Juniper ES", parse_juniper_es},
    LinkType{133, "Juniper GGSN", parse_juniper_services},
    LinkType{134, "Juniper MFR", parse_juniper_mfr},
    LinkType{135, "Juniper ATM2", parse_juniper_atm2},
    LinkType{136, "Juniper services", parse_juniper_services},
    LinkType{137, "Juniper ATM1", parse_juniper_atm1},
    LinkType{138, "Apple IP over IEEE 1394", parse_firewire},
    LinkType{163, "IEEE 802.11 with AVS header", parse_avs},
    LinkType{164, "Juniper monitor", parse_juniper_services},
    LinkType{166, "PPP of pppd", parse_ppp_pppd},
    LinkType{167, "Juniper PPPoE", parse_juniper_ethernet},
    LinkType{168, "Juniper PPPoE over ATM", parse_juniper_pppoe_atm},
    LinkType{178, "Juniper Ethernet", parse_juniper_ethernet},
    LinkType{179, "Juniper PPP", parse_juniper_ppp},
    LinkType{180, "Juniper frame relay", parse_juniper_frame_relay},
    LinkType{181, "Juniper Cisco HDLC", parse_juniper_cisco_hdlc},
    LinkType{192, "per-packet information (PPI)", parse_ppi, true},
    LinkType{204, "PPP with direction", parse_ppp_with_direction},
    LinkType{205, "Cisco HDLC with direction", parse_cisco_hdlc_with_direction},
    LinkType{206, "frame relay with direction", parse_frame_relay_with_direction},
    LinkType{219, "MPLS", parse_mpls},
    LinkType{224, "Fibre Channel FC-2", parse_fc_2},
    LinkType{225, "Fibre Channel FC-2 with delimiters", parse_fc_2_with_delimiters},
    LinkType{226, "Solaris IPNET", parse_ipnet},
    LinkType{228, "raw IPv4", parse_ip_version},
    LinkType{229, "raw IPv6", parse_ip_version},
    LinkType{239, "Linux netfilter log (NFLOG)", parse_nflog},
    LinkType{242, "IP over InfiniBand", parse_ipoib},
    LinkType{258, "macOS PKTAP", parse_pktap, true},
    LinkType{276, "Linux cooked v2 (SLL2)", parse_linux_cooked_v2},
    LinkType{281, "Ethernet with Broadcom switch tag", parse_broadcom_tag},
    LinkType{282, "Ethernet behind Broadcom switch tag", parse_broadcom_prepended},
    LinkType{284, "Ethernet with Marvell DSA tag", parse_dsa},
    LinkType{285, "Ethernet with Marvell EDSA tag", parse_edsa},
};
constexpr bool by_dlt(const LinkType& a, const LinkType& b) {
  return a.dlt < b.dlt;
}
static_assert(std::is_sorted(kLinkTypes.begin(), kLinkTypes.end(), by_dlt));

// By number: one more than the place in the table, 0 where there is none. It is asked for every packet.
constexpr auto kPlaces = [] {
  std::array<std::uint8_t, kLinkTypes.back().dlt + 1> places{};
  for (std::size_t n = 0; n < kLinkTypes.size(); ++n) {
    places[static_cast<std::size_t>(kLinkTypes[n].dlt)] = static_cast<std::uint8_t>(n + 1);
  }
  return places;
}();

}  // namespace

const LinkType* find_link_type(int dlt) {
  const auto index = static_cast<std::size_t>(dlt);  // a negative one is too large
  const std::size_t place = index < kPlaces.size() ? kPlaces[index] : 0;
  return place == 0 ? nullptr : &kLinkTypes[place - 1];
}

Layer after_link_type(std::uint32_t dlt, Reader& r) {
  constexpr std::uint32_t kLargest = 0xffff;
  const LinkType* link = dlt > kLargest ? nullptr : find_link_type(static_cast<int>(dlt));
  return link == nullptr || link->wraps ? Layer::not_ip : link->parse(r);
}

const char* link_type_name(int link_type) {
  const LinkType* row = find_link_type(link_type);
  return row == nullptr ? nullptr : row->name;
}

}  // namespace tlspeel::net
