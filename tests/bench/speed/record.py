#!/usr/bin/env python3
"""Records one capture of the speed bench: nginx, clients and tcpdump on a loopback interface of its own that carries packets of 1500 bytes.

  record.py WORK NAME AMOUNT    WORK/NAME-AMOUNT.pcap, and .keys where the private key is not enough (captures.py has the names)
"""
import concurrent.futures
import os
import pathlib
import resource
import shutil
import signal
import socket
import ssl
import sys
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[2] / "testdata" / "captures" / "tools")]
import captures  # noqa: E402
from lab import capture as lab_capture, host, pki  # noqa: E402
from lab.servers import Server  # noqa: E402

PORT = 443
PORTS = 20_000  # connections to one address; the next ones go to the next, for a client's port is not free again at once
MIXED_SUITES = ("AES128-GCM-SHA256", "AES256-SHA", "AES128-SHA256", "ECDHE-RSA-CHACHA20-POLY1305", "TLS 1.3")
NGINX = """daemon off;
worker_processes auto;
user root;
pid {root}/nginx.pid;
error_log {root}/error.log;
events {{ worker_connections 16384; }}
http {{
    default_type text/plain;
    access_log off;
    keepalive_timeout 3600s;
    client_header_timeout 3600s;
    server {{
        listen {port} ssl backlog=4096;
        ssl_certificate {root}/server.crt;
        ssl_certificate_key {root}/server.key;
        ssl_protocols {protocols};
        ssl_ciphers {suites}:@SECLEVEL=0;
        ssl_conf_command Ciphersuites TLS_AES_256_GCM_SHA384;
        ssl_session_cache shared:bench:64m;
        ssl_session_timeout 1d;
        root {root}/served;
    }}
}}
"""


class Nginx(Server):
    def __init__(self, root, kind):
        protocols = "TLSv1.3" if kind.tls13 else "TLSv1.2 TLSv1.3" if kind.traffic == "mixed" else "TLSv1.2"
        (root / "nginx.conf").write_text(NGINX.format(root=root, port=PORT, protocols=protocols,
                                                      suites="ALL" if kind.tls13 else kind.suite))
        super().__init__(PORT, ["nginx", "-p", str(root), "-c", str(root / "nginx.conf")], root / "nginx.log")


class Tcpdump(lab_capture.Tcpdump):
    """With a ring that takes whole downloads, for the machine has few processors and all are busy."""

    def __init__(self, path, work):
        host.Process.__init__(self, ["tcpdump", "-i", "lo", "-s", "0", "-n", "-B", "1048576", "-Z", "root", "-w", str(path), "tcp"],
                              work / "tcpdump.log", stop_signal=signal.SIGINT)

    def stop(self):
        time.sleep(2)  # the kernel hands over a block of the ring when it is full, or a second old
        super().stop()


