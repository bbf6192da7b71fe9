#include "link_cases.hpp"

namespace tlspeel::net::test {
namespace {

Bytes cooked_v1(std::uint16_t hardware, std::uint16_t protocol, ByteView payload) {
  return join({number(4, 2), number(hardware, 2), number(6, 2), number(0x0200000000010000, 8),
               number(protocol, 2), payload});
}
Bytes little(std::uint64_t value, std::size_t size) {
  Bytes out = number(value, size);
  return {out.rbegin(), out.rend()};
}
// Header of 61 bytes and 3 of padding, as OpenBSD has it.
Bytes pflog(std::uint8_t family, ByteView packet) {
  return join({number(61, 1), number(family, 1), Bytes(62, 1), packet});
}
template <class Order>
Bytes nflog(std::uint8_t family, Order order, ByteView packet) {
  return join({number(family, 1), number(0, 1), number(7, 2),       //
               order(8, 2), order(1, 2), Bytes(4, 1),               // packet header
               order(9, 2), order(10, 2), Bytes(5, 'x'), Bytes(3),  // prefix, padded
               order(4 + packet.size(), 2), order(9, 2), packet});
}
template <class Order>
Bytes pktap(std::uint32_t dlt, Order order, ByteView frame) {
  return join({order(108, 4), order(1, 4), order(dlt, 4), Bytes(96, 2), frame});
}
// Juniper: magic number, flags, cookie.
Bytes juniper(std::uint8_t flags, ByteView rest) {
  return join({number(0x4d4743, 3), number(flags, 1), rest});
}
Bytes adaptive(std::uint8_t protocol) {
  return join({number(0x47, 1), Bytes(4), number(static_cast<unsigned>(protocol) << 4U, 1), Bytes(2)});
}

}  // namespace

std::vector<Case> system_cases() {
  const Bytes frame = ethernet(0x0800, v4());
  return {
      {"enc", 109, join({number(2, 4), Bytes(8, 1), v4()})},
      {"enc_ipv6_little_endian", 109, join({little(24, 4), Bytes(8, 1), v6()}), true},
      {"pflog", 117, pflog(2, v4())},
      {"pflog_ipv6", 117, pflog(24, v6()), true},
      {"nflog", 239, nflog(2, little, v4())},
      {"nflog_big_endian", 239, nflog(2, number, v4())},
      {"nflog_ipv6", 239, nflog(10, little, v6()), true},
      {"nflog_bridge", 239, nflog(7, little, v6()), true},
      {"pktap", 258, pktap(1, little, frame)},
      {"pktap_big_endian", 258, pktap(1, number, frame)},
      {"pktap_raw", 258, pktap(12, little, v6()), true},
      {"pktap_loopback", 258, pktap(0, little, join({little(30, 4), v6()})), true},
      {"ipnet", 226, join({number(0x0102, 2), Bytes(22), v4()})},
      {"symantec", 99, join({Bytes(6), number(0x86dd, 2), Bytes(36), v6()}), true},
      {"sll_pppoe", 113,
       cooked_v1(1, 0x8864, join({number(0x1100, 2), number(9, 2), number(60, 2), number(0x0021, 2), v4()}))},
      {"sll_mpls", 113, cooked_v1(1, 0x8847, join({number(0x00010140, 4), v4()}))},
      {"tzsp", 128, join({number(0x01000001, 4), number(0x0a01c5, 3), number(0x0001, 2), frame})},
      {"tzsp_wlan", 128, join({number(0x01000012, 4), number(0x01, 1), wlan(snap(0, 0x0800, v4()))})},
  };
}

std::vector<Case> juniper_cases() {
  const Bytes frame = ethernet(0x0800, v4());
  const Bytes extended = join({number(6, 2), number(0x0301, 2), number(0x010601, 3), number(0x0e, 1), frame});
  std::vector<Case> all{
      {"juniper_ethernet", 178, juniper(1, frame)},
      {"juniper_extended", 178, juniper(0x80, extended)},
      {"juniper_no_link_header", 178, juniper(2, join({number(2, 4), v4()}))},
      {"juniper_pppoe", 167, juniper(0, frame)},
      {"juniper_pppoe_atm", 168,
       juniper(0, join({number(0x8864, 2), number(0x1100, 2), number(9, 2), number(60, 2), number(0x21, 2),
                        v4()}))},
      {"juniper_ppp", 179, juniper(0, join({number(0xff030021, 4), v4()}))},
      {"juniper_frame_relay", 180, juniper(0, join({number(0x184103cc, 4), v4()}))},
      {"juniper_chdlc", 181, juniper(0, join({number(0x0f0086dd, 4), v6()})), true},
      {"juniper_es_described", 132, juniper(0, join({number(0x00014003, 4), Bytes(12, 1), v4()}))},
      {"juniper_atm1_llc", 137, juniper(0, join({Bytes(4, 1), snap(0, 0x0800, v4())}))},
      {"juniper_atm1_cisco", 137, juniper(0, join({Bytes(4, 1), number(0x03cc, 2), v4()}))},
      {"juniper_atm2_ip", 135, juniper(0, join({Bytes(8, 1), v6()})), true},
      {"juniper_atm2_ppp", 135, juniper(0, join({Bytes(8, 1), number(0x0021, 2), v4()}))},
      {"juniper_mlppp", 130, juniper(0, join({number(0x0102, 2), number(0x0021, 2), v4()}))},
      {"juniper_mlppp_link_services", 130, juniper(0, join({number(0x54010203, 4), number(0x0057, 2), v6()})),
       true},
      {"juniper_mlppp_adaptive", 130, juniper(0, join({adaptive(1), v6()})), true},
      {"juniper_mlfr", 131, juniper(0, join({number(0x0102, 2), number(0x03cc, 2), v4()}))},
      {"juniper_mlfr_adaptive", 131, juniper(0, join({adaptive(0), v4()}))},
      {"juniper_mfr", 134, juniper(0, join({number(0x01020304, 4), number(0x038e, 2), v6()})), true},
      {"juniper_mfr_adaptive", 134, juniper(0, join({adaptive(2), number(0x00010140, 4), v4()}))},
  };
  for (const int dlt : {133, 136, 164}) {
    all.push_back({"juniper_services_" + std::to_string(dlt), dlt, juniper(0, join({Bytes(8, 1), v4()}))});
  }
  return all;
}

}  // namespace tlspeel::net::test
