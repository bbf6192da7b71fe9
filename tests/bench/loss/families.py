"""The suites of the loss bench: one row for each way in which TLS protects records, and what a record of that way costs.

A record's plaintext is not to be seen from outside; `plaintext_range` says how long it can be, which is one number except for block
ciphers, whose padding hides up to a block.
"""
import dataclasses


@dataclasses.dataclass(frozen=True)
class Family:
    name: str
    maker: str  # the programs at both ends: openssl, gnutls, nss
    version: str
    suite: str  # as the maker calls it
    kind: str  # stream, cbc, aead, tls13
    mac: int = 0  # bytes of MAC, or of the AEAD's tag
    block: int = 0  # of the block cipher
    explicit: int = 0  # bytes in front of the ciphertext: the IV, or the explicit part of the nonce
    encrypt_then_mac: bool = False
    split: bool = False  # NSS sends the first byte of what it writes in a record of its own, against the attack BEAST
    key_log: bool = False  # ephemeral: the server's key is not enough

    def plaintext_range(self, length):
        """(least, most) bytes of plaintext in a record with `length` bytes behind its header."""
        content = length - self.explicit - self.mac
        if self.kind == "cbc":
            return max(0, content - self.block), content - 1
        # TLS 1.3 (RFC 8446 section 5.2): the content type stands inside; these programs do not pad.
        return (content - 1,) * 2 if self.kind == "tls13" else (content,) * 2


def cbc(name, maker, version, suite, mac, block=16, **more):
    # TLS 1.1 sends the IV along (RFC 4346 section 6.2.3.2); before, it is the last block of the record before.
    explicit = 0 if version in ("SSL 3.0", "TLS 1.0") else block
    return Family(name, maker, version, suite, "cbc", mac, block, explicit, **more)


def aead(name, suite, tag=16, explicit=8, **more):
    return Family(name, "openssl", "TLS 1.2", suite, "aead", tag, explicit=explicit, **more)


FAMILIES = [
    Family("ssl30-rc4-sha", "nss", "SSL 3.0", "0005", "stream", 20),
    cbc("ssl30-aes128-sha", "nss", "SSL 3.0", "002F", 20, split=True),
    Family("tls12-rc4-sha", "gnutls", "TLS 1.2", "ARCFOUR-128:+SHA1", "stream", 20),
    cbc("tls12-3des-sha", "gnutls", "TLS 1.2", "3DES-CBC:+SHA1:%NO_ETM", 20, 8),
    cbc("tls10-aes128-sha", "openssl", "TLS 1.0", "AES128-SHA", 20),
    cbc("tls10-aes256-sha-etm", "openssl", "TLS 1.0", "AES256-SHA", 20, encrypt_then_mac=True),
    cbc("tls11-aes256-sha", "openssl", "TLS 1.1", "AES256-SHA", 20),
    cbc("tls12-aes128-sha", "openssl", "TLS 1.2", "AES128-SHA", 20),
    cbc("tls12-aes128-sha256", "openssl", "TLS 1.2", "AES128-SHA256", 32),
    cbc("tls12-aes256-sha384", "openssl", "TLS 1.2", "ECDHE-RSA-AES256-SHA384", 48, key_log=True),
    cbc("tls12-aes256-sha256-etm", "openssl", "TLS 1.2", "AES256-SHA256", 32, encrypt_then_mac=True),
    cbc("tls12-camellia128-sha256", "openssl", "TLS 1.2", "CAMELLIA128-SHA256", 32),
    aead("tls12-aes128-gcm", "AES128-GCM-SHA256"),
    aead("tls12-aes256-gcm", "AES256-GCM-SHA384"),
    aead("tls12-aes128-ccm", "AES128-CCM"),
    aead("tls12-aes256-ccm8", "AES256-CCM8", tag=8),
    aead("tls12-chacha20", "ECDHE-RSA-CHACHA20-POLY1305", explicit=0, key_log=True),
    Family("tls13-aes128-gcm", "openssl", "TLS 1.3", "TLS_AES_128_GCM_SHA256", "tls13", 16, key_log=True),
    Family("tls13-aes256-gcm", "openssl", "TLS 1.3", "TLS_AES_256_GCM_SHA384", "tls13", 16, key_log=True),
    Family("tls13-chacha20", "openssl", "TLS 1.3", "TLS_CHACHA20_POLY1305_SHA256", "tls13", 16, key_log=True),
]
