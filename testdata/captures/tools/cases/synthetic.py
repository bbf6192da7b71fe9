"""Connections written by synth_tls.py, which no program ever spoke."""
from content import text
from lab import pcapfile, pki
from lab.case import Case
from lab.exchange import Exchange
from lab.tls_suites import SSL30, SUITES, TLS10, TLS11, TLS12

from synth_tls import ALERT, CLIENT, DATA, HEARTBEAT, SERVER, CaptureWriter, Connection, Identity


class Script:
    """Collects connections for one case."""

    def __init__(self, case):
        self.case, self.capture, self.count = case, CaptureWriter(), 0

    def identity(self, bits, name):
        key, cert = self.case.identity(name, bits, names=None, digest="sha1" if bits < 1024 else "sha256")
        return Identity(key, cert)

    def connection(self, version, code, identity, **options):
        self.count += 1
        return Connection(version, code, identity, seed=self.count, **options)

    def add(self, connection, port=443, **outcome):
        self.capture.add(connection, port)
        version, suite = connection.describe()
        self.case.add(Exchange(connection.plain[CLIENT], connection.plain[SERVER], version, suite, "synth_tls.py"), **outcome)

    def finish(self, *arguments):
        path = self.case.folder / "capture.pcap"
        self.capture.write(path)
        assert [tuple(map(pcapfile.address, pair)) for pair in pcapfile.connections(path)] == self.capture.ends
        self.case.write(arguments, [(one, *ends) for one, ends in zip(self.case.exchanges, self.capture.ends)])


def synth_matrix():
    """Every suite of plain RSA key exchange in the registry, in every version that allows it, and each CBC suite with every
    combination of extended master secret and encrypt-then-MAC."""
    with Case("synth_matrix") as case:
        script = Script(case)
        server = script.identity(1024, "server")  # small, so that some 170 certificates do not fill the file
        export = script.identity(512, "export")
        for suite in SUITES:
            for version in suite.versions if suite.cipher != "IDEA" else ():
                ways = [{}]
                if version != SSL30 and not suite.material:
                    ways.append({"extended_master": True})
                    if suite.mode == "cbc":
                        ways += [{"encrypt_then_mac": True}, {"extended_master": True, "encrypt_then_mac": True}]
                for way in ways:
                    identity = export if suite.material == 5 else server
                    connection = script.connection(version, suite.code, identity, **way)
                    connection.full_handshake()
                    connection.talk(text(1500 if not way else 300))
                    connection.close()
                    script.add(connection)
        script.finish("-k", "server.key", "-k", "export.key")


def synth_idea():
    """IDEA, which Debian's OpenSSL has not, and libgcrypt has."""
    with Case("synth_idea") as case:
        script = Script(case)
        server = script.identity(1024, "server")
        for version in (SSL30, TLS10, TLS11):
            connection = script.connection(version, 0x0007, server)
            connection.full_handshake()
            connection.talk(text(300))
            connection.close()
            script.add(connection)
        script.finish("-k", "server.key")


def synth_shapes():
    """Records and messages cut and joined in every way that the standards allow."""
    with Case("synth_shapes") as case:
        script = Script(case)
        server = script.identity(2048, "server")
        shapes = [
            ("one byte of handshake per record", TLS12, 0x009C, {"record": 1, "segment": 1448}),
            ("handshake records of 37 bytes in segments of 41", TLS12, 0x003D, {"record": 37, "segment": 41}),
            ("all messages of a flight in one record", TLS12, 0x009D, {"together": True}),
            ("the same over small segments", TLS11, 0x002F, {"together": True, "segment": 100}),
            ("SSLv2-compatible ClientHello", SSL30, 0x0005, {"sslv2_hello": True}),
            ("SSLv2-compatible ClientHello, TLS 1.0", TLS10, 0x0035, {"sslv2_hello": True}),
            ("SSLv2-compatible ClientHello, TLS 1.2", TLS12, 0x002F, {"sslv2_hello": True, "no_extensions": True}),
            ("longest padding", TLS12, 0x003C, {"longest_padding": True}),
            ("longest padding, encrypt-then-MAC", TLS10, 0x0035, {"longest_padding": True, "encrypt_then_mac": True}),
            ("HelloRequest before the ClientHello", TLS12, 0x009C, {"hello_request": True}),
            ("NewSessionTicket and CertificateStatus", TLS12, 0xC09C,
             {"ticket": True, "status_request": True, "extended_master": True}),
        ]
        for what, version, code, options in shapes:
            connection = script.connection(version, code, server, **options)
            connection.full_handshake()
            connection.talk(text(2500))
            connection.close()
            script.add(connection, reason=what)
        other_records(script, server)
        script.finish("-k", "server.key")


