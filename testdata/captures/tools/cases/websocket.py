"""WebSocket: python3-websockets on both sides, with every way to compress and without. TLS is that of lab/relay.py, which knows every
byte of both directions."""
import pathlib
import sys

from lab import host
from lab.case import Case
from lab.relay import TlsRelay
from lab.servers import Server

from cases.tls13 import finish_with_log, secret_log, work_identity

PROGRAM = [sys.executable, "-B", str(pathlib.Path(__file__).resolve().parents[1] / "web_sockets.py")]
# What is offered, and who closes.
VISITS = (("takeover", "client"), ("none", "server"), ("alone", "server"), ("small", "client"))


def websocket():
    with Case("websocket") as case:
        host.set_loopback_mtu(1500)
        identity, log = work_identity(case), secret_log(case)
        exchanges = []
        with case.tcpdump(8443):
            for number, (offer, leaves) in enumerate(VISITS):
                port = 8091 + number
                with Server(port, [*PROGRAM, "serve", str(port), offer], case.work / f"serve-{port}.log"), \
                     TlsRelay(8443, port, *identity, log, alpn="http/1.1") as relay:
                    host.run([*PROGRAM, "visit", "wss://127.0.0.1:8443/chat", offer, leaves], timeout=60)
                    exchanges += relay.exchanges.values()
        for exchange in exchanges:
            case.add(exchange, programs="python3-websockets")
        finish_with_log(case, "--max-body", "2500")


CASES = {function.__name__: function for function in (websocket,)}
