"""Captures re-made by script from real ones: other file formats, and the trouble that TCP meets on its way.

Every function takes a classic pcap file made by tcpdump and writes another one; the same input gives the same output.
"""
import random
import shutil
import struct

from lab import exchange, pcapfile
from lab.pcapfile import Packet


def take_over(origin, target):
    """Keys, arguments and what was exchanged stay the same."""
    for path in [*origin.glob("*.key"), origin / "args", origin / "exchanged.tsv"]:
        shutil.copy(path, target / path.name)
    if (origin / "exchanged").exists():
        shutil.copytree(origin / "exchanged", target / "exchanged", dirs_exist_ok=True)


def set_outcome(target, expected, reason, only=None, absent=(), direction=None):
    """For re-made captures from which not everything can be had; `only` names the connections concerned, `absent` those
    that are not in the capture at all; `direction` is for when one side only is concerned."""
    rows = [row for row in exchange.read(target) if int(row["conn"]) not in absent]
    for number in absent:
        for direction in ("client", "server"):
            (target / "exchanged" / f"{number}.{direction}").unlink(missing_ok=True)
    lines = ["\t".join(exchange.COLUMNS)]
    for row in rows:
        if (only is None or int(row["conn"]) in only) and direction in (None, row["direction"]):
            row.update(expected=expected, reason=reason)
        lines.append("\t".join(row[name] for name in exchange.COLUMNS))
    (target / "exchanged.tsv").write_text("\n".join(lines) + "\n")


# ---- formats

def big_endian(source, target):
    """The byte order that a capture has when it was made on a big-endian machine."""
    link, nanoseconds, packets = pcapfile.read(source)
    pcapfile.write(target, link, packets, order=">", nanoseconds=nanoseconds)


def bsd_loopback(source, target):
    """Ethernet headers replaced by the four bytes of BSD's loopback: the address family in the host's byte order."""
    _, nanoseconds, packets = pcapfile.read(source)
    for packet in packets:
        family = {b"\x08\x00": 2, b"\x86\xdd": 30}[packet.data[12:14]]
        packet.data = struct.pack("<I", family) + packet.data[14:]
        packet.wire_length -= 10
    pcapfile.write(target, pcapfile.NULL, packets, nanoseconds=nanoseconds)


def pcapng_big_endian(source, target):
    """Section header, interface description with a comment, enhanced packets, and at the end a custom block."""
    link, nanoseconds, packets = pcapfile.read(source)

    def block(kind, body):
        body += b"\0" * (-len(body) % 4)
        size = len(body) + 12
        return struct.pack(">II", kind, size) + body + struct.pack(">I", size)

    def option(code, value):
        return struct.pack(">HH", code, len(value)) + value + b"\0" * (-len(value) % 4)
    end = struct.pack(">HH", 0, 0)
    out = [block(0x0A0D0D0A, struct.pack(">IHHq", 0x1A2B3C4D, 1, 0, -1) + option(4, b"remake.py") + end)]
    out.append(block(1, struct.pack(">HHI", link, 0, 262144) + option(2, b"wire0") + option(1, b"big-endian pcapng") + end))
    for packet in packets:
        micros = packet.seconds * 1_000_000 + packet.fraction // (1000 if nanoseconds else 1)
        out.append(block(6, struct.pack(">IIIII", 0, micros >> 32, micros & 0xFFFFFFFF, len(packet.data), packet.wire_length) +
                         packet.data))
    out.append(block(0x00000BAD, struct.pack(">I", 32473) + b"a block to be skipped"))
    target.write_bytes(b"".join(out))


# ---- trouble

def with_segments(source):
    link, nanoseconds, packets = pcapfile.read(source)
    return link, nanoseconds, [(packet, pcapfile.segment(packet.data, link)) for packet in packets]


def in_time_order(packets):
    """Gives the packets, in their new order, the timestamps in rising order."""
    times = sorted((packet.seconds, packet.fraction) for packet in packets)
    return [Packet(*time, packet.data, packet.wire_length) for time, packet in zip(times, packets)]


def like(packet, frame):
    return Packet(packet.seconds, packet.fraction, frame, len(frame))


