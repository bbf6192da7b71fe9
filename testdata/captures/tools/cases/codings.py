"""Content codings: nginx compresses, and serves what was compressed before it; curl asks by HTTP/1.1 and by HTTP/2. TLS is that of
lab/relay.py, which knows every byte of both directions."""
import subprocess
import zlib

from content import site, text
from lab import host
from lab.case import Case
from lab.relay import TlsRelay
from lab.servers import Nginx

from cases.http2 import Visit
from cases.tls13 import finish_with_log, secret_log, work_identity

# Path: what is in Content-Encoding, and the type.
CODED = {"br": ("br", "text/html"), "zstd": ("zstd", "text/plain"), "compress": ("compress", "text/plain"),
         "wrapped": ("deflate", "text/plain"), "raw": ("deflate", "text/plain"), "members": ("x-gzip", "text/plain"),
         "both": ("gzip, br", "application/json"), "picture": ("gzip", ""), "long": ("gzip", "text/plain"),
         "damaged": ("gzip", "text/plain"), "cut": ("br", "text/plain"), "bomb": ("br", "text/plain"), "other": ("exi", "text/xml"),
         "none": ("gzip", "text/plain")}


def through(data, *command):
    return subprocess.run(command, input=data, stdout=subprocess.PIPE, check=True).stdout


def coded_files(documents):
    page, picture = text(900), (documents / "logo.png").read_bytes()
    gzip, brotli = (lambda data: through(data, "gzip", "-nc")), (lambda data: through(data, "brotli", "-c"))
    raw = zlib.compressobj(9, zlib.DEFLATED, -15)
    whole = gzip(text(2000))
    return {"br": brotli(b"<!DOCTYPE html>\n<p>" + page + b"</p>\n"), "zstd": through(page, "zstd", "-qc"),
            "compress": through(page, "compress", "-cf"), "wrapped": zlib.compress(page), "raw": raw.compress(page) + raw.flush(),
            "members": gzip(page[:300]) + gzip(page[300:]), "both": brotli(gzip(b'{"codings": ["gzip", "br"]}\n')),
            "picture": gzip(picture), "long": gzip(text(9000)), "damaged": whole[:-120] + bytes(20) + whole[-100:],
            "cut": brotli(text(2000))[:100], "bomb": through(bytes(64 << 20), "brotli", "-9", "-c"), "other": b"\x80\x40\x01",
            "none": page[:200]}


def fill(documents, root):
    site(documents)
    (root / "page.txt").write_bytes(text(6000))
    (documents / "page.txt").write_bytes(text(900))
    folder = root / "coded"
    folder.mkdir()
    for name, data in coded_files(documents).items():
        (folder / name).write_bytes(data)


def locations(root):
    return "\n".join(f"location = /{name} {{ alias {root}/coded/{name}; gzip off; types {{ }} default_type '{kind}'; "
                     f"add_header Content-Encoding '{coding}'; }}" for name, (coding, kind) in CODED.items())


def get_all(visit, port, option):
    """Everything over one connection, and what came has to be what the server has, as it is coded."""
    url, got = f"https://127.0.0.1:{port}", visit.case.work / f"got{option}"
    got.mkdir()
    same = ["--silent", "--insecure", option, "--header", "Accept-Encoding: gzip"]
    more = [word for name in CODED for word in ("--next", *same, f"{url}/{name}", "--output", str(got / name))]
    visit.curl(port, option, "--header", "Accept-Encoding: gzip", f"{url}/page.txt", "--output", "/dev/null", *more,
               "--next", *same, "--head", f"{url}/br", "--output", "/dev/null",
               "--next", *same, "--range", "10-99", f"{url}/br", "--output", "/dev/null")
    for name, data in ((path.name, path.read_bytes()) for path in got.iterdir()):
        if data != (visit.case.work / "nginx-8082" / "coded" / name).read_bytes():
            raise RuntimeError(f"curl received other bytes than {name} has")


def codings():
    with Case("codings") as case:
        host.set_loopback_mtu(1500)
        identity, log = work_identity(case), secret_log(case)
        with Nginx(case.work, 8082, *identity, echo_port=8083, fill=fill, listen_as="", extra=locations(case.work / "nginx-8082")), \
             Nginx(case.work, 8084, *identity, echo_port=8085, fill=fill, listen_as="http2",
                   extra=locations(case.work / "nginx-8084")), \
             TlsRelay(8443, 8082, *identity, log, alpn="http/1.1") as first, TlsRelay(9443, 8084, *identity, log) as second:
            visit = Visit(case, {8443: first, 9443: second})
            with case.tcpdump(8443, 9443):
                get_all(visit, 8443, "--http1.1")
                get_all(visit, 9443, "--http2")
            visit.add_exchanges()
        finish_with_log(case, "--max-body", "2500")


CASES = {function.__name__: function for function in (codings,)}
