#!/usr/bin/env python3
"""Writes connections of TLS 1.3 and its drafts 18 to 28 that NO PROGRAM EVER SPOKE, from the texts of RFC 8446 and
draft-ietf-tls-tls13-18 to -28, RFC 8879 (compressed certificates) and RFC 9849 (encrypted client hello).

Everything is written here and in lab/, independently of tlspeel; only AES, ChaCha20 and the hashes come from libraries. The
signature of CertificateVerify and the shares of post-quantum groups are random bytes: whoever only reads along cannot check them.
"""
import hashlib
import random
import struct

from lab import tls_messages
from lab.compression import compress
from lab.tls13_keys import SUITES, Schedule, Writer
from lab.tls_messages import extension, message, vector

CCS, ALERT, HANDSHAKE, DATA = 20, 21, 22, 23
CLIENT, SERVER = 0, 1
RETRY_RANDOM = hashlib.sha256(b"HelloRetryRequest").digest()


class Psk:
    """A pre-shared key: given from outside, or from a ticket (then age_add obscures the ticket's age)."""

    def __init__(self, identity, key, external, age_add=0):
        self.identity, self.key, self.external, self.age_add = identity, key, external, age_add


class Connection13:
    """Builds both directions of one connection as a list of (side, bytes) flights, and its key log.

    code: cipher suite. half: lab.agreement.Half of the server (of the client where `client_half` is set), None: psk_ke.
    Options: draft (18 to 28); psk (Psk); early (bytes of 0-RTT data); retry (HelloRetryRequest), refuse_early;
    hybrid (group, bytes of the client's and of the server's share, of the secret); algorithm (compression of the certificate);
    encrypted_hello; compatibility (session id and ChangeCipherSpec); padding (of each protected record); client_half.
    """

    def __init__(self, code, identity, half, seed, **options):
        self.code, self.identity, self.half, self.options = code, identity, half, options
        self.draft, self.chance = options.get("draft", 0), random.Random(seed)
        self.schedule = Schedule(code, self.draft)
        self.flights, self.plain, self.log = [], {CLIENT: b"", SERVER: b""}, []
        self.writers = {CLIENT: None, SERVER: None}
        self.transcript = b""
        self.psk, self.resumption, self.hybrid_share = options.get("psk"), None, b""
        self.session_id = self.chance.randbytes(32) if options.get("compatibility") else b""
        self.client_random = self.chance.randbytes(32)

    # ---- records

    def record(self, side, kind, data):
        if self.writers[side]:
            self.writers[side].padding = self.options.get("padding", 0)
            self.flights.append((side, self.writers[side].record(kind, data)))
        else:
            version = 0x0303 if self.draft == 0 or self.draft >= 22 else 0x0301
            self.flights.append((side, struct.pack("!BHH", kind, 0x0301 if not self.transcript else version, len(data)) + data))

    def clear(self, side, kind, data):
        """A record that is never protected: the ChangeCipherSpec of compatibility mode."""
        self.flights.append((side, struct.pack("!BHH", kind, 0x0303, len(data)) + data))

    def handshake(self, side, *messages):
        self.record(side, HANDSHAKE, b"".join(messages))
        self.transcript += b"".join(messages)

    def send(self, side, data, size=16000):
        self.plain[side] += data
        for start in range(0, len(data), size):
            self.record(side, DATA, data[start:start + size])

    # ---- secrets

    def keep(self, label, secret):
        self.log.append(f"{label} {self.client_random.hex()} {secret.hex()}")
        return secret

    def traffic(self, side, label, secret, log_label):
        return Writer(self.schedule, self.keep(log_label, self.schedule.derive(secret, label, self.transcript)))

    # ---- handshake

    def full_handshake(self):
        early = self.schedule.early(self.psk.key if self.psk else b"")
        client = self.client_share()
        self.client_hello(client, early, first=True)
        if self.options.get("early"):
            self.early_data(early)
        if self.options.get("retry"):
            self.retry(client, early)
        shared = self.server_hello(client)
        handshake = self.schedule.next(early, shared)
        if self.options.get("compatibility"):
            self.clear(SERVER, CCS, b"\1")
        writers = {CLIENT: self.traffic(CLIENT, "c hs traffic", handshake, "CLIENT_HANDSHAKE_TRAFFIC_SECRET"),
                   SERVER: self.traffic(SERVER, "s hs traffic", handshake, "SERVER_HANDSHAKE_TRAFFIC_SECRET")}
        self.writers[SERVER] = writers[SERVER]
        self.server_flight()
        self.finish(handshake, writers)

    def server_flight(self):
        accepted = self.options.get("early") and not self.refused()
        parts = extension(10, vector(2, b"\0\x1d\0\x17")) + (extension(42, b"") if accepted else b"")
        self.handshake(SERVER, message(8, vector(2, parts)))
        if not self.psk:
            entries = b"".join(vector(3, der) + b"\0\0" for der in self.identity.chain)
            body, algorithm = b"\0" + vector(3, entries), self.options.get("algorithm")
            if algorithm:
                packed = struct.pack("!H", algorithm) + len(body).to_bytes(3, "big") + vector(3, compress(algorithm, body))
                self.handshake(SERVER, message(25, packed))
            else:
                self.handshake(SERVER, message(11, body))
            self.handshake(SERVER, message(15, b"\x08\x04" + vector(2, self.chance.randbytes(256))))
        self.finished(SERVER)

    def finish(self, handshake, writers):
        master = self.schedule.next(handshake)
        after = {CLIENT: self.traffic(CLIENT, "c ap traffic", master, "CLIENT_TRAFFIC_SECRET_0"),
                 SERVER: self.traffic(SERVER, "s ap traffic", master, "SERVER_TRAFFIC_SECRET_0")}
        self.keep("EXPORTER_SECRET", self.schedule.derive(master, "exp master", self.transcript))
        if self.options.get("early") and not self.refused():
            self.handshake(CLIENT, message(5, b""))
        elif self.options.get("compatibility") and not self.options.get("early"):
            self.clear(CLIENT, CCS, b"\1")
        self.writers[SERVER], self.writers[CLIENT] = after[SERVER], writers[CLIENT]
        self.finished(CLIENT)
        self.writers[CLIENT] = after[CLIENT]
        self.resumption = self.schedule.derive(master, "res master", self.transcript)

    def finished(self, side):
        secret = self.writers[side].secret
        self.handshake(side, message(20, self.schedule.finished(secret, self.schedule.digest(self.transcript))))

    def refused(self):
        return self.options.get("retry") or self.options.get("refuse_early")

    def early_data(self, early):
        if self.options.get("compatibility"):
            self.clear(CLIENT, CCS, b"\1")
        secret = self.schedule.derive(early, "c e traffic", self.transcript)
        self.writers[CLIENT] = Writer(self.schedule, self.keep("CLIENT_EARLY_TRAFFIC_SECRET", secret))
        if self.refused():
            self.record(CLIENT, DATA, self.options["early"])  # nobody will ever read it
            self.writers[CLIENT] = None
        else:
            self.send(CLIENT, self.options["early"])

    def retry(self, client, early):
        if self.draft == 0 or self.draft > 18:  # RFC 8446 section 4.4.1; draft 18 hashed the first ClientHello itself
            self.transcript = message(254, self.schedule.digest(self.transcript))
        if self.old_hello():
            suite = struct.pack("!H", self.code) if self.draft > 18 else b""
            body = struct.pack("!H", 0x7F00 | self.draft) + suite + vector(2, extension(44, vector(2, b"cookie")))
            hello = message(6, body)
        else:
            parts = extension(44, vector(2, b"cookie")) + extension(43, struct.pack("!H", self.version()))
            hello = self.new_server_hello(RETRY_RANDOM, parts)
        self.handshake(SERVER, hello)
        if self.options.get("compatibility"):
            self.clear(SERVER, CCS, b"\1")
        self.client_hello(client, early, first=False)

    # ---- hellos

    def version(self):
        return 0x7F00 | self.draft if self.draft else 0x0304

    def old_hello(self):
        return self.draft and self.draft < 22

    def client_share(self):
        """The client's half; None where there is none, or a hybrid one."""
        if "hybrid" in self.options:
            self.hybrid_share = self.chance.randbytes(self.options["hybrid"][1])
        elif self.half:
            return self.options.get("client_half") or self.half.other(self.chance)
        return None

    def client_hello(self, client, early, first):
        parts = self.client_extensions(client, first)
        codes = b"".join(struct.pack("!H", code) for code in (tls_messages.GREASE, self.code, 0x00FF))
        start = b"\3\3" + self.client_random + vector(1, self.session_id) + vector(2, codes) + b"\1\0"
        if self.psk:
            age = (1000 + self.psk.age_add) & 0xFFFFFFFF
            identities = vector(2, vector(2, self.psk.identity) + struct.pack("!I", age))
            size = self.schedule.size
            whole = parts + extension(41, identities + vector(2, vector(1, b"\0" * size)))
            hello = message(1, start + vector(2, whole))
            hello = hello[:-size] + self.binder(early, self.transcript + hello[:-size - 3])
        else:
            hello = message(1, start + vector(2, parts))
        self.handshake(CLIENT, hello)

    def binder(self, early, prefix):
        """RFC 8446 section 4.2.11.2."""
        key = self.schedule.derive(early, "ext binder" if self.psk.external else "res binder", b"")
        return self.schedule.finished(key, self.schedule.digest(prefix))

    def client_extensions(self, client, first):
        hybrid, chance = self.options.get("hybrid"), self.chance
        group = hybrid[0] if hybrid else self.group()
        parts = [extension(0, vector(2, b"\0" + vector(2, b"www.example.com"))),
                 extension(10, vector(2, struct.pack("!2H", group or 29, 23))),
                 extension(13, vector(2, bytes.fromhex("0804040308070401"))),
                 extension(43, vector(1, struct.pack("!2H", self.version(), 0x0303))),
                 extension(45, vector(1, b"\0" if self.psk and not self.half else b"\1"))]
        if group:
            share = self.hybrid_share if hybrid else client.public
            parts.append(extension(self.share_type(), vector(2, struct.pack("!H", group) + vector(2, share))))
        if self.options.get("algorithm"):
            parts.append(extension(27, vector(1, b"\0\1\0\2\0\3")))
        if self.options.get("encrypted_hello"):  # outer, HKDF-SHA256, AES-128-GCM, config 42
            parts.append(extension(0xFE0D, b"\0" + struct.pack("!HHB", 1, 1, 42) + vector(2, chance.randbytes(32)) +
                                   vector(2, chance.randbytes(208))))
        if self.options.get("early") and first:
            parts.append(extension(42, b""))
        if not first:
            parts.append(extension(44, vector(2, b"cookie")))
        return b"".join(parts)

    def group(self):
        return {"secp256r1": 23, "x25519": 29, "x448": 30, "ffdhe2048": 256}[self.half.group] if self.half else 0

    def share_type(self):
        return 40 if self.draft and self.draft < 23 else 51

    def server_hello(self, client):
        """Sends it; the shared secret."""
        hybrid, shared, parts = self.options.get("hybrid"), b"", b""
        if hybrid:
            group, _, size, secret = hybrid
            parts += extension(self.share_type(), struct.pack("!H", group) + vector(2, self.chance.randbytes(size)))
            shared = self.chance.randbytes(secret)
        elif self.half:
            server = self.half
            if self.options.get("client_half"):
                server = self.half.other(self.chance)
            parts += extension(self.share_type(), struct.pack("!H", self.group()) + vector(2, server.public))
            shared = server.agree(client.public)
        if self.psk:
            parts += extension(41, b"\0\0")
        if self.old_hello():
            body = struct.pack("!H", self.version()) + self.chance.randbytes(32) + struct.pack("!H", self.code)
            hello = message(2, body + vector(2, parts))
        else:
            hello = self.new_server_hello(self.chance.randbytes(32), parts + extension(43, struct.pack("!H", self.version())))
        self.handshake(SERVER, hello)
        return shared

    def new_server_hello(self, server_random, parts):
        return message(2, b"\3\3" + server_random + vector(1, self.session_id) + struct.pack("!HB", self.code, 0) +
                       vector(2, parts))

    # ---- afterwards

    def ticket(self):
        """Sends NewSessionTicket; what the client keeps."""
        ticket, nonce, age_add = self.chance.randbytes(120), self.chance.randbytes(2), self.chance.randrange(1 << 32)
        parts = extension(42, struct.pack("!I", 16384))
        self.record(SERVER, HANDSHAKE, message(4, struct.pack("!II", 7200, age_add) + vector(1, nonce) + vector(2, ticket) +
                                               vector(2, parts)))
        key = self.schedule.expand_label(self.resumption, "resumption", nonce, self.schedule.size)
        return Psk(ticket, key, False, age_add)

    def key_update(self, side, request):
        self.record(side, HANDSHAKE, message(24, bytes([request])))
        self.writers[side].update()

    def talk(self, body, path=None):
        name = self.schedule.name
        request = f"GET /{path or name} HTTP/1.1\r\nHost: www.example.com\r\n\r\n".encode()
        head = f"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: {len(body)}\r\n\r\n".encode()
        self.send(CLIENT, request)
        self.send(SERVER, head + body, size=1000)

    def answer(self, body):
        head = f"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: {len(body)}\r\n\r\n".encode()
        self.send(SERVER, head + body, size=1000)

    def close(self):
        for side in (CLIENT, SERVER):
            self.record(side, ALERT, b"\1\0")

    def describe(self):
        return f"TLS 1.3 draft {self.draft}" if self.draft else "TLS 1.3", SUITES[self.code][0]
