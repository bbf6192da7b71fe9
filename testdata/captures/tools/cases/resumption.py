"""Sessions that are used again, from TLS 1.0 to 1.2: by session id and by ticket, from another address, at another port, in another
file, with a ticket that is renewed or not taken; and tickets opened with the key that the server protects them with."""
import secrets as random_bytes
import ssl

from content import text
from lab import clients, host, pki
from lab.case import Case
from lab.servers import Apache, GnutlsServer, Nginx, OpensslServer

from cases.matrix import request, served_files
from cases.web import HOST, URL, cross_check, fill_apache, fill_nginx

# What of the distribution's OpenSSL a suite is called in the handshakes below.
RSA_GCM = ("AES128-GCM-SHA256", "TLS_RSA_WITH_AES_128_GCM_SHA256")
RSA_CBC = ("AES256-SHA", "TLS_RSA_WITH_AES_256_CBC_SHA")
ECDHE_GCM = ("ECDHE-RSA-AES256-GCM-SHA384", "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384")
ECDHE_CBC = ("ECDHE-RSA-AES128-SHA", "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA")
ECDHE_CHACHA = ("ECDHE-RSA-CHACHA20-POLY1305", "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256")
DHE_GCM = ("DHE-RSA-AES128-GCM-SHA256", "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256")
VERSIONS = {"TLS 1.0": (ssl.TLSVersion.TLSv1, "-tls1"), "TLS 1.1": (ssl.TLSVersion.TLSv1_1, "-tls1_1"),
            "TLS 1.2": (ssl.TLSVersion.TLSv1_2, "-tls1_2")}
NO_EXTENDED_MASTER_SECRET = 0x1  # SSL_OP_NO_EXTENDED_MASTER_SECRET, which Python has no name for
BOTH = "ssl_session_cache shared:lab:1m; ssl_session_tickets on;"
APACHE_SESSIONS = """LoadModule socache_shmcb_module /usr/lib/apache2/modules/mod_socache_shmcb.so
SSLSessionCache "shmcb:{root}/sessions(65536)"
SSLSessionTickets on
"""
GET = b"GET %s HTTP/1.1\r\nHost: www.example.com\r\nConnection: close\r\n\r\n"


class Visitor:
    """A client that keeps its session: Python's ssl module, which takes a renewed ticket into the session, too."""

    def __init__(self, case, version, suite, ticket=True, extended_master_secret=True):
        self.case, self.version, self.suite = case, version, suite[1]
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self.context.check_hostname, self.context.verify_mode = False, ssl.CERT_NONE
        self.context.minimum_version = self.context.maximum_version = VERSIONS[version][0]
        self.context.set_ciphers(f"{suite[0]}:@SECLEVEL=0")
        self.context.options |= 0 if ticket else ssl.OP_NO_TICKET
        self.context.options |= 0 if extended_master_secret else NO_EXTENDED_MASTER_SECRET
        self.session = None

    def get(self, port, path, resumed, source="127.0.0.1", **outcome):
        """One connection; fails when the server took the session up and should not have, or the reverse."""
        sent, received = GET % path.encode(), b""
        with clients.socket_from(source, port) as plain, self.context.wrap_socket(
                plain, session=self.session, server_hostname="www.example.com") as secure:
            if secure.session_reused != resumed:
                raise RuntimeError(f"{self.version} {self.suite}: resumed is {secure.session_reused}")
            secure.sendall(sent)
            while piece := secure.recv(16384):
                received += piece
            self.session = secure.session
        if not received:
            raise RuntimeError(f"{self.version} {self.suite}: nothing came")
        return self.case.add(clients.Exchange(sent, received, programs="Python ssl"), version=self.version, suite=self.suite, **outcome)


def visits(case, ports, extended=(True, False)):
    """Full and resumed, by session id and by ticket, in three versions, from two addresses, at two ports of one server."""
    for version, suite in (("TLS 1.0", RSA_CBC), ("TLS 1.1", RSA_CBC), ("TLS 1.2", RSA_GCM)):
        for ticket in (False, True):
            for ems in extended:
                visitor = Visitor(case, version, suite, ticket, ems)
                visitor.get(ports[0], "/hello.txt", resumed=False)
                visitor.get(ports[0], "/style.css", resumed=True)
                visitor.get(ports[1], "/hello.txt", resumed=True, source="127.0.0.2")


def resumed_apache():
    """Apache httpd with a session cache that its two ports share, and with tickets."""
    with Case("resumed_apache") as case:
        host.set_loopback_mtu(1500)
        key, cert = case.identity()
        with Apache(case.work, 443, key, cert, fill=fill_apache, extra=APACHE_SESSIONS, suites="kRSA:@SECLEVEL=0",
                    protocol="-all +TLSv1 +TLSv1.1 +TLSv1.2", listen="Listen 127.0.0.1:443\nListen 127.0.0.1:8443") as server:
            with case.tcpdump(443, 8443):
                visits(case, (443, 8443))
                curl_twice(case)
                gnutls_twice(case, 443)
            cross_check(case, server, case.finish("-k", "server.key"))