def shuffled(source, target):
    """Packets in random order, by up to eight at a time; what one side sent stays before the answer of the other."""
    link, nanoseconds, packets = with_segments(source)
    chance, result, run = random.Random(8), [], []
    for packet, part in packets:
        # An ACK without data says nothing about the order: it does not end a run.
        if run and (part.source != run[0][1].source and part.data or len(run) == 8 or part.flags & 2):
            result += scrambled(run, chance)
            run = []
        if part.data or run:
            run.append((packet, part))
        else:
            result.append(packet)
    pcapfile.write(target, link, in_time_order(result + scrambled(run, chance)), nanoseconds=nanoseconds)


def scrambled(run, chance):
    packets = [packet for packet, _ in run]
    chance.shuffle(packets)
    return packets


def shuffled_both_ways(source, target):
    """Blocks of eight packets in random order: answers may come before their questions. A SYN stays before the rest."""
    link, nanoseconds, packets = pcapfile.read(source)
    chance, result = random.Random(8), []
    for start in range(0, len(packets), 8):
        part = packets[start:start + 8]
        chance.shuffle(part)
        part.sort(key=lambda packet: not pcapfile.segment(packet.data, link).flags & 2)
        result += part
    pcapfile.write(target, link, in_time_order(result), nanoseconds=nanoseconds)


def duplicated(source, target):
    """Every third packet twice in a row, every fifth once more twenty packets later."""
    link, nanoseconds, packets = pcapfile.read(source)
    later, result = {}, []
    for number, packet in enumerate(packets):
        result += [packet] * (2 if number % 3 == 0 else 1)
        if number % 5 == 0:
            later[number + 20] = packet
        if number in later:
            result.append(later.pop(number))
    pcapfile.write(target, link, in_time_order(result + list(later.values())), nanoseconds=nanoseconds)


