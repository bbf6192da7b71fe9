"""Bare block and stream ciphers from the installed libcrypto, and the modes GCM and CCM written from NIST SP 800-38D and
RFC 3610, so that they also work over block ciphers for which libcrypto offers no such mode. IDEA, which Debian's libcrypto
has not, is written from its description."""
import ctypes
import struct

_lib = ctypes.CDLL("libcrypto.so.3")
for _name in ("OSSL_PROVIDER_load", "EVP_CIPHER_fetch", "EVP_CIPHER_CTX_new"):
    getattr(_lib, _name).restype = ctypes.c_void_p
for _provider in (b"legacy", b"default"):
    if not _lib.OSSL_PROVIDER_load(None, _provider):
        raise RuntimeError(f"libcrypto has no provider {_provider}")


class Cipher:
    """One direction's running cipher without padding: CBC chains over calls, RC4 goes on. `name` as libcrypto has it."""

    def __init__(self, name, key, iv=None):
        cipher = _lib.EVP_CIPHER_fetch(None, name.encode(), None)
        if not cipher:
            raise ValueError(f"libcrypto has no {name}")
        self.context = ctypes.c_void_p(_lib.EVP_CIPHER_CTX_new())
        self.must(_lib.EVP_EncryptInit_ex(self.context, ctypes.c_void_p(cipher), None, key, iv))
        self.must(_lib.EVP_CIPHER_CTX_set_padding(self.context, 0))

    def update(self, data):
        out = ctypes.create_string_buffer(len(data) + 32)
        length = ctypes.c_int()
        self.must(_lib.EVP_EncryptUpdate(self.context, out, ctypes.byref(length), data, len(data)))
        if length.value != len(data):
            raise ValueError("not a whole number of blocks")
        return out.raw[:length.value]

    @staticmethod
    def must(result):
        if result != 1:
            raise RuntimeError("libcrypto refused")


def xor(left, right):
    return bytes(a ^ b for a, b in zip(left, right))


def counter_stream(block, first, length):
    """Key stream from successive 128-bit counters; only the last 32 bits count."""
    prefix, number = first[:12], struct.unpack("!I", first[12:])[0]
    blocks = -(-length // 16)
    return block(b"".join(prefix + struct.pack("!I", (number + i) & 0xFFFFFFFF) for i in range(blocks)))[:length]


def ghash(subkey, data):
    h, y = int.from_bytes(subkey, "big"), 0
    for start in range(0, len(data), 16):
        x, z, v = y ^ int.from_bytes(data[start:start + 16], "big"), 0, h
        for bit in range(127, -1, -1):
            if x >> bit & 1:
                z ^= v
            v = (v >> 1) ^ (0xE1 << 120 if v & 1 else 0)
        y = z
    return y.to_bytes(16, "big")


def gcm(block, nonce, plaintext, associated):
    """SP 800-38D section 7.1 with a 96-bit IV; `block` encrypts whole blocks in ECB."""
    def padded(data):
        return data + b"\0" * (-len(data) % 16)
    ciphertext = xor(plaintext, counter_stream(block, nonce + b"\0\0\0\2", len(plaintext)))
    lengths = struct.pack("!QQ", len(associated) * 8, len(ciphertext) * 8)
    tag = ghash(block(b"\0" * 16), padded(associated) + padded(ciphertext) + lengths)
    return ciphertext + xor(tag, block(nonce + b"\0\0\0\1"))


def ccm(block, nonce, plaintext, associated, tag_length):
    """RFC 3610 with a nonce of 12 and a length field of 3 bytes, as RFC 6655 has it."""
    first = bytes([0x40 | (tag_length - 2) // 2 << 3 | 2]) + nonce + len(plaintext).to_bytes(3, "big")
    header = struct.pack("!H", len(associated)) + associated
    header += b"\0" * (-len(header) % 16)
    mac = b"\0" * 16
    data = first + header + plaintext + b"\0" * (-len(plaintext) % 16)
    for start in range(0, len(data), 16):
        mac = block(xor(mac, data[start:start + 16]))

    def counter(number):
        return b"\2" + nonce + number.to_bytes(3, "big")
    stream = block(b"".join(counter(i) for i in range(-(-len(plaintext) // 16) + 1)))
    return xor(plaintext, stream[16:]) + xor(mac[:tag_length], stream[:tag_length])


class IdeaCbc:
    """IDEA (eight rounds over four 16-bit words, multiplication modulo 2^16 + 1) in CBC."""

    def __init__(self, key, iv):
        number, self.keys = int.from_bytes(key, "big"), []
        while len(self.keys) < 52:
            self.keys += struct.unpack("!8H", number.to_bytes(16, "big"))
            number = (number << 25 | number >> 103) & (1 << 128) - 1
        self.chain = iv

    @staticmethod
    def multiply(a, b):
        return (a or 0x10000) * (b or 0x10000) % 0x10001 & 0xFFFF

    def block(self, data):
        a, b, c, d = struct.unpack("!4H", data)
        mul = self.multiply
        for start in range(0, 48, 6):
            k = self.keys[start:start + 6]
            a, b, c, d = mul(a, k[0]), b + k[1] & 0xFFFF, c + k[2] & 0xFFFF, mul(d, k[3])
            e = mul(a ^ c, k[4])
            f = mul((b ^ d) + e & 0xFFFF, k[5])
            e = e + f & 0xFFFF
            a, b, c, d = a ^ f, c ^ f, b ^ e, d ^ e
        k = self.keys[48:]
        return struct.pack("!4H", mul(a, k[0]), c + k[1] & 0xFFFF, b + k[2] & 0xFFFF, mul(d, k[3]))

    def update(self, data):
        out = b""
        for start in range(0, len(data), 8):
            self.chain = self.block(xor(self.chain, data[start:start + 8]))
            out += self.chain
        return out


if IdeaCbc(bytes.fromhex("00010002000300040005000600070008"), b"").block(bytes.fromhex("0000000100020003")).hex() != \
        "11fbed2b01986de5":
    raise RuntimeError("IDEA does not give the value of its description")
