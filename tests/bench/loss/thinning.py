"""Captures made worse on purpose, with a fixed seed: packets left out, in another order, doubled; and what of the records is left.

Packets are (pcapfile.Packet, pcapfile.Segment) of a capture as tcpdump wrote it; the same input gives the same output.
"""
import bisect
import random

from lab import pcapfile

import remake

PROTECTED = 10  # data packets at the beginning of each connection: the handshake


def read(path):
    link, nanoseconds, packets = pcapfile.read(path)
    return link, nanoseconds, [(packet, pcapfile.segment(packet.data, link)) for packet in packets]


def dropped(packets, rate, seed, protect):
    """Data packets are left out with probability `rate`; `protect`: not the first ones of a connection."""
    chance, seen, kept = random.Random(seed), {}, []
    for packet, part in packets:
        if part.data:
            connection = min((part.source, part.target), (part.target, part.source))
            number = seen[connection] = seen.get(connection, 0) + 1
            if chance.random() < rate and not (protect and number <= PROTECTED):
                continue
        kept.append((packet, part))
    return kept


def shuffled(packets, seed):
    """Blocks of eight in random order, both directions; a SYN stays before the rest of its block."""
    chance, result = random.Random(seed), []
    for start in range(0, len(packets), 8):
        block = packets[start:start + 8]
        chance.shuffle(block)
        block.sort(key=lambda packet: not packet[1].flags & 2)
        result += block
    return result


def doubled(packets):
    return [packet for packet in packets for _ in range(2)]


def write(path, link, nanoseconds, packets):
    pcapfile.write(path, link, remake.in_time_order([packet for packet, _ in packets]), nanoseconds=nanoseconds)


class Streams:
    """What each side of each connection sent, and where its records with application data lie."""

    def __init__(self, packets, family, plaintexts):
        """plaintexts: {(source, target): bytes}, endpoints as (address, port)."""
        self.starts = {(part.source, part.target): part.sequence + 1 for _, part in packets if part.flags & 2}
        pieces = {}
        for _, part in packets:
            pieces.setdefault((part.source, part.target), []).append((self.offset(part), part.data))
        self.records = {ends: application_records(stream(pieces[ends]), family, len(plaintext)) for ends, plaintext in plaintexts.items()}

    def offset(self, part):
        return (part.sequence - self.starts[part.source, part.target]) % 2 ** 32

    def left(self, packets):
        """{whole: plaintext of the records of which every byte is still there, touched: of which any is, payload: bytes of those
        records that are still there}"""
        present = {}
        for _, part in packets:
            if part.data:
                start = self.offset(part)
                present.setdefault((part.source, part.target), []).append((start, start + len(part.data)))
        whole = touched = payload = 0
        for ends, records in self.records.items():
            ranges = joined(present.get(ends, []))
            for begin, end, plaintext in records:
                here = covered(ranges, begin, end)
                whole += plaintext if here == end - begin else 0
                touched += plaintext if here else 0
                payload += here
        return {"whole": whole, "touched": touched, "payload": payload}


def stream(pieces):
    """The bytes of one direction of the undamaged capture."""
    result = bytearray()
    for offset, data in sorted(pieces):
        if data and offset > len(result):
            raise RuntimeError(f"the undamaged capture has a hole at {len(result)}")
        if data:
            result[offset:offset + len(data)] = data
    return bytes(result)


def joined(ranges):
    result = []
    for begin, end in sorted(ranges):
        if result and begin <= result[-1][1]:
            result[-1][1] = max(result[-1][1], end)
        else:
            result.append([begin, end])
    return result


def covered(ranges, begin, end):
    """How many bytes of [begin, end) lie in the ranges."""
    total, index = 0, max(0, bisect.bisect_right(ranges, [begin, begin]) - 1)
    while index < len(ranges) and ranges[index][0] < end:
        total += max(0, min(end, ranges[index][1]) - max(begin, ranges[index][0]))
        index += 1
    return total


def application_records(sent, family, plaintext):
    """[(begin, end, bytes of plaintext)] of one direction; `plaintext` is the number of bytes that it carried altogether."""
    found, at = [], 0
    while at + 5 <= len(sent):
        end = at + 5 + int.from_bytes(sent[at + 3:at + 5], "big")
        if sent[at] == 23:
            found.append((at, end, *family.plaintext_range(end - at - 5)))
        at = end
    if family.kind == "tls13":
        found = after_the_handshake(found, plaintext)
    return with_sizes(found, plaintext)


def after_the_handshake(records, plaintext):
    """In TLS 1.3 the handshake stands in records of the same outer type, before the data, and the closing alert (two bytes) behind it."""
    if records and records[-1][2] == 2:
        records = records[:-1]
    total = 0
    for index in range(len(records) - 1, -1, -1):
        total += records[index][2]
        if total == plaintext:
            return records[index:]
    raise RuntimeError("the records of TLS 1.3 do not add up to what was exchanged")


FULL = 16384  # bytes of plaintext that a record can carry (RFC 8446 section 5.1)


def with_sizes(records, plaintext):
    """Where padding hides sizes, the bytes that are over are spread over the records that can take them, and the sum is exact."""
    sizes = [FULL if low <= FULL <= high else low for _, _, low, high in records]
    over = plaintext - sum(sizes)
    for index, (_, _, low, high) in enumerate(records):
        more = max(0, min(over, high - sizes[index]))
        sizes[index] += more
        over -= more
    if over:
        raise RuntimeError(f"the records do not add up to what was exchanged: {over} bytes are over")
    return [(begin, end, size) for (begin, end, _, _), size in zip(records, sizes)]
