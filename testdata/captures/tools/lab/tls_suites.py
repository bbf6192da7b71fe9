"""The RSA key exchange suites of the IANA registry, for the script that writes connections."""
import dataclasses

SSL30, TLS10, TLS11, TLS12 = 0x0300, 0x0301, 0x0302, 0x0303
VERSION_NAMES = {SSL30: "SSL 3.0", TLS10: "TLS 1.0", TLS11: "TLS 1.1", TLS12: "TLS 1.2"}


@dataclasses.dataclass(frozen=True)
class Suite:
    code: int
    name: str
    cipher: str     # libcrypto's name without the mode
    mode: str       # null, stream, cbc, gcm, ccm, ccm8
    key: int        # bytes of the final key
    block: int
    mac: str        # md5, sha1, sha256, sha384; "" for AEAD
    prf: str        # hash of the TLS 1.2 PRF
    versions: tuple
    material: int = 0  # bytes of key material before export weakening; 0: not an export suite


OLD, UP_TO_10, UP_TO_11, NEW = (SSL30, TLS10, TLS11, TLS12), (SSL30, TLS10), (SSL30, TLS10, TLS11), (TLS12,)
FROM_10 = (TLS10, TLS11, TLS12)


def _cbc(code, name, cipher, key, block, mac, versions, prf="sha256", material=0):
    return Suite(code, name, cipher, "cbc", key, block, mac, prf, versions, material)


