// Why a frame has no IP in it: the EtherType that nothing here reads. For packets of which that is already
// known: it goes their way a second time. Takes time in proportion to the headers, allocates nothing.
#pragma once

#include <cstdint>
#include <optional>

#include "tlspeel/base/bytes.hpp"

namespace tlspeel::net {

// `frame` is one of Verdict::not_ip. No value: there is no EtherType to name, or it is one that goes along
// with IP on ordinary networks and carries nothing (ARP, LLDP, ...).
std::optional<std::uint16_t> unread_ether_type(int link_type, ByteView frame);

}  // namespace tlspeel::net
