"""Handshake messages as bytes (RFC 5246 section 7.4 and the extension RFCs), as the script needs them."""
import struct

from .tls_suites import SSL30

GREASE = 0x3A3A


def vector(size, data):
    """A length of `size` bytes, then the data."""
    return len(data).to_bytes(size, "big") + data


def message(kind, body):
    return bytes([kind]) + vector(3, body)


def extension(kind, data):
    return struct.pack("!H", kind) + vector(2, data)


def client_extensions(options):
    """A hello as browsers send it: GREASE first, an unknown one, and what the options ask for."""
    parts = [extension(GREASE, b""),
             extension(0, vector(2, b"\0" + vector(2, b"www.example.com"))),
             extension(10, vector(2, struct.pack("!3H", 0x1A1A, 29, 23))),
             extension(11, vector(1, b"\0")),
             extension(13, vector(2, bytes.fromhex("0403040104020503050108060601"))),
             extension(16, vector(2, vector(1, b"http/1.1"))),
             extension(0xFF01, vector(1, options.get("renegotiation", b"")))]
    for wanted, kind, data in (("encrypt_then_mac", 22, b""), ("extended_master", 23, b""), ("heartbeat", 15, b"\1"),
                               ("ticket", 35, b""), ("status_request", 5, b"\1\0\0\0\0"), ("truncated_hmac", 4, b"")):
        if options.get(wanted):
            parts.append(extension(kind, data))
    parts.append(extension(0xABCD, b"unknown"))
    return vector(2, b"".join(parts))


def server_extensions(options):
    parts = [extension(0xFF01, vector(1, options.get("renegotiation_both", b"")))]
    for wanted, kind, data in (("encrypt_then_mac", 22, b""), ("extended_master", 23, b""), ("heartbeat", 15, b"\1"),
                               ("ticket", 35, b""), ("status_request", 5, b""), ("truncated_hmac", 4, b"")):
        if options.get(wanted):
            parts.append(extension(kind, data))
    return vector(2, b"".join(parts))


def client_hello(version, random, session_id, suites, options):
    codes = b"".join(struct.pack("!H", code) for code in suites)
    methods = b"\1\0" if options.get("compression") else b"\0"  # DEFLATE (RFC 3749), none
    body = struct.pack("!H", version) + random + vector(1, session_id) + vector(2, codes) + vector(1, methods)
    return message(1, body if version == SSL30 else body + client_extensions(options))


def sslv2_client_hello(version, challenge, suites):
    """RFC 5246 appendix E.2, without the record header of two bytes."""
    codes = b"".join(b"\0" + struct.pack("!H", code) for code in suites)
    codes = b"\x01\x00\x80\x07\x00\xc0" + codes  # two suites of SSL 2.0 before those of today
    return b"\x01" + struct.pack("!HHHH", version, len(codes), 0, len(challenge)) + codes + challenge


def server_hello(version, random, session_id, suite, options):
    body = struct.pack("!H", version) + random + vector(1, session_id) + struct.pack("!HB", suite, 1 if options.get("compression") else 0)
    return message(2, body if version == SSL30 or options.get("no_extensions") else body + server_extensions(options))


def certificate(chain):
    return message(11, vector(3, b"".join(vector(3, der) for der in chain)))


def client_key_exchange(version, encrypted):
    """SSL 3.0 implementations leave out the length (RFC 5246 section 7.4.7.1)."""
    return message(16, encrypted if version == SSL30 else vector(2, encrypted))