SUITES = [
    Suite(0x0001, "TLS_RSA_WITH_NULL_MD5", "", "null", 0, 1, "md5", "sha256", OLD),
    Suite(0x0002, "TLS_RSA_WITH_NULL_SHA", "", "null", 0, 1, "sha1", "sha256", OLD),
    Suite(0x0003, "TLS_RSA_EXPORT_WITH_RC4_40_MD5", "RC4", "stream", 16, 1, "md5", "sha256", UP_TO_10, 5),
    Suite(0x0004, "TLS_RSA_WITH_RC4_128_MD5", "RC4", "stream", 16, 1, "md5", "sha256", OLD),
    Suite(0x0005, "TLS_RSA_WITH_RC4_128_SHA", "RC4", "stream", 16, 1, "sha1", "sha256", OLD),
    _cbc(0x0006, "TLS_RSA_EXPORT_WITH_RC2_CBC_40_MD5", "RC2", 16, 8, "md5", UP_TO_10, material=5),
    _cbc(0x0007, "TLS_RSA_WITH_IDEA_CBC_SHA", "IDEA", 16, 8, "sha1", UP_TO_11),
    _cbc(0x0008, "TLS_RSA_EXPORT_WITH_DES40_CBC_SHA", "DES", 8, 8, "sha1", UP_TO_10, material=5),
    _cbc(0x0009, "TLS_RSA_WITH_DES_CBC_SHA", "DES", 8, 8, "sha1", UP_TO_11),
    _cbc(0x000A, "TLS_RSA_WITH_3DES_EDE_CBC_SHA", "DES-EDE3", 24, 8, "sha1", OLD),
    _cbc(0x002F, "TLS_RSA_WITH_AES_128_CBC_SHA", "AES-128", 16, 16, "sha1", OLD),
    _cbc(0x0035, "TLS_RSA_WITH_AES_256_CBC_SHA", "AES-256", 32, 16, "sha1", OLD),
    Suite(0x003B, "TLS_RSA_WITH_NULL_SHA256", "", "null", 0, 1, "sha256", "sha256", NEW),
    _cbc(0x003C, "TLS_RSA_WITH_AES_128_CBC_SHA256", "AES-128", 16, 16, "sha256", NEW),
    _cbc(0x003D, "TLS_RSA_WITH_AES_256_CBC_SHA256", "AES-256", 32, 16, "sha256", NEW),
    _cbc(0x0041, "TLS_RSA_WITH_CAMELLIA_128_CBC_SHA", "CAMELLIA-128", 16, 16, "sha1", OLD),
    _cbc(0x0084, "TLS_RSA_WITH_CAMELLIA_256_CBC_SHA", "CAMELLIA-256", 32, 16, "sha1", OLD),
    _cbc(0x0096, "TLS_RSA_WITH_SEED_CBC_SHA", "SEED", 16, 16, "sha1", OLD),
    Suite(0x009C, "TLS_RSA_WITH_AES_128_GCM_SHA256", "AES-128", "gcm", 16, 16, "", "sha256", NEW),
    Suite(0x009D, "TLS_RSA_WITH_AES_256_GCM_SHA384", "AES-256", "gcm", 32, 16, "", "sha384", NEW),
    _cbc(0x00BA, "TLS_RSA_WITH_CAMELLIA_128_CBC_SHA256", "CAMELLIA-128", 16, 16, "sha256", NEW),
    _cbc(0x00C0, "TLS_RSA_WITH_CAMELLIA_256_CBC_SHA256", "CAMELLIA-256", 32, 16, "sha256", NEW),
    _cbc(0xC03C, "TLS_RSA_WITH_ARIA_128_CBC_SHA256", "ARIA-128", 16, 16, "sha256", NEW),
    _cbc(0xC03D, "TLS_RSA_WITH_ARIA_256_CBC_SHA384", "ARIA-256", 32, 16, "sha384", NEW, prf="sha384"),
    Suite(0xC050, "TLS_RSA_WITH_ARIA_128_GCM_SHA256", "ARIA-128", "gcm", 16, 16, "", "sha256", NEW),
    Suite(0xC051, "TLS_RSA_WITH_ARIA_256_GCM_SHA384", "ARIA-256", "gcm", 32, 16, "", "sha384", NEW),
    Suite(0xC07A, "TLS_RSA_WITH_CAMELLIA_128_GCM_SHA256", "CAMELLIA-128", "gcm", 16, 16, "", "sha256", NEW),
    Suite(0xC07B, "TLS_RSA_WITH_CAMELLIA_256_GCM_SHA384", "CAMELLIA-256", "gcm", 32, 16, "", "sha384", NEW),
    Suite(0xC09C, "TLS_RSA_WITH_AES_128_CCM", "AES-128", "ccm", 16, 16, "", "sha256", NEW),
    Suite(0xC09D, "TLS_RSA_WITH_AES_256_CCM", "AES-256", "ccm", 32, 16, "", "sha256", NEW),
    Suite(0xC0A0, "TLS_RSA_WITH_AES_128_CCM_8", "AES-128", "ccm8", 16, 16, "", "sha256", NEW),
    Suite(0xC0A1, "TLS_RSA_WITH_AES_256_CCM_8", "AES-256", "ccm8", 32, 16, "", "sha256", NEW),
]
# With other key exchanges, for what is about these; not in the matrix.
OTHER_SUITES = [
    _cbc(0x0031, "TLS_DH_RSA_WITH_AES_128_CBC_SHA", "AES-128", 16, 16, "sha1", OLD),
    _cbc(0x0033, "TLS_DHE_RSA_WITH_AES_128_CBC_SHA", "AES-128", 16, 16, "sha1", OLD),
    Suite(0x009E, "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256", "AES-128", "gcm", 16, 16, "", "sha256", NEW),
    Suite(0x00A0, "TLS_DH_RSA_WITH_AES_128_GCM_SHA256", "AES-128", "gcm", 16, 16, "", "sha256", NEW),
    _cbc(0xC004, "TLS_ECDH_ECDSA_WITH_AES_128_CBC_SHA", "AES-128", 16, 16, "sha1", FROM_10),
    _cbc(0xC013, "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA", "AES-128", 16, 16, "sha1", FROM_10),
    Suite(0xC02F, "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "AES-128", "gcm", 16, 16, "", "sha256", NEW),
    Suite(0xC030, "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", "AES-256", "gcm", 32, 16, "", "sha384", NEW),
    Suite(0xC031, "TLS_ECDH_RSA_WITH_AES_128_GCM_SHA256", "AES-128", "gcm", 16, 16, "", "sha256", NEW),
    Suite(0xCC13, "ECDHE-RSA-CHACHA20-POLY1305 of draft-agl-tls-chacha20poly1305-04", "ChaCha20", "chacha_draft", 32, 1, "",
          "sha256", NEW),
    Suite(0xCC14, "ECDHE-ECDSA-CHACHA20-POLY1305 of draft-agl-tls-chacha20poly1305-04", "ChaCha20", "chacha_draft", 32, 1, "",
          "sha256", NEW),
    Suite(0xCC15, "DHE-RSA-CHACHA20-POLY1305 of draft-agl-tls-chacha20poly1305-04", "ChaCha20", "chacha_draft", 32, 1, "",
          "sha256", NEW),
]
BY_CODE = {suite.code: suite for suite in SUITES + OTHER_SUITES}
