// What may lie behind a header, and the functions that read one header each: from the Reader they take what
// is theirs, say what lies behind and leave the Reader there. A header that is too short leaves the Reader
// failed, whatever is returned. Where headers can follow one another without end (Ethernet in MPLS in
// Ethernet
// ...) a function returns a Layer instead of calling the next one, so that packet_walk.cpp counts them. All
// take time in proportion to their header and allocate nothing.
#pragma once

#include <cstdint>

#include "tlspeel/base/reader.hpp"

namespace tlspeel::net {

enum class Layer : std::uint8_t {
  ipv4,
  ipv6,
  not_ip,  // nothing that could hold TCP, or nothing that can be read (encrypted)
  // A header that parse_layer() reads.
  ip,  // the version field tells which
  ethernet,
  llc,
  ppp,
  cisco_hdlc,
  frame_relay,
  mpls,
  nsh,
  tzsp,
  wlan,
  wlan_padded,     // the header is filled up to a multiple of 4
  wlan_aggregate,  // A-MSDU subframes to the end of the frame; packet_walk.cpp takes them one by one
};

// Any of the second group but wlan_aggregate.
Layer parse_layer(Layer layer, Reader& r);

Layer parse_ip_version(Reader& r);  // takes nothing
Layer parse_ethernet(Reader& r);
Layer parse_ppp(Reader& r);
Layer parse_cisco_hdlc(Reader& r);
Layer parse_frame_relay(Reader& r);
Layer parse_mpls(Reader& r);
Layer parse_nsh(Reader& r);
Layer parse_tzsp(Reader& r);
Layer parse_wlan(Reader& r);
Layer parse_wlan_padded(Reader& r);

// Cisco MetaData, which carries TrustSec's security group: version, length in units of 8 bytes, options. The
// type of what it hides is part of that length and stands behind it, or in GRE before it: it is not taken.
bool skip_cisco_metadata(Reader& r);
// The type behind any stack of tags: the first that is no tag, or whose tag does not let the rest be read.
std::uint16_t skip_tags(std::uint16_t type, Reader& r);
// What follows an EtherType, behind any stack of tags; a value that is a length stands for an LLC header.
Layer after_ether_type(std::uint16_t type, Reader& r);
Layer after_llc(Reader& r);
// What follows a network layer protocol identifier (ISO/IEC TR 9577).
Layer after_nlpid(std::uint8_t nlpid, Reader& r);

// Whether the next bytes can be an IP packet, or an Ethernet frame that carries one: for places where no
// field says what follows. They take nothing; too few bytes to tell leave the Reader failed.
bool looks_like_ip(Reader& r);
bool looks_like_ethernet(Reader& r);

}  // namespace tlspeel::net
