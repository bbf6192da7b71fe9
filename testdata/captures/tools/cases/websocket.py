"""WebSocket: python3-websockets on both sides, with every way to compress and without; and Chromium, in a stream of HTTP/2. TLS is that of
lab/relay.py, which knows every byte of both directions."""
import os
import pathlib
import subprocess
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


HAPROXY = """defaults
  mode http
  timeout connect 5s
  timeout client 30s
  timeout server 30s
frontend h2
  bind 127.0.0.1:8090 proto h2
  default_backend web_sockets
backend web_sockets
  server first 127.0.0.1:8091
"""
# What the page has when all of it was answered.
HEARD = (b"HELLO; ", b"THE SAME OVER AND OVER; ", b"THE SAME OVER AND OVER AGAIN; ", b"The first piece, the second one, and the last",
         b"255,2,1,0; ")


def websocket_http2():
    """RFC 8441: Chromium opens the WebSocket in the connection that its page came in; HAProxy passes it on as HTTP/1.1."""
    with Case("websocket_http2") as case:
        host.set_loopback_mtu(1500)
        identity, log = work_identity(case), secret_log(case)
        config, home = case.work / "haproxy.cfg", case.work / "home"
        config.write_text(HAPROXY)
        home.mkdir()
        with Server(8091, [*PROGRAM, "serve", "8091", "takeover"], case.work / "serve.log"), \
             Server(8090, ["haproxy", "-db", "-f", str(config)], case.work / "haproxy.log"), \
             TlsRelay(8443, 8090, *identity, log) as relay, case.tcpdump(8443):
            done = subprocess.run(
                ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--ignore-certificate-errors", f"--user-data-dir={home}",
                 "--disable-background-networking", "--no-first-run", "--dump-dom", "https://127.0.0.1:8443/"],
                stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60, check=True, env=dict(os.environ, HOME=str(home)))
            if not all(text in done.stdout for text in HEARD):
                raise RuntimeError(f"chromium has heard: {done.stdout.decode(errors='replace')}")
        for exchange in relay.exchanges.values():
            case.add(exchange, programs="Chromium, HAProxy, python3-websockets")
        finish_with_log(case)


CASES = {function.__name__: function for function in (websocket, websocket_http2)}
