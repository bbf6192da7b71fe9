#!/usr/bin/env python3
"""Writes captures of TLS connections that NO PROGRAM EVER SPOKE: they are made by this script, from the texts of RFC 6101,
2246, 4346, 5246, 5288, 5932, 4162, 6209, 6367, 6655, 6520, 7366 and 7627, for versions and suites that no program at hand
negotiates any more (SSL 3.0, DES, RC2, IDEA, SEED, ARIA-CBC, export suites, compression by RFC 3749, the truncated MACs of RFC 6066) and
for shapes that no program produces at will.

Ciphers come from libcrypto (IDEA from this folder), everything else - PRF, MAC, padding, GCM, CCM, records - is written
here and in lab/tls_*.py, independently of tlspeel. Random values come from a seeded generator: the same call, the same capture
apart from the certificates.
"""
import random
import struct

from lab import host, pcapfile, tls_keys, tls_messages
from lab.pcapfile import Packet
from lab.tls_suites import BY_CODE, SSL30, TLS10, TLS12, VERSION_NAMES

CCS, ALERT, HANDSHAKE, DATA, HEARTBEAT = 20, 21, 22, 23, 24
CLIENT, SERVER = 0, 1


class Identity:
    """The public side of a server key that openssl made."""

    def __init__(self, key, cert, chain=()):
        text = host.run(["openssl", "rsa", "-in", str(key), "-noout", "-modulus"]).stdout.decode()
        self.modulus = int(text.strip().split("=")[1], 16)
        self.chain = [host.run(["openssl", "x509", "-in", str(path), "-outform", "DER"]).stdout for path in (cert, *chain)]

    def encrypt(self, secret, chance):
        """PKCS #1 v1.5 (RFC 8017 section 7.2.1) with the usual exponent 65537."""
        size = (self.modulus.bit_length() + 7) // 8
        filler = bytes(chance.randrange(1, 256) for _ in range(size - 3 - len(secret)))
        block = int.from_bytes(b"\0\2" + filler + b"\0" + secret, "big")
        return pow(block, 65537, self.modulus).to_bytes(size, "big")


class Session:
    """What an abbreviated handshake takes over."""

    def __init__(self, identifier, master):
        self.identifier, self.master = identifier, master


class Connection:
    """Builds both directions of one connection as a list of (side, bytes) flights.

    Options: encrypt_then_mac, extended_master, heartbeat, ticket, status_request (negotiated extensions); sslv2_hello;
    record (bytes per handshake record); together (all messages of a flight in one record); segment (bytes per TCP segment);
    longest_padding; hello_request; compression (DEFLATE); truncated_hmac.
    """

    def __init__(self, version, code, identity, seed, **options):
        self.version, self.suite, self.identity, self.options = version, BY_CODE[code], identity, options
        self.chance = random.Random(seed)
        self.flights, self.plain = [], {CLIENT: b"", SERVER: b""}
        self.writers = {CLIENT: None, SERVER: None}
        self.verify = {CLIENT: b"", SERVER: b""}
        self.session = None

    # ---- records

    def record(self, side, kind, data, damage=False):
        body = self.writers[side].protect(kind, data) if self.writers[side] else data
        if damage:
            body = body[:-1] + bytes([body[-1] ^ 1])
        self.flights.append((side, struct.pack("!BHH", kind, self.version, len(body)) + body))

    def handshake(self, side, *messages):
        """Adds to the transcript and sends, cut or joined as the options say."""
        self.transcript += b"".join(messages)
        size = self.options.get("record", 16384)
        for data in [b"".join(messages)] if self.options.get("together") else messages:
            for start in range(0, len(data), size):
                self.record(side, HANDSHAKE, data[start:start + size])

    def send(self, side, data, size=16384):
        """Application data that counts as exchanged."""
        self.plain[side] += data
        for start in range(0, len(data), size):
            self.record(side, DATA, data[start:start + size])

    # ---- handshakes

    def full_handshake(self, session_id=None):
        chance = self.chance
        premaster = struct.pack("!H", self.version) + chance.randbytes(46)
        session_id = chance.randbytes(32) if session_id is None else session_id
        self.transcript = b""
        if self.options.get("hello_request"):
            self.record(SERVER, HANDSHAKE, tls_messages.message(0, b""))  # not part of the transcript
        client_random = self.client_hello(b"")
        server_random = chance.randbytes(32)
        self.randoms = client_random, server_random
        answer = [tls_messages.server_hello(self.version, server_random, session_id, self.suite.code, self.options),
                  tls_messages.certificate(self.identity.chain)]
        if self.options.get("status_request"):
            answer.append(tls_messages.message(22, b"\1" + tls_messages.vector(3, b"\x30\x03\x0a\x01\x06")))
        self.handshake(SERVER, *answer, *self.server_key_exchange(), tls_messages.message(14, b""))
        premaster, exchange = self.client_key_exchange(premaster)
        self.handshake(CLIENT, exchange)
        digest = None
        if self.options.get("extended_master"):
            digest = tls_keys.transcript_hash(self.version, self.suite, self.transcript)
        master = tls_keys.master_secret(self.version, self.suite, premaster, client_random, server_random, digest)
        self.session, self.premaster = Session(session_id, master), premaster
        self.change_and_finish(CLIENT, master, client_random, server_random)
        if self.options.get("ticket"):
            self.handshake(SERVER, tls_messages.message(4, b"\0\0\x1c\x20" + tls_messages.vector(2, chance.randbytes(160))))
        self.change_and_finish(SERVER, master, client_random, server_random)

    def server_key_exchange(self):
        """The messages between certificate and ServerHelloDone: none with plain RSA."""
        return []

    def client_key_exchange(self, premaster):
        """(premaster secret, message)"""
        self.encrypted = self.identity.encrypt(premaster, self.chance)
        return premaster, tls_messages.client_key_exchange(self.version, self.encrypted)

    def abbreviated_handshake(self, session):
        """RFC 5246 section 7.3: the server finishes first."""
        self.transcript = b""
        client_random = self.client_hello(session.identifier)
        server_random = self.chance.randbytes(32)
        self.randoms, self.session = (client_random, server_random), session
        self.handshake(SERVER, tls_messages.server_hello(self.version, server_random, session.identifier, self.suite.code,
                                                         self.options))
        self.change_and_finish(SERVER, session.master, client_random, server_random)
        self.change_and_finish(CLIENT, session.master, client_random, server_random)

    def renegotiate(self, code):
        """A second handshake inside the first one's protection, with another suite (RFC 5746)."""
        self.suite = BY_CODE[code]
        self.options = dict(self.options, renegotiation=self.verify[CLIENT],
                            renegotiation_both=self.verify[CLIENT] + self.verify[SERVER])
        self.full_handshake()

    def client_hello(self, session_id):
        suites = [tls_messages.GREASE, 0x1301, 0xC02F, self.suite.code, 0x00FF, 0xEEEE]
        if self.options.get("sslv2_hello"):
            challenge = self.chance.randbytes(20)
            hello = tls_messages.sslv2_client_hello(self.version, challenge, suites[2:5])
            self.transcript += hello
            self.flights.append((CLIENT, struct.pack("!H", 0x8000 | len(hello)) + hello))
            return challenge.rjust(32, b"\0")
        client_random = self.chance.randbytes(32)
        self.handshake(CLIENT, tls_messages.client_hello(self.version, client_random, session_id, suites, self.options))
        return client_random

    def change_and_finish(self, side, master, client_random, server_random):
        self.record(side, CCS, b"\1")
        keys = tls_keys.write_keys(self.version, self.suite, master, client_random, server_random)[side]
        etm = self.options.get("encrypt_then_mac") and self.suite.mode == "cbc"
        self.writers[side] = tls_keys.Writer(self.version, self.suite, keys, etm, self.chance)
        self.writers[side].longest_padding = bool(self.options.get("longest_padding"))
        self.writers[side].truncated = bool(self.options.get("truncated_hmac"))
        if self.options.get("compression"):
            self.writers[side].compress()
        self.verify[side] = tls_keys.finished(self.version, self.suite, master, self.transcript, side == CLIENT)
        self.handshake(side, tls_messages.message(20, self.verify[side]))

    # ---- application

    def talk(self, body):
        """One HTTP exchange; old CBC versions split off a first byte as clients do against BEAST."""
        request = f"GET /{self.suite.name} HTTP/1.1\r\nHost: www.example.com\r\n\r\n".encode()
        head = f"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: {len(body)}\r\n\r\n".encode()
        if self.version <= TLS10 and self.suite.mode == "cbc":
            self.send(CLIENT, request[:1])
            self.record(SERVER, DATA, b"")  # as OpenSSL does
            self.send(CLIENT, request[1:])
        else:
            self.send(CLIENT, request)
        self.send(SERVER, head + body, size=1000)

    def close(self):
        for side in (CLIENT, SERVER):
            self.record(side, ALERT, b"\1\0")

    def describe(self):
        return VERSION_NAMES[self.version], self.suite.name


