"""HTTP/2 in TLS that says nothing of it: no ALPN. Programs that speak in clear are wrapped by stunnel and socat; TLS ends at lab/relay.py, which
knows every byte of both directions. Some come by Upgrade of HTTP/1.1 (h2c, RFC 7540 section 3.2), some know that it is HTTP/2."""
import signal

from content import site, text
from lab import host
from lab.case import Case
from lab.relay import TlsRelay
from lab.servers import Nghttpd, Server

from cases.tls13 import finish_with_log, secret_log, work_identity

APACHE = """ServerRoot "{root}"
PidFile "{root}/httpd.pid"
DefaultRuntimeDir "{root}"
ServerName www.example.com
User www-data
Group www-data
{modules}
TypesConfig /etc/mime.types
Listen 127.0.0.1:{port}
ErrorLog "{root}/error.log"
DocumentRoot "{root}/htdocs"
<Directory "{root}/htdocs">
    Require all granted
</Directory>
Protocols h2c http/1.1
<Location "/index.html">
    Header add Link "</style.css>;rel=preload"
</Location>
"""
MODULES = ("mpm_event", "authz_core", "mime", "headers", "http2")

STUNNEL = """foreground = yes
pid =
[in]
client = yes
accept = 127.0.0.1:{listen}
connect = 127.0.0.1:{target}
"""

# TLS port: where programs speak in clear, the server, who wraps.
APACHE_TLS, NGHTTPX_TLS, NGHTTPD_TLS = 8443, 9443, 10443
IN_CLEAR = {APACHE_TLS: 8181, NGHTTPX_TLS: 8182, NGHTTPD_TLS: 8183}


def apache(case, port):
    """Takes the upgrade, of a request without a body, and leaves after it (GOAWAY)."""
    root = case.work / "apache"
    (root / "htdocs").mkdir(parents=True)
    site(root / "htdocs")
    (root / "htdocs" / "page.txt").write_bytes(text(6000))
    for folder in (case.work, root):
        folder.chmod(0o755)
    modules = "\n".join(f"LoadModule {name}_module /usr/lib/apache2/modules/mod_{name}.so" for name in MODULES)
    (root / "httpd.conf").write_text(APACHE.format(root=root, modules=modules, port=port))
    return Server(port, ["apache2", "-d", str(root), "-f", str(root / "httpd.conf"), "-DFOREGROUND"], case.work / "apache.log")


def nghttpx(case, port, target):
    return Server(port, ["nghttpx", "--conf=/dev/null", "--workers=1", f"--frontend=127.0.0.1,{port};no-tls", f"--backend=127.0.0.1,{target};;proto=h2",
                         "--errorlog-file=/dev/stderr"], case.work / "nghttpx.log", stop_signal=signal.SIGTERM)


def stunnel(case, target):
    config = case.work / f"stunnel-{target}.conf"
    config.write_text(STUNNEL.format(listen=IN_CLEAR[target], target=target))
    return Server(IN_CLEAR[target], ["stunnel4", str(config)], case.work / f"stunnel-{target}.log")


def socat(case, target):
    return Server(IN_CLEAR[target], ["socat", f"TCP-LISTEN:{IN_CLEAR[target]},bind=127.0.0.1,reuseaddr,fork",
                                     f"OPENSSL:127.0.0.1:{target},verify=0"], case.work / f"socat-{target}.log")


class Visit:
    """The clients, one connection a call. What came has to be what the server has."""

    def __init__(self, case, files):
        self.case, self.files, self.programs = case, files, []

    def curl(self, port, option, *names, arguments=()):
        url, got = f"http://127.0.0.1:{IN_CLEAR[port]}", self.case.work / f"got-{len(self.programs)}"
        got.mkdir()
        self.programs.append((port, "curl"))
        wanted = [word for name in names for word in (f"{url}/{name}", "--output", str(got / name))]
        host.run(["curl", "--silent", option, *arguments, *wanted], timeout=30)
        for name in names if not arguments else ():
            if (got / name).read_bytes() != (self.files / name).read_bytes():
                raise RuntimeError(f"curl received other bytes than {name} has")

    def nghttp(self, port, names, *arguments):
        self.programs.append((port, "nghttp"))
        urls = [f"http://127.0.0.1:{IN_CLEAR[port]}/{name}" for name in names.split()]
        shown = host.run(["nghttp", *arguments, *urls], timeout=30).stdout
        for name in names.split():
            if (self.files / name).read_bytes() not in shown:
                raise RuntimeError(f"nghttp did not receive {name}")

    def add_exchanges(self, relays):
        left = {port: list(relay.exchanges.values()) for port, relay in relays.items()}
        for port, program in self.programs:
            self.case.add(left[port].pop(0), programs=program)


def upgrades(visit, note):
    visit.nghttp(APACHE_TLS, "index.html", "--upgrade")
    visit.curl(APACHE_TLS, "--http2", "page.txt")
    visit.curl(APACHE_TLS, "--http2", "hello.txt", arguments=["--head"])
    visit.curl(APACHE_TLS, "--http2", "no-such-page", arguments=["--header", "Accept-Language: en"])
    # A request with a body: curl asks for the upgrade with it, and Apache leaves it at HTTP/1.1; nghttp asks with OPTIONS before it.
    visit.curl(APACHE_TLS, "--http2", "hello.txt", arguments=["--data-binary", f"@{note}"])
    visit.nghttp(NGHTTPX_TLS, "note.txt", "--upgrade", f"--data={note}")
    visit.nghttp(NGHTTPX_TLS, "page.txt data.json style.css", "--upgrade")
    visit.curl(NGHTTPX_TLS, "--http2", "logo.png", "style.css")


def prior_knowledge(visit):
    visit.nghttp(NGHTTPD_TLS, "index.html")
    visit.curl(NGHTTPD_TLS, "--http2-prior-knowledge", "page.txt")
    visit.nghttp(APACHE_TLS, "index.html")
    visit.curl(NGHTTPX_TLS, "--http2-prior-knowledge", "logo.png")


def h2c():
    with Case("h2c") as case:
        host.set_loopback_mtu(1500)
        identity, log = work_identity(case), secret_log(case)
        with apache(case, 8091):
            files = case.work / "apache" / "htdocs"
            note = files / "note.txt"
            note.write_bytes(text(1500))
            with Nghttpd(case.work, 8093, arguments=["--push=/index.html=/style.css", "--echo-upload"], files=files), nghttpx(case, 8092, 8093), \
                 TlsRelay(APACHE_TLS, 8091, *identity, log) as first, TlsRelay(NGHTTPX_TLS, 8092, *identity, log) as second, \
                 TlsRelay(NGHTTPD_TLS, 8093, *identity, log) as third, \
                 stunnel(case, APACHE_TLS), socat(case, NGHTTPX_TLS), stunnel(case, NGHTTPD_TLS), case.tcpdump(*IN_CLEAR):
                visit = Visit(case, files)
                upgrades(visit, note)
                prior_knowledge(visit)
            visit.add_exchanges({APACHE_TLS: first, NGHTTPX_TLS: second, NGHTTPD_TLS: third})
        finish_with_log(case, "--max-body", "600")


CASES = {function.__name__: function for function in (h2c,)}
