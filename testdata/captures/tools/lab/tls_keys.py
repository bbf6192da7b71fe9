"""Key schedules and record protection of SSL 3.0 (RFC 6101) to TLS 1.2 (RFC 5246), sender's side."""
import hashlib
import hmac
import struct
import zlib

from .libcrypto import Cipher, IdeaCbc, ccm, gcm
from .tls13_keys import poly1305
from .tls_suites import SSL30, TLS10, TLS11, TLS12

HANDSHAKE, DATA = 22, 23
AEAD = ("gcm", "ccm", "ccm8", "chacha_draft")


def p_hash(name, secret, seed, length):
    """RFC 5246 section 5."""
    out, a = b"", seed
    while len(out) < length:
        a = hmac.new(secret, a, name).digest()
        out += hmac.new(secret, a + seed, name).digest()
    return out[:length]


def prf(version, suite, secret, label, seed, length):
    if version >= TLS12:
        return p_hash(suite.prf, secret, label + seed, length)
    half = (len(secret) + 1) // 2  # RFC 2246 section 5
    left = p_hash("md5", secret[:half], label + seed, length)
    right = p_hash("sha1", secret[len(secret) - half:], label + seed, length)
    return bytes(a ^ b for a, b in zip(left, right))


def ssl3_expand(secret, seed, length):
    """RFC 6101 section 6.1: 'A', 'BB', 'CCC', ..."""
    out, number = b"", 1
    while len(out) < length:
        inner = hashlib.sha1(bytes([64 + number]) * number + secret + seed).digest()
        out += hashlib.md5(secret + inner).digest()
        number += 1
    return out[:length]


def transcript_hash(version, suite, messages):
    if version >= TLS12:
        return hashlib.new(suite.prf, messages).digest()
    return hashlib.md5(messages).digest() + hashlib.sha1(messages).digest()


def master_secret(version, suite, premaster, client_random, server_random, session_hash=None):
    if version == SSL30:
        return ssl3_expand(premaster, client_random + server_random, 48)
    if session_hash is not None:  # RFC 7627 section 4
        return prf(version, suite, premaster, b"extended master secret", session_hash, 48)
    return prf(version, suite, premaster, b"master secret", client_random + server_random, 48)


def finished(version, suite, master, messages, from_client):
    if version == SSL30:  # RFC 6101 section 5.6.9
        sender = b"CLNT" if from_client else b"SRVR"
        out = b""
        for name, pad in (("md5", 48), ("sha1", 40)):
            inner = hashlib.new(name, messages + sender + master + b"\x36" * pad).digest()
            out += hashlib.new(name, master + b"\x5c" * pad + inner).digest()
        return out
    label = b"client finished" if from_client else b"server finished"
    return prf(version, suite, master, label, transcript_hash(version, suite, messages), 12)


def write_keys(version, suite, master, client_random, server_random):
    """((MAC key, key, IV) of the client, of the server)"""
    aead = suite.mode in AEAD
    mac = 0 if aead else hashlib.new(suite.mac).digest_size
    key = suite.material or suite.key
    iv = 0 if suite.mode == "chacha_draft" else 4 if aead else suite.block if suite.mode == "cbc" and version <= TLS10 else 0
    total = 2 * (mac + key + iv)
    if version == SSL30:
        block = ssl3_expand(master, server_random + client_random, total)
    else:
        block = prf(version, suite, master, b"key expansion", server_random + client_random, total)
    parts = []
    for size in (mac, mac, key, key, iv, iv):
        parts.append(block[:size])
        block = block[size:]
    client, server = (parts[0], parts[2], parts[4]), (parts[1], parts[3], parts[5])
    if suite.material:
        client, server = export_keys(version, suite, client, server, client_random, server_random)
    return client, server


def export_keys(version, suite, client, server, client_random, server_random):
    """RFC 2246 section 6.3.1 and RFC 6101 section 6.2.2.1: short key material becomes the final key."""
    both, iv = client_random + server_random, suite.block if suite.mode == "cbc" else 0
    if version == SSL30:
        keys = [hashlib.md5(client[1] + both).digest(), hashlib.md5(server[1] + server_random + client_random).digest()]
        ivs = [hashlib.md5(both).digest(), hashlib.md5(server_random + client_random).digest()]
    else:
        keys = [prf(version, suite, client[1], b"client write key", both, suite.key),
                prf(version, suite, server[1], b"server write key", both, suite.key)]
        block = prf(version, suite, b"", b"IV block", both, 2 * iv)
        ivs = [block[:iv], block[iv:]]
    return tuple((side[0], key[:suite.key], vector[:iv]) for side, key, vector in zip((client, server), keys, ivs))


