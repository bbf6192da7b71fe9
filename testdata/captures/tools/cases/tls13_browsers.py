"""TLS 1.3 of the libraries that browsers use: NSS, and Chromium's BoringSSL."""
import os
import subprocess

from content import INDEX, png, text
from lab import clients, host, pcapfile
from lab.case import Case
from lab.recorder import Recorder
from lab.servers import OpensslServer, Server

from cases.matrix import request, served_files
from cases.tls13 import ALL, SUITES, agreed, finish_with_log, log_of, must_be_file, secret_log, work_identity

PAGES = {"/": ("text/html", INDEX.encode()), "/style.css": ("text/css", b"body { font-family: sans-serif }\n"),
         "/logo.png": ("image/png", png(60, 40)), "/page.txt": ("text/plain", text(30_000))}


def tls13_nss():
    """NSS: tstclnt with s_server, by the server's key log (Debian's NSS writes none), with an ECH extension that means nothing
    (GREASE), each of its suites and other groups; selfserv with s_client, by the client's key log."""
    with Case("tls13_nss") as case:
        host.set_loopback_mtu(1500)
        files, (key, cert) = served_files(case), work_identity(case)
        ask = case.work / "request"

        def fetch(name, suite, *arguments):
            ask.write_bytes(request(f"/{name}"))
            code = f":130{SUITES.index(suite) + 1}"
            done = host.run(["tstclnt", "-h", "127.0.0.1", "-p", "4433", "-o", "-D", "-V", "tls1.3:tls1.3", "-c", code, "-A", str(ask),
                             *arguments], timeout=20)
            case.add(must_be_file(clients.Exchange(ask.read_bytes(), done.stdout, programs="tstclnt"), files / name), **agreed(suite))
        with OpensslServer(case.work, 4433, key, cert, ["-HTTP", *ALL, *log_of(case)], files=files), \
             Server(4444, ["selfserv", "-n", "server", "-p", "4444", "-d", str(nss_database(case, key, cert)), "-V",
                           "tls1.3:tls1.3"], case.work / "selfserv.log"), case.tcpdump(4433, 4444):
            for suite in SUITES[:3]:
                fetch("large.txt", suite)
            for group in ("P256", "P384", "P521", "FF2048"):
                fetch("small.txt", SUITES[0], "-I", group)
            fetch("small.txt", SUITES[1], "-i", "100")
            for suite in SUITES[:3]:
                case.add(clients.s_client(case.work, 4444, request("/any"), "-tls1_3", "-ciphersuites", suite, *log_of(case)),
                         **agreed(suite))
        finish_with_log(case)


def nss_database(case, key, cert):
    folder, bundle = case.work / "nss", case.work / "server.p12"
    folder.mkdir()
    host.run(["openssl", "pkcs12", "-export", "-inkey", str(key), "-in", str(cert), "-name", "server", "-passout", "pass:", "-out",
              str(bundle)])
    host.run(["certutil", "-N", "-d", str(folder), "--empty-password"])
    host.run(["pk12util", "-i", str(bundle), "-d", str(folder), "-W", ""])
    return folder


def tls13_chromium():
    """Chromium: it offers X25519MLKEM768, an ECH extension that means nothing, GREASE in all lists and certificates compressed with
    brotli; one server takes X25519, the other asks for P-384. What was exchanged is what the server (Python's ssl module) says."""
    with Case("tls13_chromium") as case:
        host.set_loopback_mtu(1500)
        identity = work_identity(case)
        secret_log(case).touch()
        with Recorder(443, *identity, PAGES) as first, Recorder(8443, *identity, PAGES, curve="secp384r1") as second:
            with case.tcpdump(443, 8443):
                for url in ("https://127.0.0.1/", "https://127.0.0.1:8443/page.txt"):
                    browse(case, url)
        found = {**first.exchanges, **second.exchanges}
        for client, _ in pcapfile.connections(case.folder / "capture.pcap", case.server_ports):
            case.add(found[client[1]], programs="Chromium, Python ssl")
        finish_with_log(case)


def browse(case, url):
    home = case.work / "home"
    home.mkdir(exist_ok=True)
    done = subprocess.run(
        ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--ignore-certificate-errors", f"--user-data-dir={home}",
         f"--ssl-key-log-file={secret_log(case)}", "--disable-background-networking", "--no-first-run", "--dump-dom", url],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60, check=True, env=dict(os.environ, HOME=str(home)))
    if b"It works" not in done.stdout and b"quick brown fox" not in done.stdout:
        raise RuntimeError(f"chromium did not show {url}: {done.stderr.decode(errors='replace')[-500:]}")


CASES = {function.__name__: function for function in (tls13_nss, tls13_chromium)}
