"""Reading and writing classic pcap files, and just enough of Ethernet, IP and TCP to re-make captures."""
import dataclasses
import socket
import struct

ETHERNET, NULL, RAW = 1, 0, 101


@dataclasses.dataclass
class Packet:
    seconds: int
    fraction: int  # microseconds, or nanoseconds in a nanosecond file
    data: bytes
    wire_length: int


def read(path):
    """(link type, nanoseconds?, [Packet]); accepts both byte orders."""
    raw = path.read_bytes()
    magic = raw[:4]
    order = "<" if magic in (b"\xd4\xc3\xb2\xa1", b"\x4d\x3c\xb2\xa1") else ">"
    nanoseconds = magic in (b"\x4d\x3c\xb2\xa1", b"\xa1\xb2\x3c\x4d")
    link = struct.unpack(order + "I", raw[20:24])[0]
    packets, at = [], 24
    while at + 16 <= len(raw):
        seconds, fraction, captured, wire = struct.unpack(order + "4I", raw[at:at + 16])
        packets.append(Packet(seconds, fraction, raw[at + 16:at + 16 + captured], wire))
        at += 16 + captured
    return link, nanoseconds, packets


def write(path, link, packets, order="<", nanoseconds=False, snap=262144):
    magic = 0xA1B23C4D if nanoseconds else 0xA1B2C3D4
    with open(path, "wb") as out:
        out.write(struct.pack(order + "IHHiIII", magic, 2, 4, 0, 0, snap, link))
        for packet in packets:
            out.write(struct.pack(order + "4I", packet.seconds, packet.fraction, len(packet.data), packet.wire_length))
            out.write(packet.data)


@dataclasses.dataclass
class Segment:
    """Where the fields of one TCP segment stand in an Ethernet frame without VLAN tags."""
    frame: bytes
    ip: int
    tcp: int
    payload: int
    end: int
    source: tuple
    target: tuple

    @property
    def sequence(self):
        return struct.unpack("!I", self.frame[self.tcp + 4:self.tcp + 8])[0]

    @property
    def acknowledgement(self):
        return struct.unpack("!I", self.frame[self.tcp + 8:self.tcp + 12])[0]

    @property
    def flags(self):
        return self.frame[self.tcp + 13]

    @property
    def data(self):
        return self.frame[self.payload:self.end]

    def rebuilt(self, sequence=None, acknowledgement=None, data=None):
        """The same frame with other numbers or payload, lengths and checksums set right."""
        sequence = self.sequence if sequence is None else sequence
        acknowledgement = self.acknowledgement if acknowledgement is None else acknowledgement
        data = self.data if data is None else data
        tcp = bytearray(self.frame[self.tcp:self.payload])
        struct.pack_into("!II", tcp, 4, sequence & 0xFFFFFFFF, acknowledgement & 0xFFFFFFFF)
        ip = bytearray(self.frame[self.ip:self.tcp])
        if ip[0] >> 4 == 4:
            struct.pack_into("!H", ip, 2, len(ip) + len(tcp) + len(data))
            struct.pack_into("!H", ip, 10, 0)
            struct.pack_into("!H", ip, 10, checksum(bytes(ip)))
            addresses = bytes(ip[12:20])
        else:
            struct.pack_into("!H", ip, 4, len(tcp) + len(data))
            addresses = bytes(ip[8:40])
        struct.pack_into("!H", tcp, 16, 0)
        pseudo = addresses + struct.pack("!HH", 6, len(tcp) + len(data))
        struct.pack_into("!H", tcp, 16, checksum(pseudo + bytes(tcp) + data))
        return self.frame[:self.ip] + bytes(ip) + bytes(tcp) + data


def checksum(data):
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


LINK_HEADER = {ETHERNET: (14, 12), 113: (16, 14), 276: (20, 0), RAW: (0, None), NULL: (4, None)}


def segment(frame, link=ETHERNET):
    """The TCP segment in a frame, or None."""
    ip, type_at = LINK_HEADER[link]
    if type_at is not None:
        while frame[type_at:type_at + 2] in (b"\x81\x00", b"\x88\xa8"):
            ip, type_at = ip + 4, type_at + 4
    version = frame[ip] >> 4 if len(frame) > ip else 0
    if version == 4 and frame[ip + 9] == 6:
        tcp = ip + (frame[ip] & 15) * 4
        end = ip + struct.unpack("!H", frame[ip + 2:ip + 4])[0]
        source, target = (socket.inet_ntop(socket.AF_INET, frame[at:at + 4]) for at in (ip + 12, ip + 16))
    elif version == 6 and frame[ip + 6] == 6:
        tcp, end = ip + 40, ip + 40 + struct.unpack("!H", frame[ip + 4:ip + 6])[0]
        source, target = (socket.inet_ntop(socket.AF_INET6, frame[at:at + 16]) for at in (ip + 8, ip + 24))
    else:
        return None
    source_port, target_port = struct.unpack("!HH", frame[tcp:tcp + 4])
    return Segment(frame, ip, tcp, tcp + (frame[tcp + 12] >> 4) * 4, end, (source, source_port), (target, target_port))


def connections(path, ports=None):
    """(client, server) of every connection in the order of the first packet; a SYN tells who is the client,
    without one the known server port does."""
    link, _, packets = read(path)
    found = []
    for packet in packets:
        part = segment(packet.data, link)
        if part is None:
            continue
        pair = (part.source, part.target)
        if part.flags & 0x12 == 0x02:  # SYN without ACK
            if pair not in found:
                found.append(pair)
        elif pair not in found and pair[::-1] not in found:
            found.append(pair if ports and part.target[1] in ports else pair[::-1])
    return [pair for pair in found if not ports or pair[1][1] in ports]


def address(endpoint):
    host, port = endpoint
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def streams(path, number=0):
    """What client and server sent in one connection of a capture without retransmissions, and without a client port used twice."""
    link, _, packets = read(path)
    client, server = connections(path)[number]
    sides = {True: {}, False: {}}
    for packet in packets:
        part = segment(packet.data, link)
        if part.data and {part.source, part.target} == {client, server}:
            sides[part.source == client][part.sequence] = part.data
    return [b"".join(data for _, data in sorted(sides[side].items())) for side in (True, False)]
