"""What the extensions change about records, with ephemeral exchanges and a key log: limits of size, encrypt-then-MAC, heartbeats; and
connections that end in the middle of a record."""
import socket
import subprocess
import threading
import time

from content import text
from lab import clients, host
from lab.case import Case
from lab.exchange import Exchange, suite_name
from lab.servers import GnutlsServer, OpensslServer

from cases.matrix import OPENSSL_VERSIONS, echo, request, served_files
from cases.secrets12 import GNUTLS_CLIENT, GNUTLS_SERVER, fetch_gnutls, identities, key_log


def keylog_options():
    """max_fragment_length of all four sizes, record_size_limit of both sides, and both with encrypt-then-MAC and without."""
    with Case("keylog_options") as case:
        host.set_loopback_mtu(1500)
        (key, cert), files = identities(case)["rsa"], served_files(case)
        page = case.work / "page.bin"
        page.write_bytes(text(9000))
        http = ["--http", "--httpdata", str(page), "--noticket"]
        priority = GNUTLS_SERVER.format("ECDHE-RSA")
        with OpensslServer(case.work, 4433, key, cert, ["-HTTP"], files=files), OpensslServer(case.work, 4434, key, cert, ["-rev"]), \
             GnutlsServer(case.work, 5556, key, cert, priority, http), \
             GnutlsServer(case.work, 5557, key, cert, priority, [*http, "--recordsize", "600"]), case.tcpdump(4433, 4434, 5556, 5557):
            for size, version, suite in ((512, "TLS 1.2", "ECDHE-RSA-AES128-SHA256"), (1024, "TLS 1.0", "ECDHE-RSA-AES256-SHA"),
                                         (2048, "TLS 1.2", "ECDHE-RSA-CHACHA20-POLY1305"), (4096, "TLS 1.1", "ECDHE-RSA-AES128-SHA")):
                limits(case, version, suite, "-maxfraglen", str(size))
                limits(case, version, suite, "-maxfraglen", str(size), "-no_etm")
            with key_log(case.folder / "keys.log"):
                for port, version, cipher, suite, options in (
                        (5556, "TLS1.2", "AES-128-GCM:+AEAD", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", ("--recordsize", "512")),
                        (5556, "TLS1.2", "AES-128-CBC:+SHA256", "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256", ("--recordsize", "777")),
                        (5556, "TLS1.0", "AES-128-CBC:+SHA1:%NO_ETM", "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA", ("--recordsize", "1000")),
                        (5557, "TLS1.2", "CHACHA20-POLY1305:+AEAD", "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256", ()),
                        (5557, "TLS1.1", "AES-256-CBC:+SHA1", "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA", ("--recordsize", "512"))):
                    fetch_gnutls(case, port, version, suite, f"ECDHE-RSA:+{cipher}", page, *options)
        case.finish("-l", "keys.log")


def limits(case, version, suite, *options):
    """What s_server sends and what s_client sends, in small records."""
    arguments = (OPENSSL_VERSIONS[version], "-cipher", f"{suite}:@SECLEVEL=0", *options, "-keylogfile", str(case.folder / "keys.log"))
    agreed = {"version": version, "suite": suite_name(suite), "reason": " ".join(options)}
    case.add(clients.s_client(case.work, 4433, request("/large.txt"), *arguments), **agreed)
    case.add(echo(case, 4434, text(3000), *arguments), **agreed)


def heartbeat():
    """gnutls-serv sends a heartbeat request when it is told to, gnutls-cli answers, between application data; then a renegotiation."""
    with Case("heartbeat") as case:
        host.set_loopback_mtu(1500)
        key, cert = case.identity()
        with GnutlsServer(case.work, 5556, key, cert, GNUTLS_SERVER.format("ECDHE-RSA:+RSA"), ["--echo", "--heartbeat"]), \
             case.tcpdump(5556), key_log(case.folder / "keys.log"):
            for version, words, suite in (
                    ("TLS1.0", "RSA:+AES-128-CBC:+SHA1", "TLS_RSA_WITH_AES_128_CBC_SHA"),
                    ("TLS1.2", "RSA:+AES-256-GCM:+AEAD", "TLS_RSA_WITH_AES_256_GCM_SHA384"),
                    ("TLS1.1", "ECDHE-RSA:+AES-256-CBC:+SHA1:%NO_ETM", "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA"),
                    ("TLS1.2", "ECDHE-RSA:+AES-128-CBC:+SHA256", "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256"),
                    ("TLS1.2", "ECDHE-RSA:+CHACHA20-POLY1305:+AEAD", "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256")):
                result = talk_with_heartbeats(case, GNUTLS_CLIENT.format(version, words))
                case.add(result, version=version.replace("TLS", "TLS "), suite=suite, reason="heartbeats; then renegotiated")
        case.finish("-k", "server.key", "-l", "keys.log")


def talk_with_heartbeats(case, priority):
    steps = ((b"one line\n", b"one line\n"), (b"**HEARTBEAT**\n", b"Successfully executed command\n"), (b"another line\n", b"another line\n"),
             (b"^renegotiate^\n", b""), (b"a third line\n", b"a third line\n"),
             (b"**HEARTBEAT**\n", b"Successfully executed command\n"), (b"the last line\n", b"the last line\n"))
    with subprocess.Popen(["gnutls-cli", "--insecure", "--logfile", str(case.work / "cli.log"), "--port", "5556", "--heartbeat",
                           "--inline-commands", "--priority", priority, "127.0.0.1"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL) as process:
        watch = threading.Timer(20, process.kill)
        watch.start()
        for said, answer in steps:
            process.stdin.write(said)
            process.stdin.flush()
            got = process.stdout.read(len(answer))
            if got != answer:
                raise RuntimeError(f"gnutls-serv answered {said} with {got}")
            time.sleep(0.3)  # for the heartbeat, or the handshake, which nobody tells of
        process.stdin.close()
        rest = process.stdout.read()
        watch.cancel()
    sent = b"".join(said for said, _ in steps if not said.startswith(b"^"))
    return Exchange(sent, b"".join(answer for _, answer in steps) + rest, programs="gnutls-cli")


class CutShort(threading.Thread):
    """Hands bytes on between a client and the server, and closes both ends after so many bytes of the server."""

    def __init__(self, port, target, limit):
        super().__init__(daemon=True)
        self.listener, self.target, self.left = socket.create_server(("127.0.0.1", port)), target, limit

    def run(self):
        client, _ = self.listener.accept()
        with self.listener, client, socket.create_connection(("127.0.0.1", self.target)) as server:
            upward = threading.Thread(target=self.hand_on, args=(client, server), daemon=True)
            upward.start()
            while self.left and (piece := server.recv(min(self.left, 4096))):
                client.sendall(piece)
                self.left -= len(piece)
            client.shutdown(socket.SHUT_WR)

    @staticmethod
    def hand_on(source, sink):
        try:
            while piece := source.recv(4096):
                sink.sendall(piece)
        except OSError:
            pass  # the other side was closed, which is what this is about


def cut_in_record():
    """The server's side of TCP ends in the middle of a record, without close_notify: the records before it are what s_client put out."""
    with Case("cut_in_record") as case:
        host.set_loopback_mtu(1500)
        key, cert = identities(case)["rsa"]
        with OpensslServer(case.work, 4433, key, cert, ["-HTTP", "-max_send_frag", "2000"], files=served_files(case)), \
             case.tcpdump(5000, 5001, 5002, 5003):
            for port, version, suite, limit in ((5000, "TLS 1.2", "ECDHE-RSA-AES128-GCM-SHA256", 9000),
                                                (5001, "TLS 1.0", "ECDHE-RSA-AES256-SHA", 9000),
                                                (5002, "TLS 1.2", "ECDHE-RSA-CHACHA20-POLY1305", 7003),
                                                (5003, "TLS 1.2", "ECDHE-RSA-AES128-SHA256", 15000)):
                relay = CutShort(port, 4433, limit)
                relay.start()
                result = clients.s_client(case.work, port, request("/large.txt"), OPENSSL_VERSIONS[version], "-cipher",
                                          f"{suite}:@SECLEVEL=0", "-keylogfile", str(case.folder / "keys.log"), check=False)
                relay.join(10)
                case.add(result, version=version, suite=suite_name(suite), reason=f"cut after {limit} bytes of the server")
        case.finish("-l", "keys.log")


CASES = {function.__name__: function for function in (keylog_options, heartbeat, cut_in_record)}
