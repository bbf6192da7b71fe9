"""Connections of SSL 3.0 to TLS 1.2 that synth_tls.py and synth_exchange.py write and no program at hand speaks: known ephemeral and
static keys, compression, truncated MACs, the ChaCha20 suites before the RFC, and key logs of older forms."""
import random

from content import text
from lab import agreement, host, pki
from lab.case import Case
from lab.tls_suites import SSL30, TLS10, TLS11, TLS12

from synth_exchange import AgreedConnection, Certificates, Talkative
from synth_tls import CLIENT, SERVER, Identity

from .synthetic import Script


def simple(script, connection, what, body=400, **outcome):
    connection.full_handshake()
    connection.talk(text(body))
    connection.close()
    script.add(connection, reason=what, **outcome)


class AgreedScript(Script):
    def __init__(self, case):
        super().__init__(case)
        key = pki.make_key(case.work / "certificate.key")
        self.rsa_key, self.rsa_cert = key, pki.self_signed(key, case.work / "certificate.crt")
        self.certificates = Certificates(Identity(key, self.rsa_cert).chain)
        self.keys = []

    def half(self, name, group):
        """A known one. Finite fields are named by their numbers in these versions."""
        self.keys += ["-k", f"{name}.key"]
        return named_dh(agreement.make(self.case.folder / f"{name}.key", group))

    def unknown(self, half):
        return half.other(random.Random(1000 + self.count))

    def agreed(self, version, code, half, certificates=None, **options):
        self.count += 1
        return AgreedConnection(version, code, certificates or self.certificates, self.count, half=half, **options)

    def certified(self, name):
        """A certificate for a key of any kind, signed with the RSA key."""
        public, cert = self.case.work / f"{name}.pub", self.case.work / f"{name}.crt"
        host.run(["openssl", "pkey", "-in", str(self.case.folder / f"{name}.key"), "-pubout", "-out", str(public)])
        host.run(["openssl", "x509", "-new", "-force_pubkey", str(public), "-subj", "/CN=www.example.com", "-CA",
                  str(self.rsa_cert), "-CAkey", str(self.rsa_key), "-days", "3650", "-sha256", "-out", str(cert)])
        return Certificates([host.run(["openssl", "x509", "-in", str(path), "-outform", "DER"]).stdout
                             for path in (cert, self.rsa_cert)])


def named_dh(half):
    if half.prime:
        half.group = "dh"
    return half


def synth_ephemeral():
    """The server's ephemeral key is given and belongs to no certificate; in one case the client's."""
    with Case("synth_ephemeral") as case:
        script = AgreedScript(case)
        halves = {group: script.half(group, group) for group in ("secp256r1", "x25519", "x448", "ffdhe2048")}
        for group, version, code, options in (
                ("secp256r1", TLS12, 0xC02F, {"extended_master": True}), ("secp256r1", TLS10, 0xC013, {}),
                ("x25519", TLS12, 0xC030, {}), ("x448", TLS12, 0xC02F, {}), ("x25519", TLS11, 0xC013, {"extended_master": True}),
                ("ffdhe2048", TLS12, 0x009E, {}), ("ffdhe2048", TLS11, 0x0033, {"extended_master": True}),
                ("ffdhe2048", SSL30, 0x0033, {})):
            simple(script, script.agreed(version, code, halves[group], **options), f"the server's {group} key")
        simple(script, script.agreed(TLS12, 0x009E, halves["ffdhe2048"], client_half=short_secret(halves["ffdhe2048"])),
               "a shared secret that begins with a zero byte")
        client = script.half("client", "x25519")
        simple(script, script.agreed(TLS12, 0xC02F, script.unknown(client), client_half=client), "the client's x25519 key")
        first = script.agreed(TLS12, 0xC02F, halves["x25519"], extended_master=True)
        simple(script, first, "session made")
        second = script.agreed(TLS12, 0xC02F, halves["x25519"], extended_master=True)
        second.abbreviated_handshake(first.session)
        second.talk(text(200))
        second.close()
        script.add(second, reason="session resumed")
        script.finish(*script.keys)


def short_secret(half):
    """The client's half of an agreement whose result begins with a zero byte: one of 256 does."""
    chance = random.Random(8)
    while True:
        client = half.other(chance)
        if half.agree(client.public)[0] == 0:
            return client


def synth_static():
    """Fixed Diffie-Hellman (RFC 5246 section 7.4.2, RFC 8422 section 2): the server's share stands in its certificate."""
    with Case("synth_static") as case:
        script = AgreedScript(case)
        curve, field = script.half("ecdh", "secp256r1"), script.half("dh", "ffdhe2048")
        for name, half, version, code in (("ecdh", curve, TLS12, 0xC031), ("ecdh", curve, TLS10, 0xC004),
                                          ("dh", field, TLS12, 0x00A0), ("dh", field, TLS11, 0x0031)):
            simple(script, script.agreed(version, code, half, script.certified(name), static=True), f"fixed {name}")
        script.finish(*script.keys)


def synth_chacha_draft():
    """The suites of draft-agl-tls-chacha20poly1305-04, opened with the server's ephemeral key."""
    with Case("synth_chacha_draft") as case:
        script = AgreedScript(case)
        curve, field = script.half("secp256r1", "secp256r1"), script.half("ffdhe2048", "ffdhe2048")
        for code, half in ((0xCC13, curve), (0xCC14, curve), (0xCC15, field)):
            simple(script, script.agreed(TLS12, code, half, extended_master=code == 0xCC13), f"0x{code:04x}", body=2500)
        script.finish(*script.keys)


