"""Link headers: each function takes an IP packet and whether the client sent it, and returns the frame."""
import struct

STATIONS = bytes.fromhex("020000000002"), bytes.fromhex("020000000001")


def stations(from_client):
    """Destination and source of a frame."""
    return STATIONS if from_client else STATIONS[::-1]


def ether_type(packet):
    return 0x0800 if packet[0] >> 4 == 4 else 0x86DD


def ethernet(packet, from_client, kind=None, tags=b""):
    return b"".join(stations(from_client)) + tags + struct.pack("!H", kind or ether_type(packet)) + packet


def snap(packet):
    return bytes.fromhex("aaaa03000000") + struct.pack("!H", ether_type(packet)) + packet


def ppp_protocol(packet):
    return 0x0021 if packet[0] >> 4 == 4 else 0x0057


def ppp(packet):
    return bytes.fromhex("ff03") + struct.pack("!H", ppp_protocol(packet)) + packet


def pppoe(packet):
    return struct.pack("!BBHHH", 0x11, 0, 0x0BAD, len(packet) + 2, ppp_protocol(packet)) + packet


def chdlc(packet):
    return struct.pack("!BBH", 0x0F, 0, ether_type(packet)) + packet


def nlpid(packet):
    return b"\x03" + (b"\xcc" if packet[0] >> 4 == 4 else b"\x8e") + packet


def frame_relay(packet):
    return bytes.fromhex("1841") + nlpid(packet)


def mpls(packet, labels=(16, 17)):
    entries = [label << 12 | (label == labels[-1]) << 8 | 64 for label in labels]
    return struct.pack(f"!{len(entries)}I", *entries) + packet


def family(packet, ipv6=30):
    return 2 if packet[0] >> 4 == 4 else ipv6


# ---- IEEE 802.11

def wlan(body, from_client, quality=None, control=b"", aggregate=False):
    """To and from an access point; `quality`: a QoS frame; `control`: the HT Control field."""
    flags = (0x01 if from_client else 0x02) | (0x80 if control else 0)
    target, source = stations(from_client)
    point = bytes.fromhex("0200000000aa")
    addresses = point + source + target if from_client else target + point + source
    qos = b"" if quality is None else struct.pack("<H", quality | (0x80 if aggregate else 0))
    return bytes([0x88 if qos else 0x08, flags]) + b"\0\0" + addresses + struct.pack("<H", 0x0010) + qos + control + body


def wlan_four_addresses(body, from_client):
    target, source = stations(from_client)
    points = bytes.fromhex("0200000000aa") + bytes.fromhex("0200000000bb")
    return b"\x08\x03\0\0" + points + target + struct.pack("<H", 0x0010) + source + body


def subframes(packets, from_client):
    """The body of an A-MSDU."""
    out = b""
    for packet in packets:
        out += b"\0" * (-len(out) % 4)
        body = snap(packet)
        out += b"".join(stations(from_client)) + struct.pack("!H", len(body)) + body
    return out


def radiotap(frame, flags=0x10):
    """TSFT and flags; 0x10: with a frame check sequence, 0x20: padded header."""
    return struct.pack("<BBHIQB", 0, 0, 17, 0b11, 1, flags) + frame + (checksum(frame) if flags & 0x10 else b"")


def checksum(frame):
    import zlib
    return struct.pack("<I", zlib.crc32(frame))


def prism(frame):
    """A message header, and ten items of which none is given."""
    items = b"".join(struct.pack("<IHHI", number << 12 | 0x44, 1, 4, 0) for number in range(1, 11))
    return struct.pack("<II16s", 0x44, 144, b"wlan0") + items + frame


def avs(frame):
    return struct.pack("!II", 0x80211001, 64) + b"\0" * 56 + frame


def ppi(frame, dlt):
    return struct.pack("<BBHI", 0, 0, 8, dlt) + frame


# ---- others

def nflog(packet, order="<"):
    def attribute(kind, value):
        return struct.pack(order + "HH", len(value) + 4, kind) + value + b"\0" * (-len(value) % 4)
    return (bytes([family(packet, 10), 0]) + struct.pack("!H", 5) + attribute(1, struct.pack("!HBB", ether_type(packet), 3, 0)) +
            attribute(10, b"\0") + attribute(9, packet))


def pktap(frame, dlt):
    return struct.pack("<III24s", 108, 1, dlt, b"en0") + b"\0" * 72 + frame


def pflog(packet):
    return struct.pack("!BBBB16s16sIIIiIiB3x", 61, family(packet, 24), 0, 0, b"em0", b"", 1, 0, 0, 0, 0, 0, 1) + packet


def juniper(rest, flags=0):
    return bytes.fromhex("4d4743") + bytes([flags]) + rest