class CaptureWriter:
    """Puts connections into one Ethernet capture, one after the other, with handshake and end of TCP."""

    def __init__(self):
        self.packets, self.time, self.ends = [], 1_767_225_600_000_000, []

    def add(self, connection, server_port=443):
        client = (bytes([192, 0, 2, 7]), 40000 + len(self.ends))
        server = (bytes([198, 51, 100, 4]), server_port)
        self.ends.append(tuple(f"{'.'.join(map(str, address))}:{port}" for address, port in (client, server)))
        ends, numbers = (client, server), [1000 * len(self.ends), 777_000 + len(self.ends)]

        def segment(side, flags, data=b""):
            self.packets.append(self.frame(ends[side], ends[1 - side], numbers[side], numbers[1 - side] if flags & 16 else 0,
                                           flags, data))
            numbers[side] += len(data) + bool(flags & 3)
        segment(CLIENT, 0x02)
        segment(SERVER, 0x12)
        segment(CLIENT, 0x10)
        size = connection.options.get("segment", 1448)
        for side, data in joined(connection.flights):
            for start in range(0, len(data), size):
                segment(side, 0x18, data[start:start + size])
        segment(CLIENT, 0x11)
        segment(SERVER, 0x11)
        segment(CLIENT, 0x10)

    def frame(self, source, target, sequence, acknowledgement, flags, data):
        self.time += 150
        tcp = struct.pack("!HHIIBBHHH", source[1], target[1], sequence, acknowledgement, 0x50, flags, 64240, 0, 0)
        ip = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 0, len(self.packets) & 0xFFFF, 0x4000, 64, 6, 0, source[0], target[0])
        bare = bytes.fromhex("020000000002020000000001") + b"\x08\x00" + ip + tcp
        frame = pcapfile.Segment(bare, 14, 34, 54, 54, source, target).rebuilt(data=data)
        return Packet(self.time // 1_000_000, self.time % 1_000_000, frame, len(frame))

    def write(self, path):
        pcapfile.write(path, pcapfile.ETHERNET, self.packets)


def joined(flights):
    """Records that one side sends in a row travel together."""
    result = []
    for side, data in flights:
        if result and result[-1][0] == side:
            result[-1] = (side, result[-1][1] + data)
        else:
            result.append((side, data))
    return result
