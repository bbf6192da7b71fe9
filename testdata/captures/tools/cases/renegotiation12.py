"""Second and third handshakes inside the encryption, asked for by the client, by the server, and by Apache httpd for one folder:
with ephemeral exchanges and a key log, and with RSA key exchange and the server's key."""
import contextlib
import os
import threading
import time

from lab import clients, host, pki
from lab.case import Case
from lab.exchange import Exchange, suite_name
from lab.servers import Apache, GnutlsServer, OpensslServer

from cases.matrix import OPENSSL_VERSIONS, request, served_files
from cases.secrets12 import GNUTLS_CLIENT, GNUTLS_SERVER, key_log
from cases.web import HOST, URL, cross_check, fill_apache

PATIENCE = 20  # seconds until a program that does not answer is ended


class Dialogue:
    """A running s_client, and what went through it; lines that begin with R are its commands."""

    def __init__(self, case, port, *arguments):
        self.process = clients.s_client_interactive(case.work, port, "-no_ign_eof", *arguments)
        self.sent, self.received = b"", b""
        self.watch = threading.Timer(PATIENCE, self.process.kill)

    def __enter__(self):
        self.watch.start()
        return self

    def __exit__(self, *_):
        self.watch.cancel()
        self.process.stdin.close()
        self.process.wait(PATIENCE)
        self.process.stdout.close()

    def say(self, line):
        self.process.stdin.write(line)
        self.process.stdin.flush()
        self.sent += line

    def hear(self, wanted):
        got = self.process.stdout.read(len(wanted))
        if got != wanted:
            raise RuntimeError(f"s_client received {got!r}, due was {wanted!r}")
        self.received += got

    def renegotiate(self):
        self.process.stdin.write(b"R\n")
        self.process.stdin.flush()
        time.sleep(0.3)  # s_client takes what else it reads at once for a part of the command

    def exchange(self, version, suite, **outcome):
        return Exchange(self.sent, self.received, version=version, suite=suite_name(suite), programs="openssl s_client", **outcome)


def asked_by_client(case, port, version, suite, *arguments):
    """s_server -rev turns lines around; between them the client renegotiates, twice."""
    with Dialogue(case, port, OPENSSL_VERSIONS[version], "-cipher", f"{suite}:@SECLEVEL=0", *arguments) as one:
        for number in range(3):
            if number:
                one.renegotiate()
            line = f"line {number} of the client".encode()
            one.say(line + b"\n")
            one.hear(line[::-1] + b"\n")
        one.say(b"CLOSE\n")
        case.add(one.exchange(version, suite, reason="renegotiated by the client, twice"))


def asked_by_server(case, port, key, cert, version, suite, user, *arguments):
    """s_server's commands: r sends a HelloRequest, R also asks for a certificate; the client has one."""
    ours, theirs = os.pipe()
    flag = OPENSSL_VERSIONS[version]
    with os.fdopen(ours, "rb") as read_end, os.fdopen(theirs, "wb", buffering=0) as commands, \
         OpensslServer(case.work, port, key, cert, [flag], stdin=read_end) as server, \
         Dialogue(case, port, flag, "-cipher", f"{suite}:@SECLEVEL=0", "-key", str(user[0]), "-cert", str(user[1]), *arguments) as one:
        for number, command in enumerate((b"", b"r\n", b"R\n")):
            if command:
                commands.write(command)
                time.sleep(0.3)
            line = f"line {number} of the client\n".encode()
            one.say(line)
            host.wait_for(lambda wanted=line.decode(): wanted in server.log(), line)
            commands.write(b"an answer of the server\n")
            one.hear(b"an answer of the server\n")
        commands.write(b"q\n")
        case.add(one.exchange(version, suite, reason="renegotiated by the server, twice, then with a client certificate"))


PER_FOLDER = """SSLHonorCipherOrder on
<Location /private>
    SSLVerifyClient optional_no_ca
    SSLVerifyDepth 1
</Location>
<Location /strong>
    SSLCipherSuite {strong}
</Location>
Alias /private "{{root}}/htdocs"
Alias /strong "{{root}}/htdocs"
"""


@contextlib.contextmanager
def at_apache(case, key, cert, user, suites, strong):
    """A certificate is asked for below /private, another suite below /strong."""
    with Apache(case.work, 443, key, cert, fill=fill_apache, suites=suites + ":@SECLEVEL=0",
                extra=PER_FOLDER.format(strong=strong)) as server, case.tcpdump(443, 4433, 4434, 4435, 5556):
        with_user = ("--cert", str(user[1]), "--key", str(user[0]), "--tls-max", "1.2")
        case.add(clients.curl(case.work, *HOST, *with_user, f"{URL}/", f"{URL}/private/hello.txt", "--output", "/dev/null",
                              f"{URL}/style.css", "--output", "/dev/null"), reason="client certificate for one folder")
        case.add(clients.curl(case.work, *HOST, *with_user, f"{URL}/hello.txt", f"{URL}/strong/hello.txt", "--output", "/dev/null",
                              f"{URL}/private/hello.txt", "--output", "/dev/null"), reason="another suite for one folder")
        yield server