def synth_compression():
    """DEFLATE (RFC 3749): one history for each direction, over records of all content types, anew after renegotiation."""
    with Case("synth_compression") as case:
        script = Script(case)
        server = script.identity(2048, "server")
        for version, code, options in ((TLS10, 0x002F, {}), (TLS10, 0x0005, {}), (TLS11, 0x0035, {"encrypt_then_mac": True}),
                                       (TLS12, 0x003C, {"extended_master": True}), (TLS12, 0x009C, {}), (TLS12, 0xC0A0, {}),
                                       (TLS12, 0x003B, {}), (SSL30, 0x000A, {})):
            connection = script.connection(version, code, server, compression=True, **options)
            connection.full_handshake()
            for number in range(4):
                connection.talk(text(1500 + number))
            connection.send(CLIENT, bytes(16384))
            connection.send(SERVER, random.Random(1).randbytes(5000), size=999)
            connection.close()
            script.add(connection, reason="DEFLATE")
        again = script.connection(TLS12, 0x002F, server, compression=True)
        again.full_handshake()
        again.talk(text(300))
        again.renegotiate(0x009D)
        again.talk(text(300))
        again.close()
        script.add(again, reason="DEFLATE, renegotiated")
        script.finish("-k", "server.key")


def synth_truncated_hmac():
    """MACs of ten bytes (RFC 6066 section 7)."""
    with Case("synth_truncated_hmac") as case:
        script = Script(case)
        server = script.identity(2048, "server")
        for version, code, options in (
                (TLS10, 0x002F, {}), (TLS11, 0x0035, {}), (TLS12, 0x003C, {}), (TLS12, 0x003D, {"longest_padding": True}),
                (TLS12, 0x0035, {"encrypt_then_mac": True}), (TLS10, 0x0005, {}), (TLS12, 0x0004, {}), (TLS12, 0x003B, {}),
                (TLS12, 0x009C, {}), (TLS11, 0x002F, {"compression": True})):
            simple(script, script.connection(version, code, server, truncated_hmac=True, **options), "truncated_hmac")
        script.finish("-k", "server.key")


def synth_interleaved():
    """Application data between the messages of a renegotiation, in both directions."""
    with Case("synth_interleaved") as case:
        script = Script(case)
        server = script.identity(2048, "server")
        for version, first, then in ((TLS12, 0x002F, 0x009D), (TLS10, 0x0005, 0x0035), (TLS12, 0x009C, 0x003C)):
            script.count += 1
            connection = Talkative(version, first, server, script.count, hello_request=True)
            connection.full_handshake()
            connection.talk(text(300))
            connection.renegotiate_amid(then)
            connection.talk(text(300))
            connection.close()
            script.add(connection, reason="data between the messages of a renegotiation")
        script.finish("-k", "server.key")


def synth_keylog():
    """Key logs before CLIENT_RANDOM and beside it, one form for each connection; no private key."""
    with Case("synth_keylog") as case:
        script, log = AgreedScript(case), []
        rsa = Identity(script.rsa_key, script.rsa_cert)
        half = agreement.Half("x25519", random.Random(7).randbytes(32))
        for version, code, options in ((SSL30, 0x000A, {}), (TLS10, 0x002F, {}), (TLS12, 0x009C, {"extended_master": True})):
            for form in ("RSA", "PMS_CLIENT_RANDOM", "Session-ID", "CLIENT_RANDOM"):
                connection = script.connection(version, code, rsa, **options)
                simple(script, connection, f"{form} line")
                log.append(line_of(form, connection))
                if form == "Session-ID":
                    again = script.connection(version, code, rsa, **options)
                    again.abbreviated_handshake(connection.session)
                    again.talk(text(100))
                    again.close()
                    script.add(again, reason="resumed, Session-ID line")
        agreed = script.agreed(TLS12, 0xC02F, half)
        simple(script, agreed, "PMS_CLIENT_RANDOM line, ECDHE")
        log.append(line_of("PMS_CLIENT_RANDOM", agreed))
        upper = script.connection(TLS12, 0x003D, rsa)
        simple(script, upper, "upper case, CRLF, no newline at the end")
        log.append("\r\n" + line_of("CLIENT_RANDOM", upper).replace(upper.session.master.hex(), upper.session.master.hex().upper()))
        (case.folder / "keys.log").write_bytes(("# made with the capture by synth_tls.py\r\n\r\n" + "\n".join(log)).encode())
        script.finish("-l", "keys.log")


def line_of(form, connection):
    client_random, master = connection.randoms[0].hex(), connection.session.master.hex()
    return {"RSA": lambda: f"RSA {connection.encrypted[:8].hex()} {connection.premaster.hex()}",
            "PMS_CLIENT_RANDOM": lambda: f"PMS_CLIENT_RANDOM {client_random} {connection.premaster.hex()}",
            "Session-ID": lambda: f"RSA Session-ID:{connection.session.identifier.hex()} Master-Key:{master}",
            "CLIENT_RANDOM": lambda: f"CLIENT_RANDOM {client_random} {master}"}[form]()


CASES = {function.__name__: function for function in (synth_ephemeral, synth_static, synth_chacha_draft, synth_compression,
                                                     synth_truncated_hmac, synth_interleaved, synth_keylog)}
