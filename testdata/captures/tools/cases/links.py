"""One small real exchange behind every link header and in every tunnel that tlspeel reads: the capture of a loopback interface
is re-framed by script (lab/framing.py, lab/tunneling.py), as the machines at hand have none of these links. Each file holds
the exchange once, with a client port and a second of its own. tshark has to see the same TCP in each, or tcpdump where tshark
does not know the link type. Real are link_nflog and tunnel_vxlan: the kernel's own netfilter log and VXLAN device."""
import dataclasses
import os
import re
import shutil
import socket
import struct
import subprocess
import time

from lab import clients, exchange, framing, host, pcapfile, tshark, tunneling
from lab.case import Case
from lab.exchange import Exchange
from lab.framing import ethernet, juniper, ppp, snap, wlan
from lab.pcapfile import Packet
from lab.servers import OpensslServer
from lab.tunneling import ipv4, ipv6, over_udp

import remake
from cases.matrix import request, served_files
from cases.network import exchange_some

SUITE = "AES128-GCM-SHA256", "TLS_RSA_WITH_AES_128_GCM_SHA256"
FIRST_PORT = 40000


# ---- one link type or tunnel each: name, link type in the file, packet in IPv6?, f(packet, from_client)

LINKS = [
    ("ethernet", 1, False, ethernet),
    ("ethernet_padded", 1, True, lambda p, c: ethernet(p, c) + b"\0" * 12),
    ("llc_snap", 1, False, lambda p, c: ethernet(snap(p), c, len(snap(p)))),
    ("vlan_etag", 1, False, lambda p, c: ethernet(p, c, tags=bytes.fromhex("893f000000010000"))),
    ("backbone_bridge", 1, False, lambda p, c: ethernet(bytes.fromhex("00000aaa") + ethernet(p, c), c, 0x88E7,
                                                       bytes.fromhex("88a80005"))),
    ("pppoe_in_ethernet", 1, True, lambda p, c: ethernet(framing.pppoe(p), c, 0x8864)),
    ("mpls_in_ethernet", 1, False, lambda p, c: ethernet(framing.mpls(p), c, 0x8847)),
    ("mpls_pseudowire", 1, False, lambda p, c: ethernet(framing.mpls(b"\0" * 4 + ethernet(p, c)), c, 0x8847)),
    ("macsec_signed", 1, False, lambda p, c: ethernet(b"\0" * 2 + b"\0\0\0\1" + struct.pack("!H", 0x0800) + p + b"\0" * 16, c, 0x88E5)),
    ("service_header", 1, False, lambda p, c: ethernet(bytes.fromhex("0fc60101000064ff") + b"\0" * 16 + p, c, 0x894F)),
    ("token_ring", 6, False, lambda p, c: b"\x10\x40" + b"".join(framing.stations(c)) + snap(p)),
    ("token_ring_routed", 6, True, lambda p, c: b"\x10\x40" + framing.STATIONS[0] + bytes([framing.STATIONS[1][0] | 0x80]) +
     framing.STATIONS[1][1:] + bytes.fromhex("063000110022") + snap(p)),
    ("arcnet", 7, False, lambda p, c: bytes([1, 2, 212, 0, 0, 7]) + p),
    ("slip", 8, False, lambda p, c: bytes([not c, 0x40]) + b"\0" * 14 + p),
    ("ppp", 9, True, lambda p, c: ppp(p)),
    ("fddi", 10, False, lambda p, c: b"\x50" + b"".join(framing.stations(c)) + snap(p)),
    ("ppp_hdlc", 50, False, lambda p, c: ppp(p)),
    ("pppoe", 51, False, lambda p, c: framing.pppoe(p)),
    ("atm_rfc1483", 100, False, lambda p, c: snap(p)),
    ("raw", 101, True, lambda p, c: p),
    ("cisco_hdlc", 104, True, lambda p, c: framing.chdlc(p)),
    ("wlan", 105, False, lambda p, c: wlan(snap(p), c)),
    ("wlan_quality", 105, True, lambda p, c: wlan(snap(p), c, 0)),
    ("wlan_ht_control", 105, False, lambda p, c: wlan(snap(p), c, 0, b"\0" * 4)),
    ("wlan_four_addresses", 105, False, lambda p, c: framing.wlan_four_addresses(snap(p), c)),
    ("atm_clip", 106, False, lambda p, c: snap(p)),
    ("frame_relay", 107, True, lambda p, c: framing.frame_relay(p)),
    ("loop", 108, False, lambda p, c: struct.pack("!I", framing.family(p, 24)) + p),
    ("enc", 109, False, lambda p, c: struct.pack("<I", framing.family(p, 24)) + b"\0" * 8 + p),
    ("pflog", 117, False, lambda p, c: framing.pflog(p)),
    ("prism", 119, False, lambda p, c: framing.prism(wlan(snap(p), c))),
    ("ip_over_fc", 122, False, lambda p, c: b"".join(b"\x10\0" + s for s in framing.stations(c)) + snap(p)),
    ("sunatm", 123, False, lambda p, c: bytes.fromhex("02000064") + snap(p)),
    ("radiotap", 127, False, lambda p, c: framing.radiotap(wlan(snap(p), c))),
    ("radiotap_padded", 127, False, lambda p, c: framing.radiotap(wlan(b"\0\0" + snap(p), c, 0), 0x20)),
    ("tzsp_link", 128, False, lambda p, c: tunneling.tzsp(ethernet(p, c))),
    ("arcnet_linux", 129, True, lambda p, c: bytes([1, 2, 0, 0, 196, 0, 0, 7]) + p),
    ("juniper_mlppp", 130, False, lambda p, c: juniper(b"\1\2" + struct.pack("!H", framing.ppp_protocol(p)) + p, c)),
    ("juniper_mlfr", 131, False, lambda p, c: juniper(b"\1\2" + framing.nlpid(p), c)),
    ("juniper_es", 132, False, lambda p, c: juniper(bytes.fromhex("00014003") + b"\0" * 12 + p, c)),
    ("juniper_ggsn", 133, False, lambda p, c: juniper(bytes.fromhex("0100020000010000") + p, c)),
    ("juniper_atm2", 135, False, lambda p, c: juniper(b"\0" * 8 + snap(p), 1)),
    ("juniper_services", 136, False, lambda p, c: juniper(b"\1" + b"\0" * 7 + p, c)),
    ("juniper_atm1", 137, False, lambda p, c: juniper(b"\0" * 4 + snap(p), c)),
    ("apple_firewire", 138, False, lambda p, c: b"\0\0".join(framing.stations(c)) + b"\0\0" + struct.pack("!H", 0x0800) + p),
    ("avs", 163, False, lambda p, c: framing.avs(wlan(snap(p), c))),
    ("juniper_monitor", 164, False, lambda p, c: juniper(b"\1" + b"\0" * 7 + p, c)),
    ("ppp_pppd", 166, False, lambda p, c: bytes([c]) + ppp(p)[1:]),
    ("juniper_pppoe", 167, False, lambda p, c: juniper(ethernet(framing.pppoe(p), c, 0x8864), c)),
    ("juniper_ethernet", 178, False, lambda p, c: juniper(bytes.fromhex("000603010106010e") + ethernet(p, c), 0x80 | c)),
    ("juniper_ppp", 179, False, lambda p, c: juniper(ppp(p), c)),
    ("juniper_frame_relay", 180, False, lambda p, c: juniper(framing.frame_relay(p), c)),
    ("juniper_chdlc", 181, True, lambda p, c: juniper(framing.chdlc(p), c)),
    ("ppi", 192, False, lambda p, c: framing.ppi(wlan(snap(p), c), 105)),
    ("ppp_with_direction", 204, False, lambda p, c: bytes([c]) + ppp(p)),
    ("chdlc_with_direction", 205, False, lambda p, c: bytes([c]) + framing.chdlc(p)),
    ("frame_relay_with_direction", 206, False, lambda p, c: bytes([c]) + framing.frame_relay(p)),
    ("mpls", 219, True, lambda p, c: framing.mpls(p)),
    ("fc_2", 224, False, lambda p, c: bytes.fromhex("040102030001020405380000012000000000ffffffffffff") +
     b"".join(b"\x10\0" + s for s in framing.stations(c)) + snap(p)),
    ("ipnet", 226, False, lambda p, c: struct.pack("!BBHIIIII", 1, 2, 0, len(p), 1, 0, 0, 0) + p),
    ("raw_ipv4", 228, False, lambda p, c: p),
    ("raw_ipv6", 229, True, lambda p, c: p),
    ("nflog_big_endian", 239, False, lambda p, c: framing.nflog(p, ">")),
    ("ipoib", 242, False, lambda p, c: b"\0" * 40 + struct.pack("!HH", 0x0800, 0) + p),
    ("pktap", 258, False, lambda p, c: framing.pktap(ethernet(p, c), 1)),
    ("broadcom_tag", 281, False, lambda p, c: ethernet(p, c, tags=b"\x20\0\0\1")),
    ("broadcom_prepended", 282, False, lambda p, c: b"\x20\0\0\1" + ethernet(p, c)),
    ("dsa", 284, False, lambda p, c: ethernet(p, c, tags=bytes.fromhex("c0080000"))),
    ("edsa", 285, False, lambda p, c: ethernet(p, c, tags=bytes.fromhex("dada0000c0080000"))),
]


