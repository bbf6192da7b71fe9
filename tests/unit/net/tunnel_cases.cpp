#include "link_cases.hpp"

namespace tlspeel::net::test {
namespace {

constexpr const char* kEnds4 = " between 192.0.2.7 and 198.51.100.4";
constexpr const char* kEnds6 = " between 2001:db8::1 and 2001:db8::2";

Bytes in_ipv4(std::uint8_t protocol, ByteView payload) {
  return ethernet(0x0800, ipv4(payload, {.protocol = protocol}));
}
Bytes in_udp(std::uint16_t source, std::uint16_t destination, ByteView payload) {
  return in_ipv4(17, udp(source, destination, payload));
}
Case gre(const char* name, const char* shown, std::uint32_t flags_and_type, ByteView payload,
         bool inner_v6 = false) {
  return {name, 1, in_ipv4(47, join({number(flags_and_type, 4), payload})), inner_v6,
          std::string(shown) + kEnds4};
}
Case over_udp(const char* name, const char* shown, std::uint16_t port, ByteView payload,
              bool inner_v6 = false) {
  return {name, 1, in_udp(50000, port, payload), inner_v6, std::string(shown) + kEnds4};
}
Bytes erspan3(std::uint16_t flags, ByteView payload) {
  return join({number(0x20050000, 4), number(77, 4), number(0, 2), number(flags, 2), payload});
}

std::vector<Case> ip_cases() {
  const Bytes frame = ethernet(0x0800, v4());
  const Bytes ppp = join({number(0xff030021, 4), v4()});
  return {
      {"ip_in_ip", 1, in_ipv4(4, v4()), false, std::string("IP in IP") + kEnds4},
      {"six_in_four", 1, in_ipv4(41, v6()), true, std::string("IP in IP") + kEnds4},
      {"four_in_six", 1, ethernet(0x86dd, ipv6(v4(), 4)), false, std::string("IP in IP") + kEnds6},
      {"six_in_six_behind_options", 1, ethernet(0x86dd, ipv6(extension(41, v6()), 60)), true,
       std::string("IP in IP") + kEnds6},
      {"behind_authentication", 1, in_ipv4(51, authentication(4, v4())), false,
       std::string("IP in IP") + kEnds4},
      {"etherip", 1, in_ipv4(97, join({number(0x3000, 2), frame})), false, std::string("EtherIP") + kEnds4},
      {"mpls_in_ip", 1, in_ipv4(137, join({number(0x00010140, 4), v4()})), false,
       std::string("MPLS in IP") + kEnds4},
      {"ethernet_in_ip", 1, ethernet(0x86dd, ipv6(frame, 143)), false,
       std::string("Ethernet in IP") + kEnds6},
      {"l2tp_v3_ethernet", 1, in_ipv4(115, join({number(0x1234, 4), frame})), false,
       std::string("L2TP") + kEnds4},
      {"l2tp_v3_cookie", 1, in_ipv4(115, join({number(0x1234, 4), Bytes(8, 0xc0), frame})), false,
       std::string("L2TP") + kEnds4},
      {"l2tp_v3_cookie_sublayer_ppp", 1, in_ipv4(115, join({number(0x1234, 4), Bytes(12, 0xc0), ppp})), false,
       std::string("L2TP") + kEnds4},
  };
}

std::vector<Case> gre_cases() {
  const Bytes frame = ethernet(0x0800, v4());
  const Bytes route = join({number(0x0800, 2), number(0, 1), number(4, 1), Bytes(4, 9), Bytes(4)});
  return {
      gre("gre", "GRE", 0x0800, v4()),
      gre("gre_ipv6", "GRE", 0x86dd, v6(), true),
      gre("gre_all_fields", "GRE", 0xb0000800, join({Bytes(12, 1), v4()})),
      gre("gre_routing", "GRE", 0x40000800, join({Bytes(4, 1), route, v4()})),
      gre("gre_bridging", "GRE", 0x20006558, join({Bytes(4, 1), frame})),
      gre("gre_mpls", "GRE", 0x8847, join({number(0x00010140, 4), v4()})),
      gre("gre_cisco_metadata", "GRE", 0x8909, join({number(0x0800, 2), number(0x010100010002, 6), v4()})),
      gre("gre_cisco_metadata_tagged", "GRE", 0x8909,
          join({number(0x8100, 2), number(0x010100010002, 6), vlan(0x86dd, v6())}), true),
      gre("erspan_1", "ERSPAN", 0x88be, frame),
      gre("erspan_2", "ERSPAN", 0x100088be, join({Bytes(4, 1), number(0x10050000, 4), Bytes(4), frame})),
      gre("erspan_3", "ERSPAN", 0x100022eb, join({Bytes(4, 1), erspan3(0, frame)})),
      gre("erspan_3_subheader", "ERSPAN", 0x100022eb,
          join({Bytes(4, 1), erspan3(1, join({Bytes(8), frame}))})),
      gre("erspan_3_ip", "ERSPAN", 0x100022eb, join({Bytes(4, 1), erspan3(0x0800, v4())})),
      gre("wccp_1", "WCCP", 0x883e, v4()),
      gre("wccp_2", "WCCP", 0x883e, join({Bytes(4, 1), v4()})),
      gre("pptp", "PPTP", 0x3001880b, join({Bytes(8, 1), number(0xff030021, 4), v4()})),
      gre("pptp_acknowledged", "PPTP", 0x3081880b, join({Bytes(12, 1), number(0x21, 1), v4()})),
  };
}

std::vector<Case> udp_cases() {
  const Bytes frame = ethernet(0x0800, v4());
  const Bytes vxlan = join({number(0x08000000, 4), number(42 << 8U, 4), frame});
  const Bytes ppp6 = join({number(0xff030057, 4), v6()});
  return {
      over_udp("vxlan", "VXLAN 42", 4789, vxlan),
      over_udp("vxlan_linux", "VXLAN 42", 8472, vxlan),
      over_udp("vxlan_group_policy", "VXLAN 42", 4789,
               join({number(0x88000007, 4), number(42 << 8U, 4), frame})),
      over_udp("vxlan_gpe_ip", "VXLAN 9", 4790, join({number(0x0c000001, 4), number(9 << 8U, 4), v4()})),
      over_udp("vxlan_gpe_ethernet", "VXLAN 9", 4790,
               join({number(0x08000000, 4), number(9 << 8U, 4), frame})),
      over_udp("vxlan_gpe_service_header", "VXLAN 9", 4790,
               join({number(0x0c000004, 4), number(9 << 8U, 4), number(0x0fc20202, 4), Bytes(4), v6()}),
               true),
      over_udp("geneve", "GENEVE 7", 6081, join({number(0x00006558, 4), number(7 << 8U, 4), frame})),
      over_udp("geneve_options", "GENEVE 7", 6081,
               join({number(0x020086dd, 4), number(7 << 8U, 4), Bytes(8, 1), v6()}), true),
      over_udp("gtp", "GTP", 2152, join({number(0x30ff0042, 4), number(99, 4), v4()})),
      over_udp("gtp_sequence", "GTP", 2152, join({number(0x32ff0042, 4), number(99, 4), Bytes(4), v6()}),
               true),
      over_udp("gtp_extension", "GTP", 2152,
               join({number(0x34ff0042, 4), number(99, 4), number(0x85, 4), number(0x01100500, 4), v4()})),
      over_udp("gtp_ethernet", "GTP", 2152, join({number(0x30ff0042, 4), number(99, 4), frame})),
      over_udp("l2tp", "L2TP", 1701, join({number(0x0002, 2), Bytes(4, 1), number(0x0021, 2), v4()})),
      over_udp("l2tp_all_fields", "L2TP", 1701,
               join({number(0x4a02, 2), Bytes(10, 1), number(2, 2), Bytes(2), ppp6}), true),
      {"l2tp_answer", 1, in_udp(1701, 50000, join({number(0x0002, 2), Bytes(4, 1), ppp6})), true,
       std::string("L2TP") + kEnds4},
      over_udp("l2tp_v3_udp", "L2TP", 1701, join({number(0x00030000, 4), Bytes(4, 1), frame})),
      over_udp("teredo", "Teredo", 3544, v6(), true),
      {"teredo_answer_with_indications", 1,
       in_udp(3544, 50000, join({number(0x00010000, 4), Bytes(9), number(0, 2), Bytes(6, 1), v6()})), true,
       std::string("Teredo") + kEnds4},
      over_udp("mpls_in_udp", "MPLS in UDP", 6635, join({number(0x00010140, 4), v4()})),
      over_udp("gre_in_udp", "GRE", 4754, join({number(0x0800, 4), v4()})),
      over_udp("lisp", "LISP", 4341, join({Bytes(8, 1), v6()}), true),
      over_udp("tzsp_in_udp", "TZSP", 37008, join({number(0x01000001, 4), number(0x0a01c501, 4), frame})),
      over_udp("tzsp_wlan_in_udp", "TZSP", 37008,
               join({number(0x01000012, 4), number(0x01, 1), wlan(snap(0, 0x0800, v4()))})),
  };
}

}  // namespace

std::vector<Case> tunnel_cases() {
  std::vector<Case> all = ip_cases();
  for (const auto& more : {gre_cases(), udp_cases()}) all.insert(all.end(), more.begin(), more.end());
  const Bytes inner = join({number(0x0800, 4), v4()});
  const Bytes frame = ethernet(0x0800, ipv4(inner, {.protocol = 47}));
  all.push_back({"gre_in_vxlan", 1,
                 in_udp(50000, 4789, join({number(0x08000000, 4), number(42 << 8U, 4), frame})), false,
                 std::string("VXLAN 42") + kEnds4 + ", in it GRE" + kEnds4});
  return all;
}

}  // namespace tlspeel::net::test
