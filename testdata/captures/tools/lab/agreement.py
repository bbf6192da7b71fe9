"""Key agreement in plain arithmetic: X25519 and X448 (RFC 7748 section 5), P-256 (SEC 1), finite fields (RFC 7919). Key
files are made by the openssl command; only the numbers are read from them, so that nothing here is shared with what is tested."""
import re

from . import host

P256 = 2**256 - 2**224 + 2**192 + 2**96 - 1
P256_BASE = (0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
             0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5)
GROUPS = {"secp256r1": 23, "x25519": 29, "x448": 30, "ffdhe2048": 256}


def montgomery(scalar, u, bits, prime, a24):
    """The ladder of RFC 7748 section 5 over little-endian strings."""
    size = (bits + 7) // 8
    k = bytearray(scalar)
    if bits == 255:
        k[0] &= 248
        k[31] = k[31] & 127 | 64
    else:
        k[0] &= 252
        k[55] |= 128
    k, x1 = int.from_bytes(k, "little"), int.from_bytes(u, "little") % 2**bits
    x2, z2, x3, z3, swap = 1, 0, x1, 1, 0
    for bit in range(bits - 1, -1, -1):
        now = k >> bit & 1
        if swap ^ now:
            x2, x3, z2, z3 = x3, x2, z3, z2
        swap = now
        a, b, c, d = x2 + z2, x2 - z2, x3 + z3, x3 - z3
        da, cb, aa, bb = d * a, c * b, a * a, b * b
        x3, z3 = pow(da + cb, 2, prime), x1 * pow(da - cb, 2, prime) % prime
        e = aa - bb
        x2, z2 = aa * bb % prime, e * (aa + a24 * e) % prime
    if swap:
        x2, z2 = x3, z3
    return (x2 * pow(z2, -1, prime) % prime).to_bytes(size, "little")


def x25519(scalar, u=(9).to_bytes(32, "little")):
    return montgomery(scalar, u, 255, 2**255 - 19, 121665)


def x448(scalar, u=(5).to_bytes(56, "little")):
    return montgomery(scalar, u, 448, 2**448 - 2**224 - 1, 39081)


def p256_add(left, right):
    if left is None or right is None:
        return right if left is None else left
    (x1, y1), (x2, y2) = left, right
    if x1 == x2 and (y1 + y2) % P256 == 0:
        return None
    slope = (3 * x1 * x1 - 3) * pow(2 * y1, -1, P256) if left == right else (y2 - y1) * pow(x2 - x1, -1, P256)
    x = (slope * slope - x1 - x2) % P256
    return x, (slope * (x1 - x) - y1) % P256


def p256(number, point=P256_BASE):
    result = None
    while number:
        if number & 1:
            result = p256_add(result, point)
        point, number = p256_add(point, point), number >> 1
    return result


class Half:
    """One side's key pair: `public` as it stands on the wire, agree(other side's public) as the key schedule takes it."""

    def __init__(self, group, private, prime=0, base=0):
        self.group, self.private, self.prime, self.base = group, private, prime, base
        if group == "x25519":
            self.public = x25519(private)
        elif group == "x448":
            self.public = x448(private)
        elif group == "secp256r1":
            self.public = b"\4" + b"".join(part.to_bytes(32, "big") for part in p256(int.from_bytes(private, "big")))
        else:
            self.size = (prime.bit_length() + 7) // 8
            self.public = pow(base, int.from_bytes(private, "big"), prime).to_bytes(self.size, "big")

    def agree(self, public):
        if self.group == "x25519":
            return x25519(self.private, public)
        if self.group == "x448":
            return x448(self.private, public)
        if self.group == "secp256r1":
            point = int.from_bytes(public[1:33], "big"), int.from_bytes(public[33:], "big")
            return p256(int.from_bytes(self.private, "big"), point)[0].to_bytes(32, "big")
        return pow(int.from_bytes(public, "big"), int.from_bytes(self.private, "big"), self.prime).to_bytes(self.size, "big")

    def other(self, chance):
        """A half of the same group for the other side."""
        size = {"x25519": 32, "x448": 56, "secp256r1": 31}.get(self.group, 32)
        return Half(self.group, chance.randbytes(size), self.prime, self.base)


def make(path, group):
    """A private key file (PKCS#8 PEM), and its half."""
    kind = {"x25519": ["X25519"], "x448": ["X448"], "secp256r1": ["EC", "-pkeyopt", "ec_paramgen_curve:P-256"]}.get(
        group, ["DH", "-pkeyopt", f"group:{group}"])
    host.run(["openssl", "genpkey", "-algorithm", *kind, "-out", str(path)])
    path.chmod(0o600)
    return load(path, group)


def load(path, group):
    text = host.run(["openssl", "pkey", "-in", str(path), "-noout", "-text"]).stdout.decode()
    private = bytes.fromhex(re.sub(r"[\s:]", "", re.search(r"^priv(?:ate-key)?:\s*((?: +[0-9a-f:]+\n)+)", text, re.M).group(1)))
    if group in ("x25519", "x448", "secp256r1"):
        return Half(group, private[-32:] if group == "secp256r1" else private)
    listing = host.run(["openssl", "asn1parse", "-in", str(path)]).stdout.decode()
    prime, base = (int(digits, 16) for digits in re.findall(r"INTEGER +:([0-9A-F]+)", listing)[1:3])
    return Half(group, private, prime, base)


if x25519(bytes.fromhex("49af42ba7f7994852d713ef2784bcbcaa7911de26adc5642cb634540e7ea5005")).hex() != \
        "99381de560e4bd43d23d8e435a7dbafeb3c06e51c13cae4d5413691e529aaf2c":
    raise RuntimeError("X25519 does not give the value of RFC 8448")