def other_records(script, server):
    """Heartbeats, warnings, empty and full records, renegotiation, resumption, an end without close_notify."""
    beat = script.connection(TLS12, 0x003C, server, heartbeat=True)
    beat.transcript = b""
    beat.record(CLIENT, HEARTBEAT, heartbeat(b"\1", b"before the handshake"))  # in clear
    beat.record(SERVER, HEARTBEAT, heartbeat(b"\2", b"before the handshake"))
    beat.full_handshake()
    beat.record(CLIENT, HEARTBEAT, heartbeat(b"\1", b"are you there?"))
    beat.record(SERVER, HEARTBEAT, heartbeat(b"\2", b"are you there?"))
    beat.talk(text(200))
    beat.close()
    script.add(beat, reason="heartbeats in clear and encrypted")

    warned = script.connection(TLS12, 0xC09D, server)
    warned.record(CLIENT, ALERT, b"\1\x70")  # unrecognized_name, in clear
    warned.full_handshake()
    warned.record(CLIENT, ALERT, b"\1\x5a")  # user_canceled, encrypted
    warned.record(SERVER, ALERT, b"\1\x64")  # no_renegotiation, encrypted
    warned.talk(text(200))
    warned.record(SERVER, ALERT, b"\2\x50")  # internal_error
    script.add(warned, reason="warnings and a fatal alert, in clear and encrypted")

    sizes = script.connection(TLS12, 0x009C, server)
    sizes.full_handshake()
    sizes.send(CLIENT, text(16384))
    sizes.record(CLIENT, DATA, b"")
    sizes.send(SERVER, text(20), size=1)
    sizes.send(SERVER, text(16385))
    script.add(sizes, reason="empty, full and one-byte records, not HTTP, no close_notify")

    again = script.connection(TLS12, 0x002F, server)
    again.full_handshake()
    again.talk(text(300))
    again.renegotiate(0x009D)
    again.talk(text(400))
    again.renegotiate(0xC0A0)
    again.talk(text(500))
    again.close()
    script.add(again, reason="renegotiated twice, each time with another suite")

    for version, code, options in ((SSL30, 0x000A, {}), (TLS10, 0x0004, {}), (TLS12, 0x003D, {"extended_master": True,
                                                                                             "encrypt_then_mac": True})):
        first = script.connection(version, code, server, **options)
        first.full_handshake()
        first.talk(text(100))
        first.close()
        script.add(first, reason="session made")
        second = script.connection(version, code, server, **options)
        second.abbreviated_handshake(first.session)
        second.talk(text(150))
        second.close()
        script.add(second, reason="session resumed")


def heartbeat(kind, payload):
    """RFC 6520 section 4: at least 16 bytes of padding."""
    return kind + len(payload).to_bytes(2, "big") + payload + b"\0" * 16


def synth_damaged():
    """Records whose MAC or tag is wrong, and a Finished that is wrong: what did not authenticate must not be shown as if
    it had. exchanged.tsv holds what stands before the damage."""
    with Case("synth_damaged") as case:
        script = Script(case)
        server = script.identity(2048, "server")
        for what, version, code in (("MAC", TLS12, 0x003C), ("tag", TLS12, 0x009C), ("MAC", TLS10, 0x0005),
                                    ("MAC", SSL30, 0x000A), ("MAC", TLS11, 0x0002), ("tag", TLS12, 0xC0A1)):
            broken = script.connection(version, code, server)
            broken.full_handshake()
            broken.send(CLIENT, b"GET /before HTTP/1.1\r\nHost: www.example.com\r\n\r\n")
            broken.record(SERVER, DATA, b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nfalse", damage=True)
            script.add(broken, expected="partial", reason=f"a record with a wrong {what}")
        script.add(with_wrong_finished(script, server), expected="partial", reason="the client's Finished is wrong")
        script.finish("-k", "server.key")


def with_wrong_finished(script, server):
    class Liar(Connection):
        def handshake(self, side, *messages):
            if side == CLIENT and messages[0][0] == 20:
                messages = [messages[0][:-1] + bytes([messages[0][-1] ^ 1])]
            super().handshake(side, *messages)
    script.count += 1
    liar = Liar(TLS12, 0x009C, server, seed=script.count)
    liar.full_handshake()
    liar.record(SERVER, ALERT, b"\2\x33")  # decrypt_error
    return liar


CASES = {function.__name__: function for function in (synth_matrix, synth_idea, synth_shapes, synth_damaged)}
