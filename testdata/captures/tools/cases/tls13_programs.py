"""TLS 1.3 of other programs: GnuTLS, and the web's servers and clients."""
import concurrent.futures
import os
import subprocess
import time

from content import noise, text
from lab import clients, host, pcapfile
from lab.case import Case
from lab.servers import Apache, GnutlsServer, Nginx, OpensslServer

from cases.matrix import request, served_files
from cases.tls13 import SUITES, agreed, finish_with_log, must_be_file, secret_log, work_identity
from cases.tls13_records import user_identity
from cases.web import HOST, URL, cross_check, fill_apache, fill_nginx

TLS13 = "NORMAL:-VERS-ALL:+VERS-TLS1.3"
GNUTLS_CIPHERS = ["AES-128-GCM", "AES-256-GCM", "CHACHA20-POLY1305", "AES-128-CCM", "AES-128-CCM-8"]
GNUTLS_GROUPS = ["SECP384R1", "SECP521R1", "X448", "FFDHE2048", "FFDHE3072"]
REAUTH_ANSWER = b"Successfully executed command\n"


def log_environment(case, name="keys.log"):
    return {"SSLKEYLOGFILE": str(secret_log(case, name))}


def gnutls_talk(case, port, steps, *arguments, priority=TLS13, early=b""):
    """gnutls-cli and gnutls-serv --echo: (line, its answer); a line without an answer is a command to gnutls-cli."""
    sent, received = early, b""
    with subprocess.Popen(["gnutls-cli", "--insecure", "--logfile", str(case.work / "gnutls-cli.log"), "--port", str(port),
                           "--priority", priority, *arguments, "127.0.0.1"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, env=dict(os.environ, **log_environment(case))) as process:
        for line, answer in steps:
            process.stdin.write(line)
            process.stdin.flush()
            if answer is None:
                time.sleep(0.2)
                continue
            sent += line
            got = process.stdout.read(len(answer))
            if got != answer:
                raise RuntimeError(f"gnutls-serv answered {got} to {line}")
            received += got
        process.stdin.close()
        if rest := process.stdout.read():
            raise RuntimeError(f"gnutls-cli printed {rest} at the end")
    return clients.Exchange(sent, received, programs="gnutls-cli")


def echoed(*lines):
    return [(line, line) for line in lines]


def tls13_gnutls():
    """gnutls-serv and gnutls-cli: every suite, other groups, HelloRetryRequest, resumption, early data, key updates from either side,
    record_size_limit, a client certificate after the handshake."""
    with Case("tls13_gnutls") as case:
        host.set_loopback_mtu(1500)
        identity, (user_key, user) = work_identity(case), user_identity(case)
        page = case.work / "page.bin"
        page.write_bytes(text(20_000))
        every = TLS13 + ":+AES-128-CCM-8"
        with GnutlsServer(case.work, 5556, *identity, every, ["--http", "--httpdata", str(page)]), \
             GnutlsServer(case.work, 5557, *identity, every, ["--echo", "--earlydata"]), \
             GnutlsServer(case.work, 5558, *identity, every, ["--http", "--httpdata", str(page), "--recordsize", "700"]), \
             case.tcpdump(5556, 5557, 5558):
            gnutls_pages(case, page)
            gnutls_resumed(case)
            rekey = [*echoed(b"before\n"), (b"^rekey^\n", None), *echoed(b"after\n"), (b"^rekey1^\n", None), *echoed(b"both\n"),
                     (b"^rekey1^\n", None), (b"^rekey^\n", None), *echoed(b"and again\n", b"good-bye\n")]
            for suite in (SUITES[1], SUITES[2]):
                cipher = GNUTLS_CIPHERS[SUITES.index(suite)]
                case.add(gnutls_talk(case, 5557, rekey, "--inline-commands", priority=f"{TLS13}:-CIPHER-ALL:+{cipher}"),
                         **agreed(suite))
            steps = [*echoed(b"who am I?\n"), (b"**REAUTH**\n", REAUTH_ANSWER), *echoed(b"Ada\n")]
            case.add(gnutls_talk(case, 5557, steps, "--post-handshake-auth", "--x509keyfile", str(user_key), "--x509certfile",
                                 str(user)), **agreed(SUITES[1]))
        finish_with_log(case)


def gnutls_pages(case, page):
    def fetch(port, suite, priority, *options):
        got = clients.gnutls_cli(case.work, port, request("/"), priority, *options, env=log_environment(case))
        if not got.server.endswith(b"\r\n\r\n" + page.read_bytes()):
            raise RuntimeError(f"{priority}: {len(got.server)} bytes came")
        case.add(got, **agreed(suite))
    for suite, cipher in zip(SUITES, GNUTLS_CIPHERS):
        fetch(5556, suite, f"{TLS13}:-CIPHER-ALL:+{cipher}")
    for group in GNUTLS_GROUPS:
        fetch(5556, SUITES[0], f"{TLS13}:-CIPHER-ALL:+AES-128-GCM:-GROUP-ALL:+GROUP-{group}")
    fetch(5558, SUITES[1], TLS13)
    fetch(5558, SUITES[2], f"{TLS13}:-CIPHER-ALL:+CHACHA20-POLY1305", "--recordsize", "512")


def gnutls_resumed(case):
    """--resume connects twice, the first time for nothing but a ticket; early data is taken where the server says so."""
    early = case.work / "early.txt"
    early.write_bytes(b"early data of gnutls-cli\n" * 20)
    for suite, options in ((SUITES[1], ()), (SUITES[2], ("--earlydata", str(early)))):
        priority = f"{TLS13}:-CIPHER-ALL:+{GNUTLS_CIPHERS[SUITES.index(suite)]}"
        case.add(clients.Exchange(b"", b"", programs="gnutls-cli"), **agreed(suite))
        case.add(gnutls_talk(case, 5557, echoed(b"once\n", b"more\n"), "--resume", "--waitresumption", *options, priority=priority,
                             early=early.read_bytes() if options else b""), **agreed(suite))


# ---- web servers

def tls13_web():
    """curl and wget (GnuTLS) with Apache httpd and nginx, opened with what the clients logged: pages, forms, gzip, chunks, ranges, a
    connection kept alive, large bodies both ways, six connections at the same time."""
    with Case("tls13_web") as case:
        host.set_loopback_mtu(1500)
        identity, upload = work_identity(case), case.work / "upload.bin"
        upload.write_bytes(noise(150_000, 3))
        with Apache(case.work, 443, *identity, fill=fill_apache, protocol="-all +TLSv1.3", suites="ALL") as apache, \
             Nginx(case.work, 8443, *identity, echo_port=8081, fill=fill_nginx, protocols="TLSv1.3", suites="ALL",
                   sessions="ssl_session_cache shared:lab:1m; ssl_session_tickets on;") as nginx:
            (nginx.root / "htdocs" / "large.bin").write_bytes(noise(300_000, 5))
            with case.tcpdump(443, 8443):
                visit_apache(case)
                visit_nginx(case, upload)
                at_the_same_time(case)
            sort_by_port(case)
            pairs = finish_with_log(case)
            cross_check(case, apache, pairs)
            cross_check(case, nginx, pairs)


def visit_apache(case):
    def get(*arguments):
        case.add(clients.curl(case.work, *HOST, *arguments, env=log_environment(case)))
    get(f"{URL}/", f"{URL}/style.css", "--output", "/dev/null", f"{URL}/hello.txt", "--output", "/dev/null")
    get("--data", "name=Ada+Lovelace&topic=analytical%20engine", f"{URL}/cgi-bin/report?form=1")
    get("--raw", f"{URL}/cgi-bin/report?chunked=yes")
    get("--tls13-ciphers", SUITES[2], f"{URL}/page.txt")
    get("--curves", "P-521", "--tls13-ciphers", SUITES[0], f"{URL}/logo.png")


def visit_nginx(case, upload):
    url, where = "https://www.example.com:8443", ["--resolve", "www.example.com:8443:127.0.0.1"]

    def get(*arguments):
        case.add(clients.curl(case.work, *where, *arguments, env=log_environment(case)))
    get("--header", "Accept-Encoding: gzip", f"{url}/page.txt")
    get("--range", "0-9,1000-1009", f"{url}/page.txt")
    get("--header", "Expect:", "--data-binary", f"@{upload}", f"{url}/upload")
    get(f"{url}/large.bin")
    get("--header", "Connection: close", f"{url}/", f"{url}/data.json", "--output", "/dev/null")
    case.add(clients.wget(case.work, urls=["https://127.0.0.1:8443/hello.txt", "https://127.0.0.1:8443/logo.png"],
                          env=log_environment(case)), **agreed(SUITES[1]))


def at_the_same_time(case):
    """Each curl has a port of its own, by which its connection is found in the capture."""
    def get(number):
        work = case.work / f"curl-{number}"
        work.mkdir()
        name = ("page.txt", "big.bin", "logo.png")[number % 3]
        found = clients.curl(work, "--resolve", "www.example.com:8443:127.0.0.1", "--local-port", str(50_001 + number),
                             f"https://www.example.com:8443/{name}", env=log_environment(case))
        found[0].port = 50_001 + number
        return found
    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        for found in pool.map(get, range(6)):
            case.add(found)


def sort_by_port(case):
    """The exchanges that know their client's port, in the order of the capture; all others come before them."""
    order = [client[1] for client, _ in pcapfile.connections(case.folder / "capture.pcap", case.server_ports)]
    case.exchanges.sort(key=lambda one: order.index(one.port) if hasattr(one, "port") else -1)


def tls13_server_log():
    """The key log that a server wrote: Apache httpd and gnutls-serv ($SSLKEYLOGFILE), s_server (-keylogfile), each of its own."""
    with Case("tls13_server_log") as case:
        host.set_loopback_mtu(1500)
        identity, files = work_identity(case), served_files(case)
        logs = [secret_log(case, f"{name}.log") for name in ("httpd", "gnutls-serv", "s_server")]
        for log in logs:
            log.touch()
        with Apache(case.work, 443, *identity, fill=fill_apache, protocol="-all +TLSv1.3", suites="ALL",
                    env={"SSLKEYLOGFILE": str(logs[0])}) as apache, \
             GnutlsServer(case.work, 5556, *identity, TLS13, ["--http", "--httpdata", str(files / "small.txt")],
                          env={"SSLKEYLOGFILE": str(logs[1])}), \
             OpensslServer(case.work, 4433, *identity, ["-HTTP", "-keylogfile", str(logs[2])], files=files):
            with case.tcpdump(443, 4433, 5556):
                case.add(clients.curl(case.work, *HOST, f"{URL}/", f"{URL}/page.txt", "--output", "/dev/null"))
                case.add(clients.gnutls_cli(case.work, 5556, request("/"), TLS13), **agreed(SUITES[1]))
                case.add(must_be_file(clients.s_client(case.work, 4433, request("/large.bin"), "-tls1_3"), files / "large.bin"),
                         **agreed(SUITES[1]))
            cross_check(case, apache, case.finish(*(word for log in logs for word in ("-l", log.name))))


CASES = {function.__name__: function for function in (tls13_gnutls, tls13_web, tls13_server_log)}