def in_ethernet(tunnel):
    return lambda p, c: ethernet(tunnel(p, c), c)


def mirrored(tunnel):
    """Both directions go from the mirror to who looks at it."""
    return lambda p, c: ethernet(tunnel(ethernet(p, c)), True)


TUNNELS = [(name, 1, six, in_ethernet(tunnel)) for name, six, tunnel in [
    ("ip_in_ip", False, lambda p, c: ipv4(p, 4, c)),
    ("six_in_four", True, lambda p, c: ipv4(p, 41, c)),
    ("four_in_six", False, lambda p, c: ipv6(p, 4, c)),
    ("authenticated", False, lambda p, c: ipv4(struct.pack("!BBHII", 4, 4, 0, 1, 1) + b"\0" * 12 + p, 51, c)),
    ("gre", False, lambda p, c: ipv4(tunneling.gre(p, 0x0800), 47, c)),
    ("gre_key", True, lambda p, c: ipv4(tunneling.gre(p, 0x86DD, 0x3000, struct.pack("!II", 5 if c else 6, 1)), 47, c)),
    ("gre_bridged", False, lambda p, c: ipv6(tunneling.gre(ethernet(p, c), 0x6558), 47, c)),
    ("gre_mpls", False, lambda p, c: ipv4(tunneling.gre(framing.mpls(p), 0x8847), 47, c)),
    ("pptp", False, lambda p, c: ipv4(tunneling.gre(ppp(p), 0x880B, 0x3001, struct.pack("!HHI", len(p) + 4, 7, 1)), 47, c)),
    ("vxlan_linux", True, lambda p, c: over_udp(tunneling.vxlan(ethernet(p, c)), 8472, c)),
    ("vxlan_gpe", False, lambda p, c: over_udp(tunneling.vxlan(p, 9, 0x0C000001), 4790, c)),
    ("geneve", False, lambda p, c: over_udp(tunneling.geneve(ethernet(p, c), 0x6558), 6081, c)),
    ("geneve_options", False, lambda p, c: over_udp(tunneling.geneve(p, 0x0800, 7, bytes.fromhex("0108000100000001")), 6081, c)),
    ("gtp", False, lambda p, c: over_udp(tunneling.gtp(p, c), 2152, c)),
    ("gtp_extension", True, lambda p, c: over_udp(tunneling.gtp(p, c, 0x34, bytes.fromhex("0000008501100500")), 2152, c)),
    ("l2tp", False, lambda p, c: over_udp(tunneling.l2tp(ppp(p), c), 1701, c, answer_from=1701)),
    ("l2tp_v3", False, lambda p, c: ipv4(struct.pack("!II", 0x1234 if c else 0x4321, 0) + ethernet(p, c), 115, c)),
    ("teredo", True, lambda p, c: over_udp(p, 3544, c, answer_from=3544)),
    ("etherip", False, lambda p, c: ipv4(b"\x30\0" + ethernet(p, c), 97, c)),
    ("mpls_in_udp", False, lambda p, c: over_udp(framing.mpls(p), 6635, c)),
    ("lisp", False, lambda p, c: over_udp(bytes.fromhex("8000000100000001") + p, 4341, c)),
    ("gre_in_vxlan", False, lambda p, c: over_udp(tunneling.vxlan(ethernet(ipv4(tunneling.gre(p, 0x0800), 47, c, ("10.1.1.1", "10.1.1.2")),
                                                                        c)), 4789, c)),
    ("one_way_in_a_tunnel", False, lambda p, c: ipv4(p, 4, c) if c else p),
]] + [(name, 1, False, mirrored(tunnel)) for name, tunnel in [
    ("erspan_1", lambda f: ipv4(tunneling.gre(f, 0x88BE), 47, True)),
    ("erspan_2", lambda f: ipv4(tunneling.erspan2(f), 47, True)),
    ("erspan_3", lambda f: ipv4(tunneling.erspan3(f), 47, True)),
    ("erspan_3_subheader", lambda f: ipv4(tunneling.erspan3(f, bytes.fromhex("3000000000000001")), 47, True)),
    ("vxlan_mirror", lambda f: over_udp(tunneling.vxlan(f, 77), 4789, True)),
    ("tzsp", lambda f: over_udp(tunneling.tzsp(f), 37008, True)),
]]

