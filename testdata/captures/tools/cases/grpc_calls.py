"""gRPC: python3-grpcio on both sides. TLS is that of lab/relay.py, which knows every byte of both directions; calls.jsonl is what the client
says it called, sent and received."""
import pathlib
import sys

from lab import host
from lab.case import Case
from lab.relay import TlsRelay
from lab.servers import Server

from cases.tls13 import finish_with_log, secret_log, work_identity

PROGRAM = [sys.executable, "-B", str(pathlib.Path(__file__).resolve().parents[1] / "grpc_peers.py")]
PLANS = ("plain", "gzip")


def grpc():
    with Case("grpc") as case:
        host.set_loopback_mtu(1500)
        identity, log = work_identity(case), secret_log(case)
        calls = []
        with Server(8091, [*PROGRAM, "serve", "8091"], case.work / "serve.log"), TlsRelay(8443, 8091, *identity, log) as relay, \
             case.tcpdump(8443):
            for number, plan in enumerate(PLANS, 1):
                said = host.run([*PROGRAM, "visit", "8443", str(identity[1]), plan], timeout=60).stdout.decode()
                calls += [f'{{"connection": {number}, {line[1:]}\n' for line in said.splitlines()]
        (case.folder / "calls.jsonl").write_text("".join(calls))
        for exchange in relay.exchanges.values():
            case.add(exchange, programs="python3-grpcio")
        finish_with_log(case, "--max-body", "600")


CASES = {function.__name__: function for function in (grpc,)}
