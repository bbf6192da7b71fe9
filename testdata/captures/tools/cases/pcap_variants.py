"""The relatives of pcap, and snoop: the case `files` (files.py) for them alone. Wireshark's editcap writes those with longer packet
headers; the file headers of Ixia's lcap and of AIX are put on by script, as Wireshark writes neither. tshark has to see the same TCP in
each."""
import pathlib
import struct

from lab import pcapfile

from cases.files import all_of, edited


def ixia(magic):
    """The file header ends with the size of what is behind it."""
    def make(plain, target):
        content, path = plain.read_bytes(), pathlib.Path(f"{target}.cap")
        path.write_bytes(struct.pack("<I", magic) + content[4:24] + struct.pack("<I", len(content) - 24) + content[24:])
        return path
    return make


def aix(plain, target):
    """Big-endian, version 2.2 with the length on the wire first, nanoseconds; Ethernet is interface type 6 of RFC 1573."""
    _, _, packets = pcapfile.read(plain)
    path = pathlib.Path(f"{target}.pcap")
    path.write_bytes(struct.pack(">IHHiIII", 0xA1B2C3D4, 2, 2, 0, 0, 65535, 6) +
                     b"".join(struct.pack(">IIII", packet.seconds, packet.fraction * 1000, packet.wire_length, len(packet.data)) +
                              packet.data for packet in packets))
    return path


FILES = {"aix": aix, "ixia_hardware": ixia(0x1C0001AC), "ixia_software": ixia(0x1C0001AB), "nokia": edited("nokiapcap"),
         "red_hat": edited("rh6_1pcap"), "snoop": edited("snoop", "snoop"), "suse": edited("suse6_3pcap")}

CASES = {"files_pcap_variants": lambda: all_of("files_pcap_variants", FILES, True)}