# Link types that tshark 4.0 does not know, or opens by a preference only: tcpdump is the witness, with the same packets.
BY_TCPDUMP = {"slip", "atm_clip", "juniper_es", "juniper_ggsn", "juniper_services", "juniper_monitor", "ppp_pppd", "broadcom_tag",
              "broadcom_prepended", "dsa", "edsa", "vxlan_linux"}
# Neither reads them: tcpdump.org/linktypes.html and the RFCs are the only witness.
BY_NONE = {"chdlc_with_direction", "frame_relay_with_direction", "mpls"}
# What tshark has to be told.
TSHARK_OPTIONS = {"mpls_pseudowire": ["-d", "mpls.label==17,pwethcw"],
                  "l2tp_v3": ["-o", "l2tp.cookie_size:4 Byte Cookie", "-o", "l2tp.l2_specific:None",
                              "-d", "l2tp.pw_type==0,eth"]}


# ---- what holds several packets in one frame, or one in several frames: f([(packet, from_client)]) gives [(index, frame)]

def aggregated(packets):
    """A-MSDUs of all packets that one side sends in a row."""
    frames, run = [], []
    for number, (packet, from_client) in enumerate(packets):
        run.append(packet)
        if number + 1 == len(packets) or packets[number + 1][1] != from_client or len(run) == 4:
            body = framing.subframes(run, from_client)
            frames.append((number, framing.radiotap(wlan(body, from_client, 0, aggregate=True))))
            run = []
    return frames


