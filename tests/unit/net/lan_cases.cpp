#include "link_cases.hpp"

namespace tlspeel::net::test {
namespace {

constexpr std::uint64_t kTo = 0x020000000002;
constexpr std::uint64_t kFrom = 0x020000000001;

Bytes token_ring(ByteView routing, ByteView payload) {
  return join({number(0x1040, 2), number(kTo, 6), number(routing.empty() ? kFrom : kFrom | 0x800000000000, 6),
               routing, payload});
}
Bytes tagged(ByteView tag, std::uint16_t type, ByteView payload) {
  return join({number(kTo, 6), number(kFrom, 6), tag, number(type, 2), payload});
}
Bytes fibre_channel(ByteView payload) {
  return join({number(0x04010203, 4), number(0x00010204, 4), number(0x05380000, 4), number(0x01200000, 4),
               number(0xffffffff, 4), number(0, 4), number(0x1000000000000001, 8),
               number(0x1000000000000002, 8), payload});
}

std::vector<Case> ethernet_cases() {
  const Bytes frame = ethernet(0x0800, v4());
  return {
      {"e_tag", 1, ethernet(0x893f, join({Bytes(6, 1), number(0x0800, 2), v4()}))},
      {"vn_tag", 1, ethernet(0x8926, join({Bytes(4, 1), number(0x86dd, 2), v6()})), true},
      {"backbone_bridge", 1, ethernet(0x88e7, join({number(0x00000aaa, 4), frame}))},
      {"backbone_bridge_tagged", 1,
       ethernet(0x88a8, vlan(0x88e7, join({number(0x00000aaa, 4), ethernet(0x8100, vlan(0x86dd, v6()))}))),
       true},
      {"pppoe_session", 1,
       ethernet(0x8864, join({number(0x1100, 2), number(9, 2), number(80, 2), number(0x0057, 2), v6()})),
       true},
      {"mpls_unicast", 1, ethernet(0x8847, join({number(0x00010040, 4), number(0x00020140, 4), v4()}))},
      {"mpls_multicast", 1, ethernet(0x8848, join({number(0x00010140, 4), v6()})), true},
      {"mpls_ethernet_in_ethernet", 1, ethernet(0x8847, join({number(0x00010140, 4), number(0, 4), frame}))},
      {"security_tag", 1, ethernet(0x88e5, join({number(0x0000, 2), number(1, 4), number(0x0800, 2), v4()}))},
      {"security_tag_with_channel", 1,
       ethernet(0x88e5, join({number(0x2000, 2), number(1, 4), Bytes(8), number(0x86dd, 2), v6()})), true},
      {"security_tag_around_vlan", 1,
       ethernet(0x88e5, join({number(0x0000, 2), number(1, 4), number(0x8100, 2), vlan(0x0800, v4())}))},
      {"cisco_metadata", 1, ethernet(0x8909, join({number(0x010100010002, 6), number(0x0800, 2), v4()}))},
      {"cisco_metadata_of_more_options", 1,
       ethernet(0x8909, join({number(0x0102, 2), number(0x00010002, 4), Bytes(8), number(0x86dd, 2), v6()})),
       true},
      {"cisco_metadata_inside_and_around_vlan", 1,
       ethernet(0x8100,
                vlan(0x8909, join({number(0x010100010002, 6), number(0x88a8, 2), vlan(0x0800, v4())})))},
      {"cisco_metadata_behind_security_tag", 1,
       ethernet(0x88e5, join({number(0x0000, 2), number(1, 4), number(0x8909, 2), number(0x010100010002, 6),
                              number(0x0800, 2), v4()}))},
      {"seamless_redundancy", 1, ethernet(0x892f, join({number(0x00500007, 4), number(0x0800, 2), v4()}))},
      {"redundancy_tag", 1, ethernet(0xf1c1, join({number(0x00000007, 4), number(0x86dd, 2), v6()})), true},
      {"arista_timestamp_64", 1,
       ethernet(0xd28b, join({number(0x00010010, 4), number(1, 4), number(2, 4), number(0x0800, 2), v4()}))},
      {"arista_timestamp_48_tagged", 1,
       ethernet(0xd28b, join({number(0x00010120, 4), number(1, 2), number(2, 4), number(0x8100, 2),
                              vlan(0x86dd, v6())})),
       true},
      {"trill", 1, ethernet(0x22f3, join({number(0x003f00010002, 6), frame}))},
      {"trill_with_options", 1,
       ethernet(0x8100, vlan(0x22f3, join({number(0x08bf00010002, 6), Bytes(8),
                                           ethernet(0x8100, vlan(0x86dd, v6()))}))),
       true},
      {"trill_with_fine_grained_label", 1,
       ethernet(0x22f3,
                join({number(0x003f00010002, 6), ethernet(0x893b, join({number(0x0001893b, 4), number(2, 2),
                                                                        number(0x0800, 2), v4()}))}))},
      {"fabric_path", 1, ethernet(0x8903, join({number(0x0060, 2), frame}))},
      {"llc_of_a_long_frame", 1, ethernet(0x8870, snap(0, 0x0800, v4()))},
      {"service_header", 1,
       ethernet(0x894f, join({number(0x0fc6, 2), number(0x01, 1), number(1, 1), Bytes(20), v4()}))},
      {"service_header_ethernet", 1,
       ethernet(0x894f, join({number(0x0fc2, 2), number(0x02, 1), number(3, 1), Bytes(4), frame}))},
      {"ethernet_in_ethernet_type", 1, ethernet(0x6558, frame)},
      {"dsa", 284, tagged(Bytes(4, 1), 0x0800, v4())},
      {"edsa", 285, tagged(join({number(0xdada, 2), Bytes(6)}), 0x86dd, v6()), true},
      {"broadcom_tag", 281, tagged(Bytes(4, 1), 0x0800, v4())},
      {"broadcom_prepended", 282, join({Bytes(4, 1), frame})},
  };
}

}  // namespace

std::vector<Case> lan_cases() {
  const Bytes llc = snap(0, 0x0800, v4());
  const Bytes frame = ethernet(0x0800, v4());
  std::vector<Case> all = ethernet_cases();
  const std::vector<Case> others{
      {"token_ring", 6, token_ring({}, llc)},
      {"token_ring_routed", 6, token_ring(number(0x063000110022, 6), snap(0, 0x86dd, v6())), true},
      {"fddi", 10, join({number(0x50, 1), Bytes(12, 1), llc})},
      {"arcnet", 7, join({number(0x0102d4, 3), number(0, 1), number(7, 2), v4()})},
      {"arcnet_ipv6", 7, join({number(0x0102c4, 3), number(0, 1), number(7, 2), v6()}), true},
      {"arcnet_old", 7, join({number(0x0102f0, 3), v4()})},
      {"arcnet_exception", 7,
       join(
           {number(0x0102d4, 3), number(0xff, 1), number(0xffff, 2), number(0xd400, 2), number(7, 2), v4()})},
      {"arcnet_linux", 129, join({number(0x01020000d4, 5), number(0, 1), number(7, 2), v4()})},
      {"arcnet_linux_old", 129, join({number(0x01020000f0, 5), v4()})},
      {"firewire", 138, join({Bytes(16, 1), number(0x0800, 2), v4()})},
      {"ip_over_fc", 122, join({Bytes(16, 1), llc})},
      {"fc_2", 224, fibre_channel(llc)},
      {"fc_2_with_delimiters", 225, join({Bytes(4, 0xb5), fibre_channel(llc)})},
      {"ipoib", 242, join({Bytes(40, 1), number(0x86dd, 2), number(0, 2), v6()}), true},
      {"atm_llc", 11, llc},
      {"atm_llc_file_number", 100, llc},
      {"atm_nlpid", 11, join({number(0xfefe03cc, 4), v4()})},
      {"atm_bridged", 11, join({number(0xaaaa03, 3), number(0x0080c20007, 5), number(0, 2), frame})},
      {"classical_ip", 106, v4()},
      {"classical_ip_llc", 19, llc},
      {"sunatm_llc", 123, join({number(0x02000064, 4), llc})},
      {"sunatm_lan_emulation", 123, join({number(0x81000064, 4), number(1, 2), frame})},
  };
  all.insert(all.end(), others.begin(), others.end());
  return all;
}

}  // namespace tlspeel::net::test