def overlapping(source, target):
    """After each data segment comes one that repeats its second half together with the first half of the next one, and
    then one that repeats three segments at once: retransmissions that were cut anew."""
    link, nanoseconds, packets = with_segments(source)
    result, history = [], {}
    for packet, part in packets:
        past = history.setdefault((part.source, part.target, ), [])
        if part.data and past and past[-1].sequence + len(past[-1].data) == part.sequence:
            before = past[-1]
            middle = len(before.data) // 2
            joined = before.data[middle:] + part.data[:len(part.data) // 2 + 1]
            result.append(like(packet, part.rebuilt(before.sequence + middle, data=joined[:60000])))
        result.append(packet)
        if part.data:
            past.append(part)
            recent = past[-3:]
            if len(recent) == 3 and sum(len(one.data) for one in recent) == recent[-1].sequence + len(part.data) - recent[0].sequence:
                result.append(like(packet, part.rebuilt(recent[0].sequence, data=b"".join(one.data for one in recent))))
    pcapfile.write(target, link, result, nanoseconds=nanoseconds)


def conflicting(source, target):
    """Every fourth data segment comes once more with other bytes, as an attacker or a broken device sends it: the
    first copy is the one that the receiver took."""
    link, nanoseconds, packets = with_segments(source)
    result, count = [], 0
    for packet, part in packets:
        result.append(packet)
        count += bool(part.data)
        if part.data and count % 4 == 0:
            result.append(like(packet, part.rebuilt(data=bytes(octet ^ 0x55 for octet in part.data))))
    pcapfile.write(target, link, result, nanoseconds=nanoseconds)


def sequence_wrap(source, target, before_wrap=3000):
    """Sequence numbers shifted so that each direction passes 2^32 after `before_wrap` bytes."""
    link, nanoseconds, packets = with_segments(source)
    shift, result = {}, []
    for packet, part in packets:
        pair = (part.source, part.target)
        if part.flags & 2:
            shift[pair] = 2 ** 32 - before_wrap - part.sequence
        acknowledged = part.acknowledgement + shift.get(pair[::-1], 0) if part.flags & 16 else 0
        result.append(like(packet, part.rebuilt(part.sequence + shift[pair], acknowledged)))
    pcapfile.write(target, link, result, nanoseconds=nanoseconds)


def truncated(source, target, part=0.9):
    """The file ends in the middle of a packet, as when a disk was full."""
    data = source.read_bytes()
    _, _, packets = pcapfile.read(source)
    end, wanted = 24, int(len(data) * part)
    for packet in packets:
        if end + 16 + len(packet.data) > wanted and len(packet.data) > 200:
            break
        end += 16 + len(packet.data)
    target.write_bytes(data[:end + 16 + 100])


def holes(source, target):
    """Two data segments of the first connection's server are not in the capture, one in the middle and one near the end."""
    link, nanoseconds, packets = with_segments(source)
    server = packets[0][1].target
    client = packets[0][1].source
    numbers = [number for number, (_, part) in enumerate(packets) if part.data and (part.source, part.target) == (server, client)]
    lost = {numbers[len(numbers) // 2], numbers[-4]}
    pcapfile.write(target, link, [packet for number, (packet, _) in enumerate(packets) if number not in lost],
                   nanoseconds=nanoseconds)


def http2_holes(source, target):
    """Of the first connection's server three segments, of the last connection the first ten packets are not in the capture."""
    link, nanoseconds, packets = with_segments(source)
    first, last = packets[0][1].source, packets[-1][1]
    answers = [number for number, (_, part) in enumerate(packets) if part.data and part.target == first]
    ends = {last.source, last.target}
    start = [number for number, (_, part) in enumerate(packets) if {part.source, part.target} == ends][:10]
    lost = {answers[len(answers) * sixth // 6] for sixth in (1, 3, 4)} | set(start)
    pcapfile.write(target, link, [packet for number, (packet, _) in enumerate(packets) if number not in lost],
                   nanoseconds=nanoseconds)


def same_port(source, target):
    """Every connection gets the client port of the first one: the port is used again as soon as it is free."""
    link, nanoseconds, packets = with_segments(source)
    servers = {part.target for _, part in packets if part.flags & 0x12 == 2}
    port = packets[0][1].source[1]
    result = []
    for packet, part in packets:
        frame = bytearray(packet.data)
        struct.pack_into("!H", frame, part.tcp if part.target in servers else part.tcp + 2, port)
        result.append(like(packet, pcapfile.segment(bytes(frame), link).rebuilt()))
    pcapfile.write(target, link, result, nanoseconds=nanoseconds)


def fragmented(source, target, size=512):
    """Every IPv4 packet with more than `size` bytes of payload in fragments, every second packet's in reverse order."""
    link, nanoseconds, packets = with_segments(source)
    result = []
    for number, (packet, part) in enumerate(packets):
        header, payload = part.frame[part.ip:part.tcp], part.frame[part.tcp:part.end]
        pieces = []
        for start in range(0, len(payload), size):
            head = bytearray(header)
            piece = payload[start:start + size]
            more = start + size < len(payload)
            struct.pack_into("!HHH", head, 2, len(head) + len(piece), number + 1, start // 8 | (0x2000 if more else 0))
            struct.pack_into("!H", head, 10, 0)
            struct.pack_into("!H", head, 10, pcapfile.checksum(bytes(head)))
            pieces.append(like(packet, part.frame[:part.ip] + bytes(head) + piece))
        result += pieces[::-1] if number % 2 else pieces
    pcapfile.write(target, link, result, nanoseconds=nanoseconds)


def ipv6_extensions(source, target, size=1000):
    """Every IPv6 packet gets hop-by-hop options (RFC 8200 section 4.3), and behind them destination options; those with
    more than `size` bytes are sent in two fragments (section 4.5), every second time in reverse order."""
    link, nanoseconds, packets = with_segments(source)
    result = []
    for number, (packet, part) in enumerate(packets):
        address = bytearray(part.frame[part.ip:part.ip + 40])
        tcp = part.frame[part.tcp:part.end]
        destination_options = struct.pack("!BBBB", 6, 0, 1, 4) + b"\0" * 4
        frames = []
        for following, piece in fragments(destination_options + tcp, number, size):
            hop_by_hop = struct.pack("!BBBB", following, 0, 5, 2) + b"\0\0\1\0"
            address[6] = 0
            struct.pack_into("!H", address, 4, len(hop_by_hop) + len(piece))
            frames.append(like(packet, part.frame[:part.ip] + bytes(address) + hop_by_hop + piece))
        result += frames[::-1] if number % 2 else frames
    pcapfile.write(target, link, result, nanoseconds=nanoseconds)


def fragments(data, number, size):
    """[(protocol number of what follows, bytes)] with destination options (60) at the beginning of the data."""
    if len(data) <= size:
        return [(60, data)]
    cut = len(data) // 2 // 8 * 8
    head = struct.pack("!BBHI", 60, 0, 1, number)
    tail = struct.pack("!BBHI", 60, 0, cut, number)
    return [(44, head + data[:cut]), (44, tail + data[cut:])]