def fragmented_outside(packets):
    """VXLAN whose outer datagrams go in fragments, every second time in reverse order."""
    frames = []
    for number, (packet, from_client) in enumerate(packets):
        outer = over_udp(tunneling.vxlan(ethernet(packet, from_client)), 4789, from_client)
        pieces = tunneling.fragments(outer, number + 1, 400)
        frames += [(number, ethernet(piece, from_client)) for piece in (pieces if number % 2 else pieces[::-1])]
    return frames


def fragmented_twice(packets):
    """Fragments in GRE, whose outer datagrams are fragments again."""
    frames = []
    for number, (packet, from_client) in enumerate(packets):
        for part, inner in enumerate(tunneling.fragments(packet, number + 1, 640)):
            outer = ipv4(tunneling.gre(inner, 0x0800), 47, from_client)
            frames += [(number, ethernet(piece, from_client)) for piece in tunneling.fragments(outer, number * 8 + part + 1, 400)]
    return frames


def same_addresses(packets):
    """Two customers with the same addresses and ports at the same time, told apart by the number of their network."""
    return [(number, ethernet(over_udp(tunneling.vxlan(ethernet(packet, from_client), network), 4789, from_client), from_client))
            for number, (packet, from_client) in enumerate(packets) for network in (1, 2)]