class Client:
    """Clients of one thread: they share a context for each suite, as a browser does, and the session that is to be resumed."""

    def __init__(self, kind, keys):
        self.kind, self.keys = kind, keys
        self.contexts, self.session = {}, None

    def context(self, suite, tickets=False):
        if (suite, tickets) not in self.contexts:
            made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            made.check_hostname = False
            made.verify_mode = ssl.CERT_NONE
            if suite.startswith(("TLS_", "TLS 1.3")):
                made.minimum_version = ssl.TLSVersion.TLSv1_3
            else:
                made.maximum_version = ssl.TLSVersion.TLSv1_2
                made.set_ciphers(f"{suite}:@SECLEVEL=0")
            if not tickets:
                made.options |= ssl.OP_NO_TICKET
            if self.kind.key_log:
                made.keylog_filename = str(self.keys)
            self.contexts[suite, tickets] = made
        return self.contexts[suite, tickets]

    def open(self, number, context, session=None):
        plain = socket.create_connection((f"127.0.0.{1 + number // PORTS}", PORT))
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # or a request waits 40 ms for the acknowledgement of Finished
        return context.wrap_socket(plain, session=session)

    def get(self, tls, path, close=True):
        """Asks, and reads all of the answer; fails when the body is shorter or longer than announced."""
        connection = "close" if close else "keep-alive"
        tls.sendall(f"GET /{path} HTTP/1.1\r\nHost: localhost\r\nConnection: {connection}\r\n\r\n".encode())
        head, buffer = b"", bytearray(1 << 18)
        while b"\r\n\r\n" not in head:
            part = tls.recv(1 << 16)
            if not part:
                raise RuntimeError("the server closed before it answered")
            head += part
        lines, _, body = head.partition(b"\r\n\r\n")
        if not lines.startswith(b"HTTP/1.1 200 "):
            raise RuntimeError(f"nginx says {lines.splitlines()[0].decode()}")
        length = next(int(line.split(b":")[1]) for line in lines.split(b"\r\n") if line.lower().startswith(b"content-length:"))
        got = len(body)
        while got < length:
            more = tls.recv_into(buffer)
            if not more:
                raise RuntimeError(f"{got} of {length} bytes arrived")
            got += more
        if close and tls.recv(1):  # the server's close_notify; without reading it the kernel would reset the connection
            raise RuntimeError("the server says more than it announced")

    def fetch(self, number, path, suite):
        with self.open(number, self.context(suite)) as tls:
            self.get(tls, path)

    def fetch_resumed(self, number, path, turn):
        """By session id and by ticket in turn; every so often a handshake in full."""
        full = turn % captures.FULL_HANDSHAKE_EVERY == 0
        suite = "AES128-GCM-SHA256"
        context = self.context(suite, tickets=turn // captures.FULL_HANDSHAKE_EVERY % 2 == 1)
        with self.open(number, context, None if full else self.session) as tls:
            self.get(tls, path)
            if full:
                self.session = tls.session
            elif not tls.session_reused:
                raise RuntimeError("nginx did not resume a session")


def download(kind, keys, served, amount):
    size = (amount << 20) // kind.at_once
    with open(served / "file", "wb") as file:
        for at in range(0, size, 1 << 20):
            file.write(os.urandom(min(1 << 20, size - at)))
    in_threads(kind, keys, kind.at_once, lambda client, number: client.fetch(number, "file", kind.suite))


def short(kind, keys, _served, amount):
    in_threads(kind, keys, amount, lambda client, number: client.fetch(number, "short", kind.suite))


def resumed(kind, keys, _served, amount):
    in_threads(kind, keys, amount, lambda client, number: client.fetch_resumed(number, "short", number // kind.at_once))


def mixed(kind, keys, _served, amount):
    """All suites in turn, three of eight connections resumed; most answers short, some of 100 kB and 1 MB."""
    def one(client, number):
        path = "large" if number % 50 == 7 else "middle" if number % 10 == 3 else "short"
        turn = number // kind.at_once
        if turn % 8 < len(MIXED_SUITES):
            client.fetch(number, path, MIXED_SUITES[turn % 8])
        else:
            client.fetch_resumed(number, path, turn // 8 * 3 + turn % 8 - len(MIXED_SUITES))
    in_threads(kind, keys, amount, one)


def idle(kind, keys, _served, amount):
    """All stay open behind an answer, until tcpdump has ended; what is returned keeps them."""
    client = Client(kind, keys)
    connections = []
    for number in range(amount):
        connections.append(client.open(number, client.context(kind.suite)))
        client.get(connections[-1], "short", close=False)
    return connections


TRAFFIC = {one.__name__: one for one in (download, short, resumed, mixed, idle)}


def in_threads(kind, keys, amount, one):
    """Thread t makes the connections t, t + at_once, ...: so their number tells how many the thread made before. When one fails, or this
    script is to end, all stop."""
    stop = threading.Event()

    def thread(first):
        client = Client(kind, keys)
        for number in range(first, amount, kind.at_once):
            if stop.is_set():
                return
            one(client, number)
    with concurrent.futures.ThreadPoolExecutor(kind.at_once) as pool:
        try:
            for done in concurrent.futures.as_completed([pool.submit(thread, first) for first in range(kind.at_once)]):
                done.result()
        finally:
            stop.set()


def main(work, name, amount):
    if not host.enter_namespace(1500):
        sys.exit("record.py: a network namespace of its own needs root")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("record.py: was told to end"))  # not without its servers
    pathlib.Path("/proc/sys/net/ipv4/ip_local_port_range").write_text("10000 65000")
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    wanted = captures.capture(work, name, amount)
    root = work / "recording"
    shutil.rmtree(root, ignore_errors=True)
    served = root / "served"
    served.mkdir(parents=True)
    try:
        identity(work, root)
        (served / "short").write_bytes(b"A short answer, as most answers are.\n" * 20)
        (served / "middle").write_bytes(os.urandom(100_000))
        (served / "large").write_bytes(os.urandom(1_000_000))
        with Nginx(root, wanted.kind):
            with Tcpdump(root / "capture.pcap", root):
                kept = TRAFFIC[wanted.kind.traffic](wanted.kind, root / "keys", served, amount)
            for connection in kept or []:
                connection.close()
        if wanted.kind.key_log:
            (root / "keys").rename(wanted.path.with_suffix(".keys"))
        (root / "capture.pcap").rename(wanted.path)
    finally:
        shutil.rmtree(root)


def identity(work, root):
    key, certificate = work / "server.key", work / "server.crt"
    if not certificate.exists():
        pki.self_signed(pki.make_key(key), certificate)
    for path in (key, certificate):
        shutil.copy(path, root / path.name)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]).resolve(), sys.argv[2], int(sys.argv[3]))
