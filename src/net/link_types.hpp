// The table of link types: one row for each, one function for each header. A function reads its header off
// the Reader, says what lies behind it and leaves the Reader there; a header that is too short leaves the
// Reader failed, whatever is returned. Source: tcpdump.org/linktypes.html.
#pragma once

#include <cstdint>

#include "tlspeel/base/reader.hpp"

namespace tlspeel::net {

enum class NetworkProtocol : std::uint8_t { ipv4, ipv6, not_ip };

struct LinkType {
  int dlt;
  const char* name;
  NetworkProtocol (*parse)(Reader&);
};

// nullptr where the table has no such row.
const LinkType* find_link_type(int dlt);

NetworkProtocol parse_ethernet(Reader& r);
NetworkProtocol parse_linux_cooked_v1(Reader& r);
NetworkProtocol parse_linux_cooked_v2(Reader& r);
NetworkProtocol parse_loopback(Reader& r);
NetworkProtocol parse_raw_ip(Reader& r);

// What follows an EtherType, behind any stack of VLAN tags; a value that is a length stands for an LLC
// header.
NetworkProtocol after_ether_type(std::uint16_t type, Reader& r);
NetworkProtocol after_llc(Reader& r);

}  // namespace tlspeel::net