# ---- making

class Base:
    """The real exchange: [(seconds, microseconds, TCP header and payload, from_client)]."""

    def __init__(self, case):
        host.set_loopback_mtu(1500)
        key, cert = case.identity(bits=1024)
        path = case.work / "base.pcap"
        with OpensslServer(case.work, 4433, key, cert, ["-HTTP", "-cipher", "ALL:@SECLEVEL=0"], files=served_files(case)), \
             case.tcpdump(4433, name=os.path.relpath(path, case.folder)):
            self.exchange = clients.s_client(case.work, 4433, request("/small.txt"), "-tls1_2", "-cipher", SUITE[0] + ":@SECLEVEL=0",
                                             "-curves", "X25519")
        self.exchange.version, self.exchange.suite = "TLS 1.2", SUITE[1]
        _, _, packets = pcapfile.read(path)
        parts = [pcapfile.segment(packet.data) for packet in packets]
        self.start = packets[0].seconds
        self.segments = [(packet.seconds - self.start, packet.fraction, part.frame[part.tcp:part.end], part.target[1] == 4433)
                         for packet, part in zip(packets, parts)]

    def packets(self, six, port):
        """IP packets of the exchange, from a client port of its own."""
        out = []
        for _, _, segment, from_client in self.segments:
            segment = bytearray(segment)
            struct.pack_into("!H", segment, 0 if from_client else 2, port)
            out.append((ip_packet(bytes(segment), six, from_client), from_client))
        return out

    def write(self, path, link, frames, second, order):
        """`frames`: [(index of the segment, frame)]."""
        pcapfile.write(path, link, [Packet(self.start + second + self.segments[n][0], self.segments[n][1], frame, len(frame))
                                    for n, frame in frames], order=order)


def hosts(six):
    return ("fd00::7", "fd00::4") if six else ("10.0.0.7", "10.0.0.4")


def ip_packet(segment, six, from_client):
    ends = hosts(six) if from_client else hosts(six)[::-1]
    addresses = b"".join(socket.inet_pton(socket.AF_INET6 if six else socket.AF_INET, end) for end in ends)
    tcp = bytearray(segment)
    struct.pack_into("!H", tcp, 16, 0)
    struct.pack_into("!H", tcp, 16, pcapfile.checksum(addresses + struct.pack("!HH", 6, len(tcp)) + bytes(tcp)))
    return ipv6(bytes(tcp), 6, True, ends) if six else ipv4(bytes(tcp), 6, True, ends)


def seen_by_tshark(path, options=()):
    """[(sequence number, length)] of all TCP headers, without repetitions."""
    try:
        listing = tshark.run_tshark(path, [], [*options, "-Y", "tcp", "-T", "fields", "-E", "occurrence=a", "-E", "aggregator=,",
                                               "-e", "tcp.seq_raw", "-e", "tcp.len"])
    except subprocess.CalledProcessError:
        return []
    found = []
    for line in listing.splitlines():
        found += zip(*(field.split(",") for field in line.split("\t")))
    return sorted(set(found))