def curl_twice(case):
    """curl resumes by session id (it switches tickets off) when the server has closed the connection."""
    case.add(clients.curl(case.work, *HOST, "--tls-max", "1.2", "--header", "Connection: close", f"{URL}/", f"{URL}/data.json",
                          "--output", "/dev/null"))


def gnutls_twice(case, port, extra=""):
    """gnutls-cli --resume: the first connection carries nothing but the handshake."""
    priority = f"NORMAL:-VERS-ALL:+VERS-TLS1.2:-KX-ALL:+RSA:-CIPHER-ALL:+AES-128-GCM{extra}"
    case.add(clients.Exchange(b"", b"", programs="gnutls-cli"), version="TLS 1.2", suite=RSA_GCM[1])
    case.add(clients.gnutls_cli(case.work, port, GET % b"/hello.txt", priority, "--resume"), version="TLS 1.2", suite=RSA_GCM[1])


def resumed_nginx():
    """nginx with a shared session cache and tickets, at two ports."""
    with Case("resumed_nginx") as case:
        host.set_loopback_mtu(1500)
        key, cert = case.identity()
        with Nginx(case.work, 443, key, cert, echo_port=8081, fill=fill_nginx, sessions=BOTH, suites="kRSA:@SECLEVEL=0",
                   extra="listen 127.0.0.1:8443 ssl;") as server:
            with case.tcpdump(443, 8443):
                visits(case, (443, 8443))
                curl_twice(case)
                gnutls_twice(case, 443)
            cross_check(case, server, case.finish("-k", "server.key"))


def ticket_keys(*names):
    return " ".join(f"ssl_session_ticket_key {name};" for name in names) + " ssl_session_cache off; ssl_session_tickets on;"


def ticket_key(case, name, size=80, kept=False):
    path = (case.folder if kept else case.work) / name
    path.write_bytes(random_bytes.token_bytes(size))
    path.chmod(0o600)
    return path


def resumed_renewed():
    """The server's ticket key rotates: a ticket of the old one is taken and renewed within the resumed handshake, and the renewed
    one resumes the session once more, after the old key is gone."""
    with Case("resumed_renewed") as case:
        host.set_loopback_mtu(1500)
        key, cert = case.identity()
        old, new = ticket_key(case, "old"), ticket_key(case, "new")
        visitors = [Visitor(case, "TLS 1.2", RSA_GCM), Visitor(case, "TLS 1.2", RSA_GCM, extended_master_secret=False),
                    Visitor(case, "TLS 1.0", RSA_CBC)]
        with case.tcpdump(443):
            for resumed, keys in ((False, (old,)), (True, (new, old)), (True, (new,))):
                with Nginx(case.work, 443, key, cert, echo_port=8081, fill=fill_nginx, sessions=ticket_keys(*keys),
                           suites="kRSA:@SECLEVEL=0"):
                    for visitor in visitors:
                        visitor.get(443, "/hello.txt", resumed)
        case.finish("-k", "server.key")


def resumed_refused():
    """A ticket and a session id that the server does not take: it was started again with another ticket key and an empty cache.
    The handshake is a full one, with an ephemeral exchange in the last two, which the private key does not open."""
    with Case("resumed_refused") as case:
        host.set_loopback_mtu(1500)
        key, cert = case.identity()
        visitors = [Visitor(case, version, suite, ticket) for version, suite in (("TLS 1.0", RSA_CBC), ("TLS 1.2", RSA_GCM))
                    for ticket in (False, True)]
        with case.tcpdump(443):
            for _ in range(2):
                with Nginx(case.work, 443, key, cert, echo_port=8081, fill=fill_nginx, sessions=BOTH, suites="kRSA:@SECLEVEL=0"):
                    for visitor in visitors:
                        visitor.get(443, "/hello.txt", resumed=False)
                        visitor.get(443, "/style.css", resumed=True)
        case.finish("-k", "server.key")


def resumed_files():
    """The full handshakes stand in the first of two files, the resumed ones in the second."""
    with Case("resumed_files") as case:
        host.set_loopback_mtu(1500)
        key, cert = case.identity()
        visitors = [Visitor(case, version, suite, ticket) for version, suite in (("TLS 1.0", RSA_CBC), ("TLS 1.2", RSA_GCM))
                    for ticket in (False, True)]
        names = ("capture-1.pcap", "capture-2.pcap")
        with Nginx(case.work, 443, key, cert, echo_port=8081, fill=fill_nginx, sessions=BOTH, suites="kRSA:@SECLEVEL=0"):
            for name, resumed in zip(names, (False, True)):
                with case.tcpdump(443, name=name):
                    for visitor in visitors:
                        visitor.get(443, "/hello.txt", resumed)
        case.finish_files("-k", "server.key", names=names)