def by_openssl_and_gnutls(case, key, cert, user, chosen, gnutls_exchanges, log):
    files = served_files(case)
    common = ["-client_renegotiation", "-rev"]
    with OpensslServer(case.work, 4433, key, cert, common), \
         OpensslServer(case.work, 4434, key, cert, [*common, "-no_resumption_on_reneg"]):
        for version, suite in chosen:
            asked_by_client(case, 4433, version, suite, *log)
            asked_by_client(case, 4434, version, suite, *log)
    for version, suite in chosen:
        asked_by_server(case, 4435, key, cert, version, suite, user, *log)
    page = files / "small.txt"
    with GnutlsServer(case.work, 5556, key, cert, GNUTLS_SERVER.format(":+".join(gnutls_exchanges)), ["--http", "--httpdata", str(page)]):
        for exchange, cipher, suite in gnutls_exchanges.values():
            result = clients.gnutls_cli(case.work, 5556, request("/"), GNUTLS_CLIENT.format("TLS1.2", f"{exchange}:+{cipher}"), "--rehandshake")
            case.add(result, version="TLS 1.2", suite=suite, reason="renegotiated by the client")


def renegotiation_keylog():
    """Renegotiations of ephemeral exchanges, opened by key log; curl, s_client and gnutls-cli write it."""
    with Case("renegotiation_keylog") as case:
        host.set_loopback_mtu(16_000)
        key, user_key = (pki.make_key(case.work / name) for name in ("server.key", "user.key"))
        cert = pki.self_signed(key, case.work / "server.crt")
        user = user_key, pki.self_signed(user_key, case.work / "user.crt", "/CN=Ada Lovelace", names=None)
        gnutls = {"ECDHE-RSA": ("ECDHE-RSA", "AES-256-GCM:+AEAD", "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"),
                  "DHE-RSA": ("DHE-RSA", "AES-128-CBC:+SHA256", "TLS_DHE_RSA_WITH_AES_128_CBC_SHA256")}
        with key_log(case.folder / "keys.log"):
            with at_apache(case, key, cert, user, "ECDHE-RSA-AES128-GCM-SHA256:DHE-RSA-AES256-SHA", "DHE-RSA-AES256-SHA") as server:
                by_openssl_and_gnutls(case, key, cert, user, [
                    ("TLS 1.0", "ECDHE-RSA-AES128-SHA"), ("TLS 1.1", "DHE-RSA-AES256-SHA"), ("TLS 1.2", "DHE-RSA-AES128-SHA256"),
                    ("TLS 1.2", "ECDHE-RSA-AES256-GCM-SHA384"), ("TLS 1.2", "ECDHE-RSA-CHACHA20-POLY1305")], gnutls,
                    ("-keylogfile", str(case.folder / "keys.log")))
        cross_check(case, server, case.finish("-l", "keys.log"))


def renegotiation_rsa():
    """The same with RSA key exchange and the server's key. In the second connection Apache asks for an ephemeral suite in the middle:
    what comes before it can be opened, what comes after it not."""
    with Case("renegotiation_rsa") as case:
        host.set_loopback_mtu(16_000)
        key, cert = case.identity()
        user_key = pki.make_key(case.work / "user.key")
        user = user_key, pki.self_signed(user_key, case.work / "user.crt", "/CN=Ada Lovelace", names=None)
        gnutls = {"RSA": ("RSA", "AES-256-GCM:+AEAD", "TLS_RSA_WITH_AES_256_GCM_SHA384")}
        with at_apache(case, key, cert, user, "AES128-GCM-SHA256:ECDHE-RSA-AES256-SHA", "ECDHE-RSA-AES256-SHA") as server:
            case.exchanges[-1].expected, case.exchanges[-1].reason = "partial", "renegotiated with an ephemeral exchange"
            by_openssl_and_gnutls(case, key, cert, user, [("TLS 1.0", "AES128-SHA"), ("TLS 1.1", "CAMELLIA256-SHA"),
                                                          ("TLS 1.2", "AES256-SHA256"), ("TLS 1.2", "AES128-CCM")], gnutls, ())
        cross_check(case, server, case.finish("-k", "server.key"))


CASES = {function.__name__: function for function in (renegotiation_keylog, renegotiation_rsa)}
