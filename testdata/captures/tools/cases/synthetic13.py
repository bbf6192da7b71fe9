"""Connections of TLS 1.3: those that RFC 8448 printed, and those written by synth_tls13.py, which no program ever spoke."""
import random

from content import text
from lab import agreement, pki
from lab.case import ROOT, Case
from lab.exchange import Exchange

from synth_tls import CLIENT, SERVER, Identity
from synth_tls13 import DATA, Connection13, Psk

from .synthetic import Script

TRACES = ["simple", "resumed_0rtt", "hello_retry_request", "client_authentication", "compatibility"]


class Script13(Script):
    """The same for TLS 1.3: a certificate whose key nobody needs, key files of ephemeral keys, and the key log."""

    def __init__(self, case):
        super().__init__(case)
        key = pki.make_key(case.work / "certificate.key")
        self.server, self.log = Identity(key, pki.self_signed(key, case.work / "server.crt")), []

    def half(self, name, group):
        return agreement.make(self.case.folder / f"{name}.key", group)

    def unknown_half(self, group="x25519"):
        return agreement.Half(group, random.Random(self.count).randbytes(32))

    def start(self, code, half, **options):
        self.count += 1
        return Connection13(code, self.server, half, self.count, **options)

    def add(self, connection, port=443, **outcome):
        super().add(connection, port, **outcome)
        self.log += connection.log

    def finish_with_log(self, *arguments):
        lines = ["# made with the capture by synth_tls13.py", *self.log]
        (self.case.folder / "keys.log").write_text("".join(f"{line}\n" for line in lines))
        self.finish("-l", "keys.log", *arguments)


# ---- RFC 8448

class Trace:
    """The records of one trace of RFC 8448, as a connection."""

    def __init__(self, name):
        self.flights, self.plain, self.options, self.steps = [], {CLIENT: b"", SERVER: b""}, {}, read_steps(name)
        for step in self.steps:
            if step["step"] != "record":
                continue
            side = CLIENT if step["by"] == "client" else SERVER
            self.flights.append((side, bytes.fromhex(step["record"])))
            if step["content_type"] == "application_data":
                self.plain[side] += bytes.fromhex(step["payload"])

    def describe(self):
        return "TLS 1.3", "TLS_AES_128_GCM_SHA256"

    def server_key(self):
        """PKCS#8 of the server's ephemeral key, DER."""
        pair = next(step for step in self.steps if step["step"] == "key_pair" and step["by"] == "server")
        private, public = bytes.fromhex(pair["private_key"]), bytes.fromhex(pair["public_key"])
        if pair["group"] == "x25519":  # RFC 8410 section 7
            return bytes.fromhex("302e020100300506032b656e04220420") + private
        start = "308187020100301306072a8648ce3d020106082a8648ce3d030107046d306b0201010420"  # RFC 5208, RFC 5915
        return bytes.fromhex(start) + private + bytes.fromhex("a144034200") + public

    def key_log(self):
        labels = {"c e traffic": "CLIENT_EARLY_TRAFFIC_SECRET", "c hs traffic": "CLIENT_HANDSHAKE_TRAFFIC_SECRET",
                  "s hs traffic": "SERVER_HANDSHAKE_TRAFFIC_SECRET", "c ap traffic": "CLIENT_TRAFFIC_SECRET_0",
                  "s ap traffic": "SERVER_TRAFFIC_SECRET_0", "exp master": "EXPORTER_SECRET"}
        hello = next(step["message"] for step in self.steps if step["step"] == "message")
        return [f"{labels[step['label']]} {hello[12:76]} {step['expanded']}" for step in self.steps
                if step["step"] == "derive" and step["label"] in labels]


def read_steps(name):
    path = ROOT.parent / "vectors" / "rfc8448" / f"{name}.txt"
    paragraphs = path.read_text().split("\n\n")[1:]
    return [dict(line.split(" = ", 1) for line in paragraph.strip().splitlines()) for paragraph in paragraphs]