class Writer:
    """Protects the records of one direction. `chance` supplies explicit IVs and padding lengths."""

    def __init__(self, version, suite, keys, encrypt_then_mac, chance):
        self.version, self.suite, self.encrypt_then_mac, self.chance = version, suite, encrypt_then_mac, chance
        self.mac_key, self.key, self.iv = keys
        self.sequence = 0
        self.cipher = self.start_cipher()
        self.longest_padding = self.truncated = False
        self.compressor = None

    def start_cipher(self):
        suite = self.suite
        if suite.mode in ("null", "chacha_draft"):
            return None
        if suite.mode == "stream":
            return Cipher(suite.cipher, self.key)
        if suite.mode in ("gcm", "ccm", "ccm8"):
            return Cipher(f"{suite.cipher}-ECB", self.key)
        return self.cbc(self.iv) if self.version <= TLS10 else None

    def cbc(self, iv):
        if self.suite.cipher == "IDEA":
            return IdeaCbc(self.key, iv)
        return Cipher("DES-EDE3-CBC" if self.suite.cipher == "DES-EDE3" else f"{self.suite.cipher}-CBC", self.key, iv)

    def compress(self):
        """RFC 3749 section 2.1: one stream for the direction, every record flushed."""
        self.compressor = zlib.compressobj()

    def protect(self, kind, data):
        mode = self.suite.mode
        if self.compressor:
            data = self.compressor.compress(data) + self.compressor.flush(zlib.Z_SYNC_FLUSH)
        if mode == "chacha_draft":
            body = self.seal_chacha_draft(kind, data)
        elif mode in ("gcm", "ccm", "ccm8"):
            body = self.seal(kind, data)
        elif mode == "cbc":
            body = self.encrypt_cbc(kind, data)
        else:
            body = data + self.mac(kind, data)
            body = self.cipher.update(body) if self.cipher else body
        self.sequence += 1
        return body

    def seal(self, kind, data):
        """RFC 5288 section 3, RFC 6655 section 3: the explicit part of the nonce is not the sequence number here."""
        explicit = self.chance.randbytes(8)
        associated = struct.pack("!QBHH", self.sequence, kind, self.version, len(data))
        if self.suite.mode == "gcm":
            return explicit + gcm(self.cipher.update, self.iv + explicit, data, associated)
        tag = 8 if self.suite.mode == "ccm8" else 16
        return explicit + ccm(self.cipher.update, self.iv + explicit, data, associated, tag)

    def seal_chacha_draft(self, kind, data):
        """draft-agl-tls-chacha20poly1305-04 section 5: ChaCha20 with a counter and a nonce of 64 bits each; the nonce is the
        sequence number and is not sent."""
        def stream(counter, text):
            return Cipher("ChaCha20", self.key, struct.pack("<Q", counter) + struct.pack("!Q", self.sequence)).update(text)
        associated = struct.pack("!QBHH", self.sequence, kind, self.version, len(data))
        ciphertext = stream(1, data) if data else b""
        text = associated + struct.pack("<Q", len(associated)) + ciphertext + struct.pack("<Q", len(ciphertext))
        return ciphertext + poly1305(stream(0, b"\0" * 32), text)

    def encrypt_cbc(self, kind, data):
        explicit = self.chance.randbytes(self.suite.block) if self.version >= TLS11 else b""
        cipher = self.cbc(explicit) if explicit else self.cipher
        if self.encrypt_then_mac:  # RFC 7366 section 3
            body = explicit + cipher.update(data + self.padding(len(data)))
            return body + self.mac(kind, body)
        text = data + self.mac(kind, data)
        return explicit + cipher.update(text + self.padding(len(text)))

    def padding(self, length):
        count = -(length + 1) % self.suite.block
        if self.version == SSL30:  # RFC 6101 section 5.2.3.2: any bytes
            return self.chance.randbytes(count) + bytes([count])
        blocks = (255 - count) // self.suite.block
        count += self.suite.block * (blocks if self.longest_padding else self.chance.choice((0, 0, 0, 1, blocks)))
        return bytes([count]) * (count + 1)

    def mac(self, kind, data):
        if self.version == SSL30:  # RFC 6101 section 5.2.3.1
            pad = 48 if self.suite.mac == "md5" else 40
            head = struct.pack("!QBH", self.sequence, kind, len(data))
            inner = hashlib.new(self.suite.mac, self.mac_key + b"\x36" * pad + head + data).digest()
            return hashlib.new(self.suite.mac, self.mac_key + b"\x5c" * pad + inner).digest()
        head = struct.pack("!QBHH", self.sequence, kind, self.version, len(data))
        mac = hmac.new(self.mac_key, head + data, self.suite.mac).digest()
        return mac[:10] if self.truncated else mac  # RFC 6066 section 7
