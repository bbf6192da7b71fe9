#include "net/link_types.hpp"

#include <algorithm>
#include <array>

#include "tlspeel/net/decoder.hpp"

namespace tlspeel::net {
namespace {

// DLT_ values. Raw IP has several: 12 is DLT_RAW on most systems and 14 on OpenBSD, 101 is its value inside
// files (LINKTYPE_RAW).
constexpr std::array<LinkType, 10> kLinkTypes{{
    {0, "BSD loopback (NULL)", parse_loopback},
    {1, "Ethernet", parse_ethernet},
    {12, "raw IP", parse_raw_ip},
    {14, "raw IP", parse_raw_ip},
    {101, "raw IP", parse_raw_ip},
    {108, "OpenBSD loopback (LOOP)", parse_loopback},
    {113, "Linux cooked v1 (SLL)", parse_linux_cooked_v1},
    {228, "raw IPv4", parse_raw_ip},
    {229, "raw IPv6", parse_raw_ip},
    {276, "Linux cooked v2 (SLL2)", parse_linux_cooked_v2},
}};
constexpr bool by_dlt(const LinkType& a, const LinkType& b) {
  return a.dlt < b.dlt;
}
static_assert(std::is_sorted(kLinkTypes.begin(), kLinkTypes.end(), by_dlt));

}  // namespace

const LinkType* find_link_type(int dlt) {
  const auto* row =
      std::lower_bound(kLinkTypes.begin(), kLinkTypes.end(), LinkType{dlt, "", nullptr}, by_dlt);
  return row != kLinkTypes.end() && row->dlt == dlt ? row : nullptr;
}

const char* link_type_name(int link_type) {
  const LinkType* row = find_link_type(link_type);
  return row == nullptr ? nullptr : row->name;
}

}  // namespace tlspeel::net
