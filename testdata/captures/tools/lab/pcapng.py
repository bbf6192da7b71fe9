"""Writing pcapng files (draft-ietf-opsawg-pcapng) block by block, in both byte orders, with Decryption Secrets Blocks, which
editcap puts nowhere but at the beginning."""
import struct

TLS_KEY_LOG, WIREGUARD_KEY_LOG = 0x544C534B, 0x57474B4C  # section 4.7


def block(order, kind, body):
    body += b"\0" * (-len(body) % 4)
    size = len(body) + 12
    return struct.pack(order + "II", kind, size) + body + struct.pack(order + "I", size)


def section(order, link):
    """Section Header Block and one interface."""
    return [block(order, 0x0A0D0D0A, struct.pack(order + "IHHq", 0x1A2B3C4D, 1, 0, -1)), interface(order, link)]


def interface(order, link):
    return block(order, 1, struct.pack(order + "HHI", link, 0, 262144))


def packet(order, one, nanoseconds=False):
    """Enhanced Packet Block on the first interface; time in microseconds, which is the default."""
    micros = one.seconds * 1_000_000 + one.fraction // (1000 if nanoseconds else 1)
    return block(order, 6, struct.pack(order + "IIIII", 0, micros >> 32, micros & 0xFFFFFFFF, len(one.data), one.wire_length) + one.data)


def secrets(order, kind, data):
    return block(order, 10, struct.pack(order + "II", kind, len(data)) + data)


def write(path, blocks):
    path.write_bytes(b"".join(blocks))