def seen_by_tcpdump(path):
    """The TCP flags and lengths of all packets, in their order."""
    listing = host.run(["tcpdump", "-n", "-t", "-r", str(path)], stderr=subprocess.DEVNULL).stdout.decode()
    return re.findall(r"Flags (\[.*?\]),.* length (\d+)", listing)


def check_with_others(folder, names):
    first = folder / f"capture_{names[0]}.pcap"
    wanted, wanted_of_tcpdump, faults = seen_by_tshark(first), seen_by_tcpdump(first), []
    for name in names:
        path = folder / f"capture_{name}.pcap"
        by_tshark = seen_by_tshark(path, TSHARK_OPTIONS.get(name, ())) == wanted
        by_tcpdump = not by_tshark and seen_by_tcpdump(path) == wanted_of_tcpdump
        if (by_tshark, by_tcpdump) != (name not in BY_TCPDUMP | BY_NONE, name in BY_TCPDUMP):
            faults.append(name)
    if faults:
        raise RuntimeError(f"{folder.name}: others see {', '.join(faults)} otherwise than was thought")


@dataclasses.dataclass
class File:
    name: str
    link: int
    six: bool
    frames_of: object  # f([(packet, from_client)]) gives [(index, frame)]
    connections: int = 1


def one_by_one(frame):
    return lambda packets: [(number, frame(*packet)) for number, packet in enumerate(packets)]


def all_of(name, files):
    """In the order of their names, in which tlspeel is given them, and so in the order of their time, too."""
    files = sorted(files, key=lambda file: f"capture_{file.name}.pcap")
    with Case(name) as case:
        base, rows = Base(case), []
        for number, file in enumerate(files):
            port = FIRST_PORT + number
            base.write(case.folder / f"capture_{file.name}.pcap", file.link, file.frames_of(base.packets(file.six, port)), 10 * number,
                       ">" if file.name.endswith("big_endian") else "<")
            client, server = (pcapfile.address(end) for end in zip(hosts(file.six), (port, 4433)))
            rows += [(Exchange(**vars(base.exchange)), client, server)] * file.connections
        check_with_others(case.folder, [file.name for file in files])
        case.write(["-k", "server.key"], rows)


def links():
    all_of("links", [File(name, link, six, one_by_one(frame)) for name, link, six, frame in LINKS] +
           [File("wlan_aggregate", 127, False, aggregated)])


def tunnels():
    all_of("tunnels", [File(name, link, six, one_by_one(frame)) for name, link, six, frame in TUNNELS] +
           [File("fragmented_outside", 1, False, fragmented_outside), File("fragmented_twice", 1, False, fragmented_twice),
            File("a_plain_one", 1, False, one_by_one(ethernet)), File("same_addresses", 1, False, same_addresses, 2)])


# ---- tags of switches, around the exchange of `links`

METADATA = bytes.fromhex("8909010100010002")
SECURED = bytes.fromhex("88e5000000000001")
TAGGED = [
    ("arista_48", False, lambda p, c: ethernet(p, c, tags=bytes.fromhex("d28b00010020") + struct.pack("!HI", 7, 8))),
    ("arista_64", True, lambda p, c: ethernet(p, c, tags=bytes.fromhex("d28b00010110") + struct.pack("!II", 7, 8))),
    ("cisco_metadata", False, lambda p, c: ethernet(p, c, tags=METADATA)),
    ("cisco_metadata_gre", False, lambda p, c: ethernet(ipv4(tunneling.gre(struct.pack("!H", framing.ether_type(p)) + METADATA[2:] + p,
                                                                           0x8909), 47, c), c)),
    ("cisco_metadata_one_side", True, lambda p, c: ethernet(p, c, tags=METADATA if c else b"")),
    ("cisco_metadata_vlan", True, lambda p, c: ethernet(p, c, tags=bytes.fromhex("88a80005") + METADATA + bytes.fromhex("81000007"))),
    ("fabric_path", False, lambda p, c: ethernet(b"\0\x60" + ethernet(p, c) + b"\0" * 4, c, 0x8903)),
    ("llc_long", False, lambda p, c: ethernet(snap(p), c, 0x8870)),
    ("macsec_signed_metadata", False, lambda p, c: ethernet(p, c, tags=SECURED + METADATA) + b"\0" * 16),
    ("redundancy_tag", True, lambda p, c: ethernet(p, c, tags=bytes.fromhex("f1c100000007"))),
    ("seamless_redundancy", False, lambda p, c: ethernet(p, c, tags=b"\x89\x2f" + struct.pack("!HH", len(p) + 6, 7))),
    ("trill", False, lambda p, c: ethernet(bytes.fromhex("003f00010002") + ethernet(p, c, tags=bytes.fromhex("81000007")), c, 0x22F3)),
    ("trill_options", True, lambda p, c: ethernet(bytes.fromhex("00bf00010002") + b"\0" * 8 + ethernet(p, c), c, 0x22F3)),
    ("vn_tag", False, lambda p, c: ethernet(p, c, tags=bytes.fromhex("892600010002"))),
]


