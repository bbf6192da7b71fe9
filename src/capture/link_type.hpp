// LINKTYPE_ values stand in files, DLT_ values in programs; they differ for a few. Values of Linux, and what
// is not known stays as it is. Source: libpcap's pcap-linktype(7).
#pragma once

#include <cstdint>

namespace tlspeel::capture {

int dlt_of_link_type(std::uint32_t link_type);

}  // namespace tlspeel::capture