def resumed_openssl_gnutls():
    """s_server and gnutls-serv: s_client's sessions by id and by ticket, gnutls-cli's --resume."""
    with Case("resumed_openssl_gnutls") as case:
        host.set_loopback_mtu(1500)
        key, cert = case.identity()
        files = served_files(case)
        page = files / "small.txt"
        priority = "NORMAL:-VERS-ALL:+VERS-TLS1.2:+VERS-TLS1.1:+VERS-TLS1.0:-KX-ALL:+RSA"
        with OpensslServer(case.work, 4433, key, cert, ["-HTTP"], files=files), \
             GnutlsServer(case.work, 5556, key, cert, priority, ["--http", "--httpdata", str(page)]), \
             GnutlsServer(case.work, 5557, key, cert, priority, ["--http", "--httpdata", str(page), "--noticket"]), \
             case.tcpdump(4433, 5556, 5557):
            for version, suite in (("TLS 1.0", RSA_CBC), ("TLS 1.1", RSA_CBC), ("TLS 1.2", RSA_GCM)):
                for how in (("-no_ticket",), ()):
                    session = case.work / "session.pem"
                    common = (VERSIONS[version][1], "-cipher", f"{suite[0]}:@SECLEVEL=0", *how)
                    for option in ("-sess_out", "-sess_in"):
                        case.add(clients.s_client(case.work, 4433, request("/small.txt"), *common, option, str(session)),
                                 version=version, suite=suite[1])
            for port in (5556, 5557):
                gnutls_twice(case, port)
                gnutls_twice(case, port, ":%NO_SESSION_HASH")
        case.finish("-k", "server.key")


def by_ticket_key(case, port):
    """Ephemeral exchanges, full and resumed: the key of the tickets opens both."""
    for version, suite in (("TLS 1.0", ECDHE_CBC), ("TLS 1.2", ECDHE_GCM), ("TLS 1.2", ECDHE_CHACHA), ("TLS 1.2", DHE_GCM)):
        for ems in (True, False):
            visitor = Visitor(case, version, suite, extended_master_secret=ems)
            visitor.get(port, "/hello.txt", resumed=False)
            visitor.get(port, "/style.css", resumed=True)
            if ems:
                visitor.get(port, "/page.txt", resumed=True, source="127.0.0.2")


def without_ticket(case, port):
    """No ticket, no way in."""
    Visitor(case, "TLS 1.2", ECDHE_GCM, ticket=False).get(port, "/hello.txt", resumed=False, expected="closed",
                                                          reason="ephemeral key exchange")


def dh_parameters(case):
    path = case.work / "dh.pem"
    host.run(["openssl", "genpkey", "-genparam", "-algorithm", "DH", "-pkeyopt", "group:ffdhe2048", "-out", str(path)])
    return path


def ticket_key_nginx():
    """ECDHE and DHE, opened with nginx' ssl_session_ticket_key alone: a file of 80 bytes (AES-256) and one of 48 (AES-128)."""
    with Case("ticket_key_nginx") as case:
        host.set_loopback_mtu(1500)
        key = pki.make_key(case.work / "server.key")
        cert = pki.self_signed(key, case.work / "server.crt")
        dh = dh_parameters(case)
        files = {443: ticket_key(case, "ticket-80.key", 80, kept=True), 8443: ticket_key(case, "ticket-48.key", 48, kept=True)}
        servers = [Nginx(case.work, port, key, cert, echo_port=8081 + number, fill=fill_nginx, sessions=ticket_keys(path),
                         suites="ALL:@SECLEVEL=0", extra=f"ssl_dhparam {dh};") for number, (port, path) in enumerate(files.items())]
        with servers[0], servers[1], case.tcpdump(443, 8443):
            for port in files:
                by_ticket_key(case, port)
            without_ticket(case, 443)
        case.finish("--ticket-key", "ticket-80.key", "--ticket-key", "ticket-48.key")


def ticket_key_apache():
    """The same with Apache httpd's SSLSessionTicketKeyFile, which has its 48 bytes in another order than nginx."""
    with Case("ticket_key_apache") as case:
        host.set_loopback_mtu(1500)
        key = pki.make_key(case.work / "server.key")
        cert = pki.self_signed(key, case.work / "server.crt")
        path = ticket_key(case, "ticket.key", 48, kept=True)
        with Apache(case.work, 443, key, cert, fill=fill_apache, suites="ALL:@SECLEVEL=0", protocol="-all +TLSv1 +TLSv1.1 +TLSv1.2",
                    extra=f"SSLSessionTickets on\nSSLSessionTicketKeyFile {path}\n") as server:
            with case.tcpdump(443):
                by_ticket_key(case, 443)
                without_ticket(case, 443)
            cross_check(case, server, case.finish("--ticket-key", "ticket.key"))


CASES = {function.__name__: function for function in (
    resumed_apache, resumed_nginx, resumed_renewed, resumed_refused, resumed_files, resumed_openssl_gnutls, ticket_key_nginx,
    ticket_key_apache)}