class Recorded(Base):
    """The exchange that `links` holds, so that it need not be made anew."""

    def __init__(self, folder):
        path = folder / "capture_ethernet.pcap"
        _, _, packets = pcapfile.read(path)
        parts = [pcapfile.segment(packet.data) for packet in packets]
        self.start = packets[0].seconds
        self.segments = [(packet.seconds - self.start, packet.fraction, part.frame[part.tcp:part.end], part.target[1] == 4433)
                         for packet, part in zip(packets, parts)]


def links_tagged():
    with Case("links_tagged") as case:
        origin = case.folder.parent / "links"
        remake.take_over(origin, case.folder)
        base, row_of = Recorded(origin), [row for row in exchange.read(origin) if row["conn"] == "1"]
        lines = ["\t".join(exchange.COLUMNS)]
        for number, (name, six, frame) in enumerate(TAGGED):
            port = FIRST_PORT + number
            base.write(case.folder / f"capture_{name}.pcap", 1, one_by_one(frame)(base.packets(six, port)), 10 * number, "<")
            client, server = (pcapfile.address(end) for end in zip(hosts(six), (port, 4433)))
            lines += ["\t".join({**row, "conn": str(number + 1), "client": client, "server": server}[column] for column in exchange.COLUMNS)
                      for row in row_of]
        (case.folder / "exchanged.tsv").write_text("\n".join(lines) + "\n")
        check_with_others(case.folder, [name for name, _, _ in TAGGED])


# ---- real ones

def link_nflog():
    """Every packet that a local program sends, as netfilter's log hands it to tcpdump."""
    with Case("link_nflog") as case:
        host.set_loopback_mtu(1500)
        key, cert = case.identity()
        for command in ("add table ip tlspeel", "add chain ip tlspeel sent { type filter hook output priority 0; }",
                        "add rule ip tlspeel sent tcp sport 4433 log group 5", "add rule ip tlspeel sent tcp dport 4433 log group 5"):
            host.run(["nft", command])
        with OpensslServer(case.work, 4433, key, cert, ["-HTTP"], files=served_files(case)), \
             case.tcpdump(4433, expression=" ", interface="nflog:5"):
            exchange_some(case)
            time.sleep(1.5)  # netfilter hands out the last packets after a second
        _, nanoseconds, packets = pcapfile.read(case.folder / "capture.pcap")
        inside = case.work / "raw.pcap"
        pcapfile.write(inside, pcapfile.RAW, [dataclasses.replace(packet, data=nflog_payload(packet.data)) for packet in packets],
                       nanoseconds=nanoseconds)
        pairs = pcapfile.connections(inside, {4433})
        case.write(["-k", "server.key"], [(one, *map(pcapfile.address, pair)) for one, pair in zip(case.exchanges, pairs)])


