"""Connections that the server's key does not open, or not wholly, and handshakes that fail: each for one reason."""
import time

from content import text
from lab import clients, host, pki
from lab.case import Case
from lab.exchange import Exchange
from lab.servers import GnutlsServer, OpensslServer

from cases.matrix import request, served_files

SUITE = ("-tls1_2", "-cipher", "AES128-GCM-SHA256:@SECLEVEL=0")
AGREED = {"version": "TLS 1.2", "suite": "TLS_RSA_WITH_AES_128_GCM_SHA256"}


def one_server(name, arguments=("-k", "server.key"), mtu=1500):
    """Decorator: the body gets a case and adds exchanges with an s_server -HTTP on port 4433."""
    def wrap(body):
        def make():
            with Case(name) as case:
                host.set_loopback_mtu(mtu)
                key, cert = case.identity()
                files = served_files(case)
                with OpensslServer(case.work, 4433, key, cert, ["-HTTP"], files=files):
                    body(case)
                case.finish(*arguments)
        make.__name__ = name
        CASES[name] = make
        return make
    return wrap


CASES = {}


@one_server("ecdhe")
def ecdhe(case):
    with case.tcpdump(4433):
        for cipher, name in (("ECDHE-RSA-AES128-GCM-SHA256", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"),
                             ("DHE-RSA-AES256-SHA", "TLS_DHE_RSA_WITH_AES_256_CBC_SHA")):
            case.add(clients.s_client(case.work, 4433, request("/small.txt"), "-tls1_2", "-cipher", cipher),
                     version="TLS 1.2", suite=name, expected="closed", reason="ephemeral key exchange")


@one_server("tls13")
def tls13(case):
    with case.tcpdump(4433):
        case.add(clients.s_client(case.work, 4433, request("/small.txt"), "-tls1_3"), version="TLS 1.3",
                 suite="TLS_AES_256_GCM_SHA384", expected="closed", reason="ephemeral key exchange")


@one_server("no_key", arguments=())
def no_key(case):
    with case.tcpdump(4433):
        case.add(clients.s_client(case.work, 4433, request("/small.txt"), *SUITE), **AGREED, expected="closed",
                 reason="no key given")


@one_server("wrong_key", arguments=("-k", "other.key"))
def wrong_key(case):
    case.key("other.key")
    with case.tcpdump(4433):
        case.add(clients.s_client(case.work, 4433, request("/small.txt"), *SUITE), **AGREED, expected="closed",
                 reason="key of another certificate")


def resume(case, captured_first, how=("-no_ticket",)):
    """Two connections with one session (by its id, or by ticket); the first one may stay outside the capture."""
    session = case.work / "session.pem"
    first = (4433, request("/small.txt"), *SUITE, "-sess_out", str(session), *how)
    second = (4433, request("/large.txt"), *SUITE, "-sess_in", str(session), *how)
    if not captured_first:
        clients.s_client(case.work, *first)
    with case.tcpdump(4433):
        if captured_first:
            case.add(clients.s_client(case.work, *first), **AGREED)
        outcome = {} if captured_first else {"expected": "closed", "reason": "resumed from a session outside the capture"}
        case.add(clients.s_client(case.work, *second), **AGREED, **outcome)


@one_server("resumed_outside")
def resumed_outside(case):
    resume(case, captured_first=False)


@one_server("resumed_inside")
def resumed_inside(case):
    """The session of the second connection is made by the first."""
    resume(case, captured_first=True)


@one_server("resumed_ticket")
def resumed_ticket(case):
    """As resumed_inside, but with a session ticket (RFC 5077)."""
    resume(case, captured_first=True, how=())


@one_server("one_direction")
def one_direction(case):
    with case.tcpdump(4433, expression="tcp dst port 4433"):
        case.add(clients.s_client(case.work, 4433, request("/small.txt"), *SUITE), **AGREED, expected="closed",
                 reason="only the client's direction was captured")


@one_server("snaplen")
def snaplen(case):
    with case.tcpdump(4433, options=["-s", "200"]):
        case.add(clients.s_client(case.work, 4433, request("/small.txt"), *SUITE), **AGREED, expected="closed",
                 reason="packets cut by the snap length")


def late_start():
    """tcpdump begins when the connection is already in use."""
    with Case("late_start") as case:
        host.set_loopback_mtu(1500)
        key, cert = case.identity()
        lines = text(2000).split(b"\n")[:-1]
        with OpensslServer(case.work, 4433, key, cert, ["-rev"]):
            with clients.s_client_interactive(case.work, 4433, *SUITE) as process:
                def say(line):
                    process.stdin.write(line + b"\n")
                    process.stdin.flush()
                    return process.stdout.readline()
                back = say(lines[0])
                with case.tcpdump(4433):
                    for line in lines[1:]:
                        back += say(line)
                    process.stdin.write(b"CLOSE\n")
                    process.stdin.flush()
                    process.wait(10)
        sent = b"".join(line + b"\n" for line in lines) + b"CLOSE\n"
        case.add(Exchange(sent, back, programs="openssl s_client"), **AGREED, expected="closed", reason="handshake not captured")
        case.finish("-k", "server.key")


def alerts():
    """Handshakes that fail, and why: no common suite, no common version, a client that does not know the authority,
    a server that wants a certificate, a server name that is not served."""
    with Case("alerts") as case:
        key, cert = case.identity()
        page = case.work / "page.bin"
        page.write_bytes(b"never sent\n")
        priority = "NORMAL:-VERS-ALL:+VERS-TLS1.2:-KX-ALL:+RSA"
        failed = {"expected": "closed", "suite": "-", "version": "-"}

        def fails(client, port, *arguments, reason):
            result = client(case.work, port, b"GET / HTTP/1.0\r\n\r\n", *arguments, check=False)
            if result.server:
                raise RuntimeError(f"{reason}: the handshake did not fail")
            result.client = b""  # nothing is sent when the handshake fails
            case.add(result, **failed, reason=reason)
        with OpensslServer(case.work, 4433, key, cert, ["-www", "-tls1_2", "-cipher", "AES256-SHA256"]), \
             OpensslServer(case.work, 4434, key, cert, ["-www", "-Verify", "1", "-verify_return_error", "-tls1_2"]), \
             GnutlsServer(case.work, 5556, key, cert, priority, ["--http", "--httpdata", str(page), "--sni-hostname",
                                                                "www.example.com", "--sni-hostname-fatal"]), \
             case.tcpdump(4433, 4434, 5556):
            fails(clients.s_client, 4433, "-tls1_2", "-cipher", "AES128-GCM-SHA256", reason="alert handshake_failure")
            fails(clients.s_client, 4433, "-tls1", "-cipher", "ALL:@SECLEVEL=0", reason="alert protocol_version")
            fails(clients.s_client, 4433, "-tls1_2", "-cipher", "AES256-SHA256", "-verify_return_error",
                  reason="alert unknown_ca from the client")
            fails(clients.s_client, 4434, "-tls1_2", "-cipher", "AES128-SHA", reason="alert: no client certificate")
            fails(clients.gnutls_cli, 5556, priority, "--sni-hostname", "other.example.com", reason="alert unrecognized_name")
            refused_renegotiation(case)
        case.finish("-k", "server.key")


def refused_renegotiation(case):
    """s_client asks for a second handshake; s_server answers with the warning no_renegotiation, inside the encryption."""
    done = clients.host.run(["gnutls-cli", "--insecure", "--rehandshake", "--logfile", str(case.work / "rehandshake.log"),
                             "--port", "4433", "--priority", "NORMAL:-VERS-ALL:+VERS-TLS1.2:-KX-ALL:+RSA:-CIPHER-ALL:+AES-256-CBC"
                             ":-MAC-ALL:+SHA256", "127.0.0.1"], input=b"", check=False)
    case.add(Exchange(b"", done.stdout, programs="gnutls-cli"), version="TLS 1.2", suite="TLS_RSA_WITH_AES_256_CBC_SHA256",
             reason="renegotiation refused")


for function in (late_start, alerts):
    CASES[function.__name__] = function
