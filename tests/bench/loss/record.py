#!/usr/bin/env python3
"""Records the captures of the loss bench, from real servers and clients on a loopback interface of its own.

  record.py WORK FRAMING NAME...    WORK/NAME-FRAMING/: capture.pcap, the secrets, and what was exchanged (N.client, N.server)

FRAMING: `wire` (packets of 1500 bytes) or `loopback` (of up to 64 kB, as captures of a loopback interface have them).
"""
import base64
import json
import pathlib
import shutil
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[2] / "testdata" / "captures" / "tools")]
from content import noise  # noqa: E402
from families import FAMILIES  # noqa: E402
from lab import capture, clients, host, pcapfile, pki  # noqa: E402
from lab.servers import GnutlsServer, OpensslServer, Server  # noqa: E402

PORT = 4433
CONNECTIONS = 4
SIZES = {"wire": 500_000, "loopback": 2_000_000}  # bytes of each download
MTU = {"wire": 1500, "loopback": 65536}
OPENSSL_FLAGS = {"TLS 1.0": "-tls1", "TLS 1.1": "-tls1_1", "TLS 1.2": "-tls1_2", "TLS 1.3": "-tls1_3"}
NSS_VERSIONS = {"SSL 3.0": "ssl3:ssl3"}


def main(work, framing, names):
    if not host.enter_namespace():
        sys.exit("record.py: a network namespace of its own needs root")
    host.set_loopback_mtu(MTU[framing])
    for family in (one for one in FAMILIES if one.name in names):
        folder = work / f"{family.name}-{framing}"
        unfinished = work / f"{folder.name}.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(parents=True)
        record(family, unfinished, SIZES[framing], MTU[framing])
        shutil.rmtree(folder, ignore_errors=True)
        unfinished.rename(folder)
        print(f"recorded {folder}", file=sys.stderr)


def record(family, folder, size, mtu):
    key = pki.make_key(folder / "server.key", 2048)
    certificate = pki.self_signed(key, folder / "server.crt")
    start = {"openssl": openssl, "gnutls": gnutls, "nss": nss}[family.maker]
    exchanges = []
    programs = start(family, folder, key, certificate)
    # The kernel's ring has a slot of the snap length for each packet: no larger than the packets, or it overflows.
    with capture.Tcpdump(folder / "capture.pcap", folder, f"tcp port {PORT}", options=["-s", str(mtu + 100), "-B", "262144"]):
        for number in range(CONNECTIONS):
            # Lines, as gnutls-serv echoes lines; no 16 bytes of it come twice.
            body = base64.encodebytes(noise(size * 3 // 4, number + 1))
            exchange = programs(body)
            if not exchange.server.endswith(body):
                raise RuntimeError(f"{family.name}: {len(exchange.server)} bytes came, and not what was served")
            exchanges.append(exchange)
    pairs = pcapfile.connections(folder / "capture.pcap", {PORT})
    if len(pairs) != len(exchanges):
        raise RuntimeError(f"{family.name}: {len(pairs)} connections captured")
    for number, exchange in enumerate(exchanges):
        (folder / f"{number}.client").write_bytes(exchange.client)
        (folder / f"{number}.server").write_bytes(exchange.server)
    for path in [*folder.glob("served"), *folder.glob("request"), *folder.glob("*.log")]:
        if path.name != "keys.log":
            path.unlink()
    (folder / "connections.json").write_text(json.dumps([[pcapfile.address(end) for end in pair] for pair in pairs]))


def get(path):
    return f"GET {path} HTTP/1.0\r\nHost: www.example.com\r\n\r\n".encode()


def openssl(family, folder, key, certificate):
    def fetch(body):
        head = f"HTTP/1.0 200 OK\r\nContent-Type: application/octet-stream\r\nContent-Length: {len(body)}\r\n\r\n".encode()
        (folder / "served").write_bytes(head + body)
        suites = ("-ciphersuites", family.suite) if family.kind == "tls13" else ("-cipher", f"{family.suite}:@SECLEVEL=0")
        options = [] if family.encrypt_then_mac or family.kind != "cbc" else ["-no_etm"]
        # Without tickets every encrypted record of the server after its Finished is application data.
        with OpensslServer(folder, PORT, key, certificate, ["-HTTP", "-no_ticket", "-num_tickets", "0"], files=folder):
            return clients.s_client(folder, PORT, get("/served"), OPENSSL_FLAGS[family.version], *suites, *options, "-keylogfile",
                                    str(folder / "keys.log"))
    return fetch


def gnutls(family, folder, key, certificate):
    priority = "NORMAL:-VERS-ALL:+VERS-TLS1.2:-KX-ALL:+RSA:+ARCFOUR-128:+3DES-CBC"

    def fetch(body):
        with GnutlsServer(folder, PORT, key, certificate, priority, ["--echo", "--noticket"]):
            return clients.gnutls_cli(folder, PORT, body, f"NONE:+VERS-TLS1.2:+COMP-NULL:+RSA:+SIGN-ALL:+CTYPE-ALL:+{family.suite}")
    return fetch


def nss(family, folder, key, certificate):
    database, bundle = folder / "nss", folder / "nss.p12"
    database.mkdir()
    host.run(["openssl", "pkcs12", "-export", "-in", str(certificate), "-inkey", str(key), "-name", "server", "-passout", "pass:x",
              "-out", str(bundle)])
    host.run(["certutil", "-N", "-d", f"sql:{database}", "--empty-password"])
    host.run(["pk12util", "-i", str(bundle), "-d", f"sql:{database}", "-W", "x"])
    versions = NSS_VERSIONS[family.version]

    def fetch(body):
        (folder / "served").write_bytes(body)
        (folder / "request").write_bytes(get(folder / "served"))
        with Server(PORT, ["selfserv", "-n", "server", "-p", str(PORT), "-d", f"sql:{database}", "-V", versions, "-c", f":{family.suite}"],
                    folder / "selfserv.log"):
            done = host.run(["tstclnt", "-h", "127.0.0.1", "-p", str(PORT), "-D", "-o", "-O", "-V", versions, "-c", f":{family.suite}",
                             "-A", str(folder / "request")], check=False, timeout=60)
        return clients.Exchange(get(folder / "served"), done.stdout, programs="tstclnt")
    return fetch


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]).resolve(), sys.argv[2], sys.argv[3:])
