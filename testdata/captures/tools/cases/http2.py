"""HTTP/2: curl and nghttp at nghttpd and nginx. TLS is that of lab/relay.py, which knows every byte of both directions."""
import os
import shutil

import remake
from content import noise, site, text
from lab import host
from lab.case import Case
from lab.relay import TlsRelay
from lab.servers import Nghttpd, Nginx

from cases.tls13 import finish_with_log, secret_log, work_identity


def fill(documents, root):
    site(documents)
    (root / "page.txt").write_bytes(text(6000))
    (documents / "large.bin").write_bytes(noise(70_000, 4))


class Visit:
    """The clients, one connection a call."""

    def __init__(self, case, relays, environment=None):
        self.case, self.relays, self.programs = case, relays, []
        self.environment = dict(os.environ, **(environment or {}))

    def curl(self, port, *arguments):
        self.programs.append((port, "curl"))
        host.run(["curl", "--silent", "--insecure", "--http2", *arguments], timeout=30, env=self.environment)

    def nghttp(self, port, *arguments):
        self.programs.append((port, "nghttp"))
        return host.run(["nghttp", "--no-verify-peer", *arguments], timeout=30).stdout

    def parallel(self, port, *names):
        """As browsers do: everything at once over one connection. What came has to be what the server has."""
        url, files = f"https://127.0.0.1:{port}", self.case.work / f"got-{port}"
        files.mkdir()
        wanted = [option for name in names for option in (f"{url}/{name}", "--output", str(files / name))]
        self.curl(port, "--parallel", *wanted)
        return {name: (files / name).read_bytes() for name in names}

    def add_exchanges(self):
        """In the order of the connections: the relays tell them by the client's port, the programs ran one after the other."""
        left = {port: list(relay.exchanges.values()) for port, relay in self.relays.items()}
        for port, program in self.programs:
            self.case.add(left[port].pop(0), programs=program)


def must_be(files, got):
    for name, data in got.items():
        if data != (files / name).read_bytes():
            raise RuntimeError(f"the client received other bytes than {name} has")


def http2_direct():
    """The servers' own TLS, opened with what curl logged; nobody tells what went through byte for byte, so that only the live test makes it."""
    with Case("http2_direct") as case:
        identity = work_identity(case)
        environment = {"SSLKEYLOGFILE": str(secret_log(case))}
        with Nginx(case.work, 8082, *identity, echo_port=8083, fill=fill, listen_as="ssl http2", protocols="TLSv1.2 TLSv1.3",
                   suites="ALL") as nginx:
            files = nginx.root / "htdocs"
            for path in files.iterdir():
                (case.folder / path.name).write_bytes(path.read_bytes())
            with Nghttpd(case.work, 8081, *identity, files=files), case.tcpdump(8081, 8082):
                visit = Visit(case, {}, environment)
                for port in (8081, 8082):
                    must_be(files, visit.parallel(port, "index.html", "style.css", "hello.txt", "page.txt", "large.bin", "data.json"))
        case.write(("-l", "keys.log"), [])


def http2():
    """nghttpd: four downloads at once, trailers, an upload that is echoed, a pushed style sheet, padding, CONTINUATION; nginx: gzip, HEAD,
    404, an upload."""
    with Case("http2") as case:
        host.set_loopback_mtu(1500)
        identity, log = work_identity(case), secret_log(case)
        note = case.work / "note.txt"
        note.write_bytes(text(3000))
        with Nginx(case.work, 8082, *identity, echo_port=8083, fill=fill, listen_as="http2") as nginx:
            files = nginx.root / "htdocs"
            with Nghttpd(case.work, 8081, arguments=["--push=/index.html=/style.css", "--trailer=checked: yes", "--echo-upload"],
                         files=files), \
                 TlsRelay(8443, 8081, *identity, log) as first, TlsRelay(9443, 8082, *identity, log) as second:
                visit = Visit(case, {8443: first, 9443: second})
                with case.tcpdump(8443, 9443):
                    must_be(files, visit.parallel(8443, "hello.txt", "page.txt", "large.bin", "logo.png"))
                    visit_nghttpd(visit, note)
                    visit_nginx(visit, note)
            visit.add_exchanges()
        finish_with_log(case, "--max-body", "600")


def visit_nghttpd(visit, note):
    url = "https://127.0.0.1:8443"
    visit.curl(8443, "--data-binary", f"@{note}", "--header", "Content-Type: text/plain", f"{url}/echo", "--output", "/dev/null")
    visit.nghttp(8443, f"{url}/index.html")
    echoed = visit.nghttp(8443, f"--data={note}", "--trailer=sent: all", "--header=content-type: text/plain", "--padding=50", f"{url}/echo")
    if note.read_bytes() not in echoed:
        raise RuntimeError("nghttpd did not send back what it got")
    visit.nghttp(8443, "--continuation", "--null-out", f"{url}/hello.txt")


def visit_nginx(visit, note):
    url = "https://127.0.0.1:9443"
    visit.curl(9443, "--header", "Accept-Encoding: gzip", f"{url}/page.txt", "--output", "/dev/null",
               "--next", "--silent", "--insecure", "--http2", "--head", f"{url}/hello.txt", "--output", "/dev/null",
               "--next", "--silent", "--insecure", "--http2", f"{url}/no-such-page", "--output", "/dev/null",
               "--next", "--silent", "--insecure", "--http2", "--data-binary", f"@{note}", f"{url}/upload", "--output", "/dev/null")


def http2_holes():
    """Re-made from `http2`: segments of the four downloads are missing, and the last connection without its beginning."""
    with Case("http2_holes") as case:
        origin = case.folder.parent / "http2"
        remake.take_over(origin, case.folder)
        shutil.copy(origin / "keys.log", case.folder)
        remake.http2_holes(origin / "capture.pcap", case.folder / "capture.pcap")
        remake.set_outcome(case.folder, "partial", "packets lost", only={1, 6})


CASES = {function.__name__: function for function in (http2, http2_holes)}
