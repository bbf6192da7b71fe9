// The table of link types: one row for each, one function for each header (the rules for functions are those
// of layers.hpp). Source: tcpdump.org/linktypes.html.
#pragma once

#include "net/layers.hpp"

namespace tlspeel::net {

struct LinkType {
  int dlt;
  const char* name;
  Layer (*parse)(Reader&);
  bool wraps = false;  // names the link type of a frame that follows: none of these may do so again
};

// nullptr where the table has no such row.
const LinkType* find_link_type(int dlt);
// A frame of another link type follows; not_ip where the table has no such row.
Layer after_link_type(std::uint32_t dlt, Reader& r);

// loopback.cpp
Layer parse_loopback(Reader& r);
Layer parse_enc(Reader& r);
// linux_cooked.cpp
Layer parse_linux_cooked_v1(Reader& r);
Layer parse_linux_cooked_v2(Reader& r);
// serial_lines.cpp
Layer parse_hdlc_serial(Reader& r);
Layer parse_ppp_pppd(Reader& r);
Layer parse_ppp_with_direction(Reader& r);
Layer parse_pppoe(Reader& r);
Layer parse_cisco_hdlc_with_direction(Reader& r);
Layer parse_frame_relay_with_direction(Reader& r);
Layer parse_slip(Reader& r);
// wlan_radio.cpp
Layer parse_radiotap(Reader& r);
Layer parse_ppi(Reader& r);
Layer parse_avs(Reader& r);
Layer parse_prism(Reader& r);
// older_lans.cpp
Layer parse_token_ring(Reader& r);
Layer parse_fddi(Reader& r);
Layer parse_arcnet(Reader& r);
Layer parse_arcnet_linux(Reader& r);
Layer parse_firewire(Reader& r);
// storage_lans.cpp
Layer parse_ip_over_fc(Reader& r);
Layer parse_fc_2(Reader& r);
Layer parse_fc_2_with_delimiters(Reader& r);
Layer parse_ipoib(Reader& r);
// atm.cpp
Layer parse_atm_rfc1483(Reader& r);
Layer parse_atm_clip(Reader& r);
Layer parse_sunatm(Reader& r);
// switch_tags.cpp
Layer parse_dsa(Reader& r);
Layer parse_edsa(Reader& r);
Layer parse_broadcom_tag(Reader& r);
Layer parse_broadcom_prepended(Reader& r);
// packet_filters.cpp
Layer parse_pflog(Reader& r);
Layer parse_nflog(Reader& r);
Layer parse_pktap(Reader& r);
Layer parse_ipnet(Reader& r);
Layer parse_symantec(Reader& r);
// juniper.cpp
Layer parse_juniper_ethernet(Reader& r);
Layer parse_juniper_ppp(Reader& r);
Layer parse_juniper_cisco_hdlc(Reader& r);
Layer parse_juniper_frame_relay(Reader& r);
Layer parse_juniper_pppoe_atm(Reader& r);
Layer parse_juniper_es(Reader& r);
Layer parse_juniper_services(Reader& r);
Layer parse_juniper_atm1(Reader& r);
Layer parse_juniper_atm2(Reader& r);
Layer parse_juniper_mlppp(Reader& r);
Layer parse_juniper_mlfr(Reader& r);
Layer parse_juniper_mfr(Reader& r);

}  // namespace tlspeel::net
