#include "link_cases.hpp"

namespace tlspeel::net::test {
namespace {

Bytes behind(std::uint64_t header, std::size_t size, ByteView payload) {
  return join({number(header, size), payload});
}

}  // namespace

std::vector<Case> serial_cases() {
  const Bytes in_mpls = join({number(0x00010040, 4), number(0x00020140, 4), v4()});
  return {
      {"ppp", 9, behind(0x0021, 2, v4())},
      {"ppp_framed", 9, behind(0xff030021, 4, v4())},
      {"ppp_ipv6", 9, behind(0xff030057, 4, v6()), true},
      {"ppp_compressed_protocol", 9, behind(0x21, 1, v4())},
      {"ppp_mpls", 9, behind(0x0281, 2, in_mpls)},
      {"ppp_bridged", 9, join({number(0x00310001, 4), ethernet(0x0800, v4())})},
      {"ppp_bridged_island", 9, join({number(0x00314001, 4), number(7, 4), ethernet(0x0800, v4())})},
      {"ppp_serial", 50, behind(0xff030021, 4, v4())},
      {"ppp_serial_cisco", 50, behind(0x0f000800, 4, v4())},
      {"ppp_serial_cisco_broadcast", 50, behind(0x8f0086dd, 4, v6()), true},
      {"pppoe", 51, join({number(0x1100, 2), number(5, 2), number(60, 2), number(0x0021, 2), v4()})},
      {"ppp_pppd_out", 166, behind(0x01030021, 4, v4())},
      {"ppp_pppd_in", 166, behind(0x00030057, 4, v6()), true},
      {"ppp_with_direction", 204, behind(0x01ff030021, 5, v4())},
      {"ppp_with_direction_bare", 204, behind(0x000021, 3, v4())},
      {"chdlc", 104, behind(0x0f000800, 4, v4())},
      {"chdlc_ipv6", 104, behind(0x0f0086dd, 4, v6()), true},
      {"chdlc_with_direction", 205, behind(0x010f000800, 5, v4())},
      {"frame_relay", 107, behind(0x184103cc, 4, v4())},
      {"frame_relay_ipv6", 107, behind(0x1841038e, 4, v6()), true},
      {"frame_relay_three_bytes", 107, behind(0x18400103cc, 5, v4())},
      {"frame_relay_four_bytes", 107, behind(0x1840400103cc, 6, v4())},
      {"frame_relay_padding", 107, behind(0x18410300cc, 5, v4())},
      {"frame_relay_snap", 107,
       join({number(0x184103, 3), number(0x0080, 2), number(0x0000000800, 5), v4()})},
      {"frame_relay_bridged", 107,
       join({number(0x184103, 3), number(0x0080, 2), number(0x0080c20007, 5), ethernet(0x0800, v4())})},
      {"frame_relay_cisco", 107, behind(0x18410800, 4, v4())},
      {"frame_relay_ppp", 107, behind(0x184103cf0021, 6, v4())},
      {"frame_relay_with_direction", 206, behind(0x01184103cc, 5, v4())},
      {"slip", 8, join({Bytes(16, 1), v4()})},
      {"mpls", 219, in_mpls},
      {"mpls_ipv6", 219, behind(0x00010140, 4, v6()), true},
      {"mpls_explicit_null", 219, behind(0x00000140, 4, v4())},
      {"mpls_explicit_null_ipv6", 219, behind(0x00002140, 4, v6()), true},
      {"mpls_ethernet", 219, behind(0x00010140, 4, ethernet(0x0800, v4()))},
      {"mpls_ethernet_control_word", 219, join({number(0x00010140, 4), number(0, 4), ethernet(0x86dd, v6())}),
       true},
  };
}

}  // namespace tlspeel::net::test