def add_traces(script, traces):
    for trace in traces:
        script.capture.add(trace)
        script.case.add(Exchange(trace.plain[CLIENT], trace.plain[SERVER], *trace.describe(), "RFC 8448"))


def rfc8448():
    """The records of RFC 8448, opened with the servers' ephemeral keys; the resumed connection with the ticket of the first."""
    with Case("rfc8448") as case:
        script, traces = Script(case), [Trace(name) for name in TRACES]
        add_traces(script, traces)
        for name, trace in zip(TRACES, traces):
            (case.folder / f"{name}.key").write_bytes(trace.server_key())
        script.finish(*(word for name in TRACES if name != "resumed_0rtt" for word in ("-k", f"{name}.key")),
                      "-k", "resumed_0rtt.key")


def rfc8448_keylog():
    """The same, opened with the secrets that RFC 8448 prints."""
    with Case("rfc8448_keylog") as case:
        script, traces = Script(case), [Trace(name) for name in TRACES]
        add_traces(script, traces)
        (case.folder / "keys.log").write_text("".join(f"{line}\n" for trace in traces for line in trace.key_log()))
        script.finish("-l", "keys.log")


# ---- written by synth_tls13.py

def synth_tls13_drafts():
    """Drafts 18 to 28, each with and without HelloRetryRequest, opened by key log; both sides update their keys."""
    with Case("synth_tls13_drafts") as case:
        script = Script13(case)
        for draft in range(18, 29):
            for retry in (False, True):
                code = (0x1301, 0x1302, 0x1303)[(draft + retry) % 3]
                connection = script.start(code, script.unknown_half(), draft=draft, retry=retry)
                connection.full_handshake()
                connection.talk(text(300), f"draft-{draft}")
                connection.key_update(CLIENT, 1)
                connection.key_update(SERVER, 0)
                connection.talk(text(200), "after-the-update")
                connection.close()
                script.add(connection, reason=f"draft {draft}" + (", HelloRetryRequest" if retry else ""))
        script.finish_with_log()


def synth_tls13_ephemeral():
    """The server's ephemeral key is given, in the last of these the client's: nothing else opens them."""
    with Case("synth_tls13_ephemeral") as case:
        script = Script13(case)
        halves = {group: script.half(group, group) for group in ("x25519", "secp256r1", "x448", "ffdhe2048")}
        for code, group in ((0x1301, "x25519"), (0x1302, "secp256r1"), (0x1303, "x448"), (0x1304, "ffdhe2048"),
                            (0x1305, "x25519")):
            connection = script.start(code, halves[group])
            connection.full_handshake()
            connection.talk(text(700), group)
            connection.close()
            script.add(connection, reason=f"the server's {group} key")
        retried = script.start(0x1301, halves["secp256r1"], retry=True, compatibility=True)
        retried.full_handshake()
        retried.talk(text(300))
        retried.close()
        script.add(retried, reason="HelloRetryRequest, compatibility mode")
        add_resumed(script, halves["x25519"])
        client = script.half("client", "x25519")
        other = script.start(0x1302, script.unknown_half(), client_half=client)
        other.full_handshake()
        other.talk(text(300), "known-client-key")
        other.close()
        script.add(other, reason="the client's x25519 key")
        script.finish(*(word for name in (*halves, "client") for word in ("-k", f"{name}.key")))


