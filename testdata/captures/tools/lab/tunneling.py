"""Tunnels: outer IP headers, and what stands between them and the packet inside."""
import socket
import struct

from lab import framing, pcapfile

ENDS = "192.0.2.1", "198.51.100.1"
ENDS6 = "2001:db8::1", "2001:db8::2"


def ipv4(payload, protocol, from_client, ends=ENDS, identification=0, offset=0, more=False):
    source, target = ends if from_client else ends[::-1]
    header = bytearray(struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(payload), identification, offset // 8 | more << 13, 64,
                                   protocol, 0, socket.inet_aton(source), socket.inet_aton(target)))
    struct.pack_into("!H", header, 10, pcapfile.checksum(bytes(header)))
    return bytes(header) + payload


def ipv6(payload, protocol, from_client, ends=ENDS6):
    source, target = ends if from_client else ends[::-1]
    return struct.pack("!IHBB", 6 << 28, len(payload), protocol, 64) + socket.inet_pton(socket.AF_INET6, source) + \
        socket.inet_pton(socket.AF_INET6, target) + payload


def fragments(datagram, identification, size=800):
    """The IPv4 datagram in fragments."""
    header, payload = datagram[:20], datagram[20:]
    out = []
    for start in range(0, len(payload), size):
        piece = payload[start:start + size]
        head = bytearray(header)
        more = start + size < len(payload)
        struct.pack_into("!HHH", head, 2, 20 + len(piece), identification, start // 8 | more << 13)
        struct.pack_into("!H", head, 10, 0)
        struct.pack_into("!H", head, 10, pcapfile.checksum(bytes(head)))
        out.append(bytes(head) + piece)
    return out


def udp(payload, source, target):
    return struct.pack("!HHHH", source, target, 8 + len(payload), 0) + payload


def over_udp(payload, port, from_client, answer_from=None):
    """To `port` in both directions; or from it where the server answers from there."""
    ports = (51000, port) if from_client or answer_from is None else (answer_from, 51000)
    return ipv4(udp(payload, *ports), 17, from_client)


def gre(payload, kind, flags=0, fields=b""):
    return struct.pack("!HH", flags, kind) + fields + payload


def vxlan(frame, number=42, flags=0x08000000):
    return struct.pack("!II", flags, number << 8) + frame


def geneve(payload, kind, number=7, options=b""):
    return struct.pack("!BBHI", len(options) // 4, 0, kind, number << 8) + options + payload


def gtp(packet, from_client, flags=0x30, optional=b""):
    return struct.pack("!BBHI", flags, 255, len(optional) + len(packet), 0x11 if from_client else 0x22) + optional + packet


def l2tp(payload, from_client, flags=0x4002):
    header = struct.pack("!HH", 7, 9) if from_client else struct.pack("!HH", 8, 10)
    return struct.pack("!HH", flags, 8 + len(payload)) + header + payload


def erspan2(frame):
    return gre(struct.pack("!II", 0x10000064, 1) + frame, 0x88BE, 0x1000, struct.pack("!I", 1))


def erspan3(frame, subheader=b""):
    head = struct.pack("!IIHH", 0x20000064, 1, 0, 1 if subheader else 0)
    return gre(head + subheader + frame, 0x22EB, 0x1000, struct.pack("!I", 1))


def tzsp(frame, protocol=1):
    return struct.pack("!BBH", 1, 0, protocol) + b"\x0a\x01\xc5\x01" + frame


def ethernet(packet, from_client):
    return framing.ethernet(packet, from_client)
