"""The formats that captures are kept in: one small real exchange (the capture of a loopback interface), in each file with a
client port and a second of its own. Wireshark's editcap and mergecap and the tools of the compressions convert it; by script
are made simple packet blocks, the big-endian section, and the damage. tshark has to see the same TCP in each file that it can
read."""
import pathlib
import struct

from lab import host, pcapfile
from lab.case import Case
from lab.exchange import Exchange
from lab.framing import ethernet

import remake
from cases.links import Base, FIRST_PORT, hosts, seen_by_tshark

COMPRESSIONS = {"gzip": ("gzip", "gz"), "zstd": ("zstd", "zst"), "xz": ("xz", "xz"), "lz4": ("lz4", "lz4"),
                "bzip2": ("bzip2", "bz2"), "lzip": ("lzip", "lz")}
NOT_READ_BY_TSHARK = {"bzip2", "lzip", "xz"}


# ---- one file each: f(plain capture, target without a suffix) gives the file

def compressed(program, suffix):
    def make(plain, target):
        path = pathlib.Path(f"{target}.pcap.{suffix}")
        path.write_bytes(host.run([program, "-c", str(plain)]).stdout)
        return path
    return make


def twice_compressed(plain, target):
    """Two gzip members, cut in the middle of a packet, as `cat` puts them behind each other; the content is pcapng."""
    whole = edited("pcapng", "pcapng")(plain, target)
    content, path = whole.read_bytes(), pathlib.Path(f"{target}.pcapng.gz")
    whole.unlink()
    half = len(content) // 2 + 1
    path.write_bytes(b"".join(host.run(["gzip", "-c"], input=part).stdout for part in (content[:half], content[half:])))
    return path


def edited(kind, suffix="pcap"):
    def make(plain, target):
        path = pathlib.Path(f"{target}.{suffix}")
        host.run(["editcap", "-F", kind, str(plain), str(path)])
        return path
    return make


def two_interfaces(plain, target):
    """What the client sends on an Ethernet in microseconds, what the server sends as raw IP in nanoseconds with another snap length."""
    link, _, packets = pcapfile.read(plain)
    client, server = target.with_suffix(".client"), target.with_suffix(".server")
    of_client = [pcapfile.segment(packet.data).target[1] == 4433 for packet in packets]
    pcapfile.write(client, link, [packet for packet, sent in zip(packets, of_client) if sent])
    raw = [pcapfile.Packet(packet.seconds, packet.fraction * 1000, packet.data[14:], packet.wire_length - 14)
           for packet, sent in zip(packets, of_client) if not sent]
    pcapfile.write(server, pcapfile.RAW, raw, nanoseconds=True, snap=65535)
    path = target.with_suffix(".pcapng")
    host.run(["mergecap", "-F", "pcapng", "-I", "none", "-w", str(path), str(client), str(server)])
    client.unlink()
    server.unlink()
    return path


def both_byte_orders(plain, target):
    """The first half as a little-endian section, the second as a big-endian one."""
    link, _, packets = pcapfile.read(plain)
    half, parts = len(packets) // 2, [target.with_suffix(".first"), target.with_suffix(".second")]
    part = target.with_suffix(".part")
    pcapfile.write(part, link, packets[:half])
    host.run(["editcap", "-F", "pcapng", str(part), str(parts[0])])
    pcapfile.write(part, link, packets[half:])
    remake.pcapng_big_endian(part, parts[1])
    path = target.with_suffix(".pcapng")
    path.write_bytes(b"".join(piece.read_bytes() for piece in parts))
    for piece in [part, *parts]:
        piece.unlink()
    return path


def block(kind, body):
    body += b"\0" * (-len(body) % 4)
    return struct.pack("<II", kind, len(body) + 12) + body + struct.pack("<I", len(body) + 12)


def simple_packets(plain, target):
    """They have no time, and only their length on the wire."""
    link, _, packets = pcapfile.read(plain)
    largest = max(len(packet.data) for packet in packets)
    path = target.with_suffix(".pcapng")
    path.write_bytes(block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1)) + block(1, struct.pack("<HHI", link, 0, largest)) +
                     b"".join(block(3, struct.pack("<I", packet.wire_length) + packet.data) for packet in packets))
    return path


# ---- damage that takes no packet away

def damaged_pcap(plain, target):
    """1000 bytes of text stand between two packets."""
    content, at = plain.read_bytes(), 24
    for _ in range(6):
        at += 16 + struct.unpack("<I", content[at + 8:at + 12])[0]
    path = target.with_suffix(".pcap")
    path.write_bytes(content[:at] + b"no packet " * 100 + content[at:])
    return path


def damaged_pcapng(plain, target):
    """The same between two blocks; it is no multiple of four bytes."""
    path = edited("pcapng", "pcapng")(plain, target)
    content, at = path.read_bytes(), 0
    for _ in range(8):
        at += struct.unpack("<I", content[at + 4:at + 8])[0]
    path.write_bytes(content[:at] + b"no block, " * 99 + b"end" + content[at:])
    return path


def zero_tail(plain, target):
    """What a machine that crashed leaves: the file's last pages were never written."""
    path = target.with_suffix(".pcap")
    path.write_bytes(plain.read_bytes() + bytes(4096))
    return path


# Simple packets have no time and come first, also where captures are put in the order of time.
FILES = {"a_simple_packets": simple_packets, "both_byte_orders": both_byte_orders, "modified": edited("modlibpcap"),
         "nanoseconds": edited("nsecpcap"), "twice_gzip": twice_compressed, "two_interfaces": two_interfaces,
         **{name: compressed(*how) for name, how in COMPRESSIONS.items()}}
DAMAGED = {"pcap": damaged_pcap, "pcapng": damaged_pcapng, "zero_tail": zero_tail}


def all_of(name, files, check):
    """In the order of their names, in which tlspeel is given them, and so in the order of their time, too."""
    with Case(name) as case:
        base, rows, plain = Base(case), [], case.work / "plain.pcap"
        for number, file in enumerate(sorted(files)):
            port = FIRST_PORT + number
            frames = [(index, ethernet(*packet)) for index, packet in enumerate(base.packets(False, port))]
            base.write(plain, pcapfile.ETHERNET, frames, 10 * number, "<")
            path = files[file](plain, case.folder / f"capture_{file}")
            if check and file not in NOT_READ_BY_TSHARK and seen_by_tshark(path) != seen_by_tshark(plain):
                raise RuntimeError(f"{name}: tshark sees something else in {path.name}")
            rows.append((Exchange(**vars(base.exchange)), *(pcapfile.address(end) for end in zip(hosts(False), (port, 4433)))))
        case.write(["-k", "server.key"], rows)


CASES = {"files": lambda: all_of("files", FILES, True), "files_damaged": lambda: all_of("files_damaged", DAMAGED, False)}