def add_resumed(script, half):
    """Resumption from a ticket of the same capture: 0-RTT taken, refused, refused by HelloRetryRequest; and without (EC)DHE."""
    first = script.start(0x1301, half)
    first.full_handshake()
    tickets = [first.ticket() for _ in range(5)]
    first.talk(text(300), "tickets")
    first.close()
    script.add(first, reason="session made")
    ways = [("resumed", half, {}), ("resumed, 0-RTT", half, {"early": request("early")}),
            ("resumed, 0-RTT refused", half, {"early": request("refused"), "refuse_early": True}),
            ("resumed, 0-RTT refused by HelloRetryRequest", half, {"early": request("refused"), "retry": True}),
            ("resumed without (EC)DHE, 0-RTT", None, {"early": request("early")})]
    for (what, server, options), ticket in zip(ways, tickets):
        second = script.start(0x1301, server, psk=ticket, **options)
        second.full_handshake()
        if "early" in options and "refused" not in what:
            second.answer(text(200))
        second.talk(text(300), "resumed")
        second.close()
        script.add(second, reason=what)


def request(path):
    return f"GET /{path} HTTP/1.1\r\nHost: www.example.com\r\n\r\n".encode()


def synth_tls13_psk():
    """A pre-shared key from outside and no (EC)DHE, with early data; and the same with ECDHE, where the PSK opens the early
    data only."""
    with Case("synth_tls13_psk") as case:
        script = Script13(case)
        keys = [Psk(b"device 1", bytes(range(32)), True), Psk(b"\xffbinary identity", bytes(range(48)), True)]
        for psk, code, options in ((keys[0], 0x1301, {}), (keys[0], 0x1303, {"early": request("early")}),
                                   (keys[1], 0x1302, {"compatibility": True})):
            connection = script.start(code, None, psk=psk, **options)
            connection.full_handshake()
            if options.get("early"):
                connection.answer(text(100))
            connection.talk(text(400))
            connection.close()
            script.add(connection, reason="psk_ke" + (", 0-RTT" if options.get("early") else ""))
        script.finish(*(word for psk in keys for word in ("--psk", name_of(psk))))


def name_of(psk):
    identity = psk.identity.decode() if psk.identity.isascii() else "#" + psk.identity.hex()
    return f"{identity}:{psk.key.hex()}"


def synth_tls13_shapes():
    """What programs of today say and write, and what those at hand do not: hybrid groups, the outer encrypted_client_hello,
    compressed certificates, padding."""
    hybrids = [(0x11EC, 1216, 1120, 64), (0x11EB, 1249, 1153, 64), (0x11ED, 1665, 1665, 80), (0x6399, 1216, 1120, 64),
               (0x0200, 800, 768, 32), (0x0201, 1184, 1088, 32), (0x0202, 1568, 1568, 32)]
    with Case("synth_tls13_shapes") as case:
        script = Script13(case)
        shapes = [(f"group 0x{hybrid[0]:04x}", {"hybrid": hybrid}) for hybrid in hybrids]
        shapes += [("encrypted_client_hello, outer", {"encrypted_hello": True})]
        shapes += [(f"certificate compressed with {name}", {"algorithm": number})
                   for number, name in ((1, "zlib"), (2, "brotli"), (3, "zstd"))]
        shapes += [("every record padded", {"padding": 200}), ("compatibility mode", {"compatibility": True})]
        for what, options in shapes:
            connection = script.start(0x1301, None if "hybrid" in options else script.unknown_half(), **options)
            connection.full_handshake()
            connection.talk(text(150))
            connection.close()
            script.add(connection, reason=what)
        empty = script.start(0x1303, script.unknown_half())
        empty.full_handshake()
        empty.record(CLIENT, DATA, b"")
        empty.send(CLIENT, text(16384))
        empty.record(SERVER, DATA, b"")
        empty.send(SERVER, text(40), size=1)
        for side in (SERVER, CLIENT, SERVER):
            empty.key_update(side, 0)
        empty.send(SERVER, text(3000), size=700)
        empty.send(CLIENT, text(300))
        script.add(empty, reason="empty records and such of one byte, several key updates, no close_notify")
        script.finish_with_log()


CASES = {function.__name__: function for function in (rfc8448, rfc8448_keylog, synth_tls13_drafts, synth_tls13_ephemeral,
                                                     synth_tls13_psk, synth_tls13_shapes)}
