#!/usr/bin/env python3
"""Captures that are too long, or have too many connections, to be recorded: packets of a real capture again and again, written to
standard output. Every copy has addresses or ports of its own; what TLS says in it is, byte for byte, what the real connections said.
Checksums stay those of the original.

  copies.py stream CAPTURE TIMES    the capture TIMES times, one after the other: each time with fresh client ports, other sequence
                                    numbers and later times
  copies.py fan CAPTURE TIMES       each packet TIMES times, from as many client addresses: all connections are open at once
"""
import collections
import pathlib
import struct
import sys

LINK, IP, FILE_HEADER, RECORD_HEADER = 14, 20, 24, 16  # bytes; Ethernet, and IPv4 without options, as the loopback interface has them
FIRST_PORT, PORTS = 1024, 64000  # fresh ports, before the first one comes again
SEQUENCE_STEP = 0x10325477  # odd: no two of the first 2^32 copies begin alike
FIRST_ADDRESS = 0x0A000000  # 10.0.0.0

# One packet of the original: where its record header and its IP header begin and its end is, which connection it belongs to (in the
# order of the first packets), whether the client sent it.
Packet = collections.namedtuple("Packet", "at ip end connection from_client seconds sequence acknowledgement")


def packets(raw):
    """Of a pcap file in the byte order of this machine, with TCP over IPv4 only; the client is who sent the first packet."""
    if raw[:4] != struct.pack("=I", 0xA1B2C3D4) or struct.unpack_from("=I", raw, 20)[0] != 1:
        raise ValueError("no pcap file with Ethernet frames, as tcpdump writes it here")
    found, numbers, clients, at = [], {}, {}, FILE_HEADER
    while at + RECORD_HEADER <= len(raw):
        seconds, _, length, _ = struct.unpack_from("=4I", raw, at)
        ip = at + RECORD_HEADER + LINK
        if raw[ip] != 0x45 or raw[ip + 9] != 6:
            raise ValueError(f"the packet at byte {at} is not TCP over IPv4 without options")
        ends = (raw[ip + 12:ip + 16], raw[ip + 20:ip + 22]), (raw[ip + 16:ip + 20], raw[ip + 22:ip + 24])
        name = frozenset(ends)
        connection = numbers.setdefault(name, len(numbers))
        client = clients.setdefault(name, ends[0])
        sequence, acknowledgement = struct.unpack_from("!2I", raw, ip + IP + 4)
        at_end = at + RECORD_HEADER + length
        found.append(Packet(at, ip, at_end, connection, ends[0] == client, seconds, sequence, acknowledgement))
        at = at_end
    return found


def stream(raw, times):
    """The pieces of the long capture; each is valid until the next one is asked for."""
    found = packets(raw)
    connections = 1 + max(packet.connection for packet in found)
    step = 1 + found[-1].seconds - found[0].seconds
    body = bytearray(raw)
    yield bytes(raw[:FILE_HEADER])
    for turn in range(times):
        seconds, numbers = turn * step, turn * SEQUENCE_STEP
        for packet in found:
            struct.pack_into("=I", body, packet.at, packet.seconds + seconds)
            port = FIRST_PORT + (turn * connections + packet.connection) % PORTS
            struct.pack_into("!H", body, packet.ip + IP + (0 if packet.from_client else 2), port)
            # The first packet acknowledges nothing; its zero changes into what nobody looks at.
            struct.pack_into("!2I", body, packet.ip + IP + 4, (packet.sequence + numbers) & 0xFFFFFFFF,
                             (packet.acknowledgement + numbers) & 0xFFFFFFFF)
        yield memoryview(body)[FILE_HEADER:found[-1].end]


def fan(raw, times):
    addresses = [struct.pack("!I", FIRST_ADDRESS + copy + 1) for copy in range(times)]
    yield bytes(raw[:FILE_HEADER])
    for packet in packets(raw):
        where = packet.ip + (12 if packet.from_client else 16)
        before, after = raw[packet.at:where], raw[where + 4:packet.end]
        yield b"".join(before + address + after for address in addresses)


MAKERS = {"stream": stream, "fan": fan}


def main(maker, capture, times):
    for piece in MAKERS[maker](capture.read_bytes(), times):
        sys.stdout.buffer.write(piece)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main(sys.argv[1], pathlib.Path(sys.argv[2]), int(sys.argv[3]))