def nflog_payload(data):
    at = 4
    while True:
        length, kind = struct.unpack("<HH", data[at:at + 4])
        if kind == 9:
            return data[at + 4:at + length]
        at += (length + 3) // 4 * 4


def tunnel_vxlan():
    """Two namespaces; the VXLAN devices have the MTU of the wire below, so the kernel splits their datagrams."""
    with Case("tunnel_vxlan") as case:
        key, cert = case.identity()
        files = served_files(case)
        with host.Process(["unshare", "-n", "sleep", "600"], case.work / "far.log") as far:
            there = ["nsenter", "-t", str(far.process.pid), "-n"]
            host.wait_for(lambda: os.readlink(f"/proc/{far.process.pid}/ns/net") != os.readlink("/proc/self/ns/net"), "unshare")
            host.run(["ip", "link", "add", "wire0", "type", "veth", "peer", "name", "wire0", "netns", str(far.process.pid)])
            for prefix, own, other, inner in (([], "192.0.2.1", "192.0.2.2", "10.9.0.1"), (there, "192.0.2.2", "192.0.2.1", "10.9.0.2")):
                for command in ("link set lo up", f"addr add {own}/24 dev wire0", "link set wire0 up mtu 1500 gso_max_segs 1",
                                f"link add vx type vxlan id 42 local {own} remote {other} dstport 4789",
                                "link set vx up mtu 1500 gso_max_segs 1", f"addr add {inner}/24 dev vx"):
                    host.run([*prefix, "ip", *command.split()])
            with OpensslServer(case.work, 4433, key, cert, ["-HTTP"], files=files, address="10.9.0.2",
                               prefix=[*there, f"--wd={files}"]), \
                 case.tcpdump(4433, expression="udp", interface="wire0"):
                exchange_some(case, "10.9.0.2")
        listing = tshark.run_tshark(case.folder / "capture.pcap", [], ["-Y", "tcp.flags.syn==1 && tcp.flags.ack==0", "-T", "fields",
                                                                       "-E", "occurrence=l", "-e", "tcp.srcport"])
        ports = [int(line) for line in listing.split()]
        case.write(["-k", "server.key"], [(one, f"10.9.0.1:{port}", "10.9.0.2:4433")
                                          for one, port in zip(case.exchanges, ports, strict=True)])


# ---- filters: what matches may lie in tunnels and in fragments

def filtered(name, expression, kept):
    """Some files of `tunnels`; `kept`: those whose connections match."""
    def make():
        with Case(name) as case:
            origin = case.folder.parent / "tunnels"
            remake.take_over(origin, case.folder)
            shutil.rmtree(case.folder / "exchanged", ignore_errors=True)
            names = sorted(path.name for path in origin.glob("capture_*.pcap"))
            for file in ("fragmented_outside", "fragmented_twice", "geneve", "gre_key"):
                shutil.copy(origin / f"capture_{file}.pcap", case.folder)
            # In the order of the files, of which same_addresses has two connections and comes behind these.
            rows = exchange.read(origin)
            wanted = [str(names.index(f"capture_{file}.pcap") + 1) for file in kept]
            lines = ["\t".join(exchange.COLUMNS)]
            for row in rows:
                if row["conn"] in wanted:
                    row["conn"] = str(wanted.index(row["conn"]) + 1)
                    lines.append("\t".join(row[column] for column in exchange.COLUMNS))
            (case.folder / "exchanged.tsv").write_text("\n".join(lines) + "\n")
            (case.folder / "args").write_text(f"-k\nserver.key\n-f\n{expression}\n")
    return make


CASES = {"links": links, "tunnels": tunnels, "links_tagged": links_tagged, "link_nflog": link_nflog, "tunnel_vxlan": tunnel_vxlan,
         "filter_inside": filtered("filter_inside", "tcp port 40008 or tcp port 40009 or host fd00::7",
                                   ["fragmented_outside", "fragmented_twice", "gre_key"]),
         "filter_nothing": filtered("filter_nothing", "tcp port 7", [])}
