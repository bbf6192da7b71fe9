"""Key schedule and record protection of TLS 1.3 (RFC 8446 sections 5 and 7) and its drafts 18 to 28, sender's side."""
import hashlib
import hmac
import struct

from .libcrypto import Cipher, ccm, gcm, xor

SUITES = {  # code: (name, hash, cipher, bytes of key)
    0x1301: ("TLS_AES_128_GCM_SHA256", "sha256", "gcm", 16),
    0x1302: ("TLS_AES_256_GCM_SHA384", "sha384", "gcm", 32),
    0x1303: ("TLS_CHACHA20_POLY1305_SHA256", "sha256", "chacha", 32),
    0x1304: ("TLS_AES_128_CCM_SHA256", "sha256", "ccm", 16),
    0x1305: ("TLS_AES_128_CCM_8_SHA256", "sha256", "ccm8", 16),
}

# Drafts before 20 wrote the labels out.
LONG_LABELS = {
    "derived": "derived secret", "ext binder": "external psk binder key", "res binder": "resumption psk binder key",
    "c e traffic": "client early traffic secret", "e exp master": "early exporter master secret",
    "c hs traffic": "client handshake traffic secret", "s hs traffic": "server handshake traffic secret",
    "c ap traffic": "client application traffic secret", "s ap traffic": "server application traffic secret",
    "exp master": "exporter master secret", "res master": "resumption master secret",
    "traffic upd": "application traffic secret",
}


def poly1305(key, data):
    """RFC 8439 section 2.5."""
    r, s = int.from_bytes(key[:16], "little") & 0x0FFFFFFC0FFFFFFC0FFFFFFC0FFFFFFF, int.from_bytes(key[16:], "little")
    total = 0
    for start in range(0, len(data), 16):
        total = (total + int.from_bytes(data[start:start + 16] + b"\1", "little")) * r % ((1 << 130) - 5)
    return (total + s & (1 << 128) - 1).to_bytes(16, "little")


def chacha20_poly1305(key, nonce, plaintext, associated):
    """RFC 8439 section 2.8."""
    def padded(data):
        return data + b"\0" * (-len(data) % 16)
    one_time = Cipher("ChaCha20", key, struct.pack("<I", 0) + nonce).update(b"\0" * 32)
    ciphertext = Cipher("ChaCha20", key, struct.pack("<I", 1) + nonce).update(plaintext) if plaintext else b""
    lengths = struct.pack("<QQ", len(associated), len(ciphertext))
    return ciphertext + poly1305(one_time, padded(associated) + padded(ciphertext) + lengths)


class Schedule:
    """Of one connection. `draft`: 18 to 28, 0 for RFC 8446."""

    def __init__(self, code, draft=0):
        self.name, self.hash, self.cipher, self.key_size = SUITES[code]
        self.draft, self.size = draft, hashlib.new(self.hash).digest_size
        self.zeros = b"\0" * self.size

    def digest(self, data):
        return hashlib.new(self.hash, data).digest()

    def hmac(self, key, data):
        return hmac.new(key, data, self.hash).digest()

    def expand_label(self, secret, label, context, length):
        if self.draft and self.draft < 20:
            label = "TLS 1.3, " + LONG_LABELS.get(label, label)
        else:
            label = "tls13 " + label
        info = struct.pack("!HB", length, len(label)) + label.encode() + bytes([len(context)]) + context
        out, block, number = b"", b"", 1
        while len(out) < length:
            block = self.hmac(secret, block + info + bytes([number]))
            out, number = out + block, number + 1
        return out[:length]

    def derive(self, secret, label, messages):
        return self.expand_label(secret, label, self.digest(messages), self.size)

    def early(self, psk=b""):
        return self.hmac(self.zeros, psk or self.zeros)

    def next(self, secret, material=b""):
        """From the early to the handshake secret, and on to the master secret."""
        salt = secret if self.draft == 18 else self.derive(secret, "derived", b"")
        return self.hmac(salt, material or self.zeros)

    def finished(self, base, transcript_hash):
        return self.hmac(self.expand_label(base, "finished", b"", self.size), transcript_hash)


class Writer:
    """Protects the records of one direction under one traffic secret after the other."""

    def __init__(self, schedule, secret):
        self.schedule, self.padding = schedule, 0
        self.start(secret)

    def start(self, secret):
        self.secret, self.sequence = secret, 0
        self.key = self.schedule.expand_label(secret, "key", b"", self.schedule.key_size)
        self.iv = self.schedule.expand_label(secret, "iv", b"", 12)

    def update(self):
        """RFC 8446 section 7.2."""
        self.start(self.schedule.expand_label(self.secret, "traffic upd", b"", self.schedule.size))

    def record(self, kind, data):
        """The whole record (section 5.2); before draft 25 the header was not authenticated."""
        draft = self.schedule.draft
        inner = data + bytes([kind]) + b"\0" * self.padding
        tag = 8 if self.schedule.cipher == "ccm8" else 16
        header = struct.pack("!BHH", 23, 0x0301 if draft and draft < 22 else 0x0303, len(inner) + tag)
        nonce = xor(self.iv, self.sequence.to_bytes(12, "big"))
        self.sequence += 1
        return header + self.seal(nonce, inner, b"" if draft and draft < 25 else header, tag)

    def seal(self, nonce, data, associated, tag):
        if self.schedule.cipher == "chacha":
            return chacha20_poly1305(self.key, nonce, data, associated)
        block = Cipher(f"AES-{8 * len(self.key)}-ECB", self.key).update
        if self.schedule.cipher == "gcm":
            return gcm(block, nonce, data, associated)
        if not associated:  # RFC 3610 section 2.2: then there is no length of it either
            raise ValueError("CCM without associated data is not written here")
        return ccm(block, nonce, data, associated, tag)
