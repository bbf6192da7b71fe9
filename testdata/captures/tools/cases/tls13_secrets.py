"""TLS 1.3 with other secrets than a whole key log: pre-shared keys, the servers' ticket keys, a part of a key log; and with secrets
that do not fit."""
import re
import secrets as random_bytes

import remake
from content import text
from lab import clients, host
from lab.case import Case
from lab.dialogue import Dialogue, TalkingServer
from lab.servers import Apache, GnutlsServer, Nginx, OpensslServer

from cases.matrix import request, served_files
from cases.resumption import GET, ticket_key
from cases.tls13 import SUITES, agreed, finish_with_log, log_of, must_be_file, resumptions, secret_log, work_identity
from cases.tls13_programs import TLS13, log_environment
from cases.web import fill_apache, fill_nginx

EPHEMERAL = {"expected": "closed", "reason": "ephemeral key exchange"}
EARLY_ONLY = {"expected": "partial", "reason": "the early data can be had; what follows needs the ephemeral key"}
EARLY_REFUSED = {"expected": "partial", "reason": "early data opens, but was refused; what follows needs the ephemeral key"}
GNUTLS_PSK = f"{TLS13}:-KX-ALL:+PSK:+ECDHE-PSK:-CIPHER-ALL"
NO_SHARED_GROUP = ("-groups", "P-256", "-allow_no_dhe_kex")  # with a server of X25519: psk_ke is all that is left


def tls13_external_psk():
    """Pre-shared keys without (EC)DHE: s_server with a key for SHA-256 and, out of a session, for SHA-384 with early data; a session
    that such a connection made, used again; gnutls-serv, which prefers psk_ke where the client takes it. With (EC)DHE the PSK does
    not help, but the key log of the last two does; a PSK that is not given."""
    with Case("tls13_external_psk") as case:
        host.set_loopback_mtu(1500)
        files, identity = served_files(case), work_identity(case)
        psk = {name: random_bytes.token_hex(size) for name, size in (("Ada", 16), ("Grace", 32), ("Mallory", 32))}
        users = case.work / "users"
        users.write_text(f"Grace:{psk['Grace']}\nMallory:{psk['Mallory']}\n")
        session = session_as_psk(case, identity)
        options = ["-allow_no_dhe_kex", "-tls1_3", "-groups", "X25519"]
        with OpensslServer(case.work, 4433, *identity, ["-HTTP", "-psk", psk["Ada"], "-psk_identity", "Ada", *options], files=files), \
             TalkingServer(case.work, 4434, *identity, ["-early_data", "-no_anti_replay", "-psk_session", str(session),
                                                       "-psk_identity", "from a session", *options]) as talking, \
             GnutlsServer(case.work, 5556, *identity, f"{GNUTLS_PSK}:+AES-128-GCM:+CHACHA20-POLY1305:+AES-256-GCM",
                          ["--http", "--httpdata", str(files / "small.txt"), "--pskpasswd", str(users)]), \
             case.tcpdump(4433, 4434, 5556):
            psk_of_openssl(case, files, psk["Ada"])
            psk_with_early_data(case, talking, session)
            psk_of_gnutls(case, psk)
        (case.folder / "psk.txt").write_text(f"Ada:{psk['Ada']}\nGrace:{psk['Grace']}\nfrom a session:{key_of(session)}\n")
        finish_with_log(case, "--psk-file", "psk.txt")


def session_as_psk(case, identity):
    """A session file that both programs take as a PSK (-psk_session): it goes with SHA-384 and allows early data."""
    path = case.work / "psk-session.pem"
    with TalkingServer(case.work, 4430, *identity, ["-early_data"]) as server, \
         Dialogue(case.work, server, "-tls1_3", "-ciphersuites", SUITES[1], "-sess_out", str(path)) as talk:
        talk.ask(b"hello\n")
        talk.answer(b"hello\n")
    return path


def key_of(session):
    shown = host.run(["openssl", "sess_id", "-in", str(session), "-noout", "-text"]).stdout.decode()
    return re.search(r"Resumption PSK: ([0-9A-F]+)", shown)[1]


def psk_of_openssl(case, files, psk):
    session = str(case.work / "session.pem")

    def fetch(name, *arguments, **outcome):
        got = clients.s_client(case.work, 4433, request(f"/{name}"), "-tls1_3", "-ciphersuites", SUITES[0], *arguments)
        case.add(must_be_file(got, files / name), **agreed(SUITES[0]), **outcome)
    known = ("-psk", psk, "-psk_identity", "Ada")
    fetch("large.txt", *known, *NO_SHARED_GROUP, "-sess_out", session)
    fetch("small.txt", "-sess_in", session, *NO_SHARED_GROUP)
    fetch("small.txt", *known, **EPHEMERAL)
    fetch("large.bin", *known, *log_of(case))


def psk_with_early_data(case, server, session):
    early = case.work / "early.bin"
    for data in (b"", b"early data under a pre-shared key\n" * 9):
        early.write_bytes(data)
        with Dialogue(case.work, server, "-tls1_3", "-ciphersuites", SUITES[1], "-psk_session", str(session), "-psk_identity",
                      "from a session", *NO_SHARED_GROUP, *(("-early_data", str(early)) if data else ())) as talk:
            if data:
                server.heard(data)
                talk.early(data)
            talk.ask(b"and the rest\n")
            talk.answer(b"so be it\n" * 20)
            talk.order(b"K")
            talk.ask(b"under another key\n")
        case.add(talk.exchange(), **agreed(SUITES[1]))


def psk_of_gnutls(case, psk):
    def fetch(user, suite, exchange, env=None, **outcome):
        cipher = {SUITES[0]: "AES-128-GCM", SUITES[2]: "CHACHA20-POLY1305"}[suite]
        got = clients.gnutls_cli(case.work, 5556, request("/"), f"{TLS13}:-KX-ALL:{exchange}:-CIPHER-ALL:+{cipher}", "--pskusername",
                                 user, "--pskkey", psk[user], env=env)
        case.add(got, **agreed(suite), **outcome)
    fetch("Grace", SUITES[2], "+PSK")
    fetch("Grace", SUITES[0], "+PSK")
    fetch("Grace", SUITES[0], "+ECDHE-PSK", **EPHEMERAL)
    fetch("Grace", SUITES[2], "+ECDHE-PSK", env=log_environment(case))
    fetch("Mallory", SUITES[0], "+PSK", expected="closed", reason="the pre-shared key was not given")


# ---- the servers' ticket keys

def tls13_ticket_key():
    """nginx (ssl_session_ticket_key, with and without early data) and Apache httpd (SSLSessionTicketKeyFile): the key of the tickets
    opens early data, and all of a resumed connection without (EC)DHE."""
    with Case("tls13_ticket_key") as case:
        host.set_loopback_mtu(1500)
        identity = work_identity(case)
        eighty, other = ticket_key(case, "ticket-80.key", 80, kept=True), ticket_key(case, "ticket-48.key", 48, kept=True)
        extra = "ssl_ecdh_curve X25519; ssl_conf_command Options AllowNoDHEKEX; ssl_early_data {}; keepalive_timeout 1;"
        nginx = [Nginx(case.work, port, *identity, echo_port=8081 + number, fill=fill_nginx, protocols="TLSv1.3", suites="ALL",
                       sessions=f"ssl_session_ticket_key {eighty}; ssl_session_cache off; ssl_session_tickets on;",
                       extra=extra.format(early)) for number, (port, early) in enumerate(((443, "on"), (8443, "off")))]
        with nginx[0], nginx[1], Apache(case.work, 4443, *identity, fill=fill_apache, protocol="-all +TLSv1.3", suites="ALL",
                                        extra=f"SSLSessionTickets on\nSSLSessionTicketKeyFile {other}\n"
                                              "SSLOpenSSLConfCmd Options AllowNoDHEKEX\nSSLOpenSSLConfCmd Curves X25519\n"), \
             case.tcpdump(443, 8443, 4443):
            for suite in SUITES[:3]:
                visit_with_tickets(case, suite)
        case.finish("--ticket-key", "ticket-80.key", "--ticket-key", "ticket-48.key")


def visit_with_tickets(case, suite):
    session, first = str(case.work / "session.pem"), case.work / "early.bin"

    def get(port, *arguments, early=b"", **outcome):
        got = clients.s_client(case.work, port, GET % b"/hello.txt", "-tls1_3", "-ciphersuites", suite, *arguments)
        if not got.server.endswith(b"Hello, world!\n"):
            raise RuntimeError(f"port {port}, {suite}, {arguments}: {got.server}")
        got.client = early + got.client
        case.add(got, **agreed(suite), **outcome)
    data = b"GET /style.css HTTP/1.1\r\nHost: www.example.com\r\n\r\n"
    first.write_bytes(data)
    early = ("-early_data", str(first))
    get(443, "-sess_out", session, **EPHEMERAL)
    get(443, "-sess_in", session, **EPHEMERAL)
    get(443, "-sess_in", session, *early, early=data, **EARLY_ONLY)
    get(443, "-sess_in", session, *NO_SHARED_GROUP)
    get(443, "-sess_in", session, *NO_SHARED_GROUP, *early, early=data)
    get(8443, "-sess_in", session, *early, **EARLY_REFUSED)  # only the other port takes early data
    get(8443, "-sess_in", session, *NO_SHARED_GROUP, *early)
    get(4443, "-sess_out", session, **EPHEMERAL)
    get(4443, "-sess_in", session, **EPHEMERAL)
    get(4443, "-sess_in", session, *NO_SHARED_GROUP)


def tls13_ticket_key_other():
    """The same capture, with a ticket key of another server."""
    with Case("tls13_ticket_key_other") as case:
        again(case, "tls13_ticket_key")
        for path in case.folder.glob("ticket-*.key"):
            path.unlink()
        other = ticket_key(case, "other.key", 80, kept=True)
        (case.folder / "args").write_text(f"--ticket-key\n{other.name}\n")
        remake.set_outcome(case.folder, "closed", "the ticket key is another one")


def again(case, name):
    """The same capture and the same exchange."""
    origin = case.folder.parent / name
    remake.take_over(origin, case.folder)
    (case.folder / "capture.pcap").write_bytes((origin / "capture.pcap").read_bytes())
    return origin


# ---- a part of a key log

def tls13_first_logged():
    """Sessions used again, with the log of the connections that made them: a traffic secret gives no PSK, so these stay closed, with
    (EC)DHE and without."""
    with Case("tls13_first_logged") as case:
        resumptions(case, opened={}, opened_again={"expected": "closed", "reason": "the key log names the first connection only"})
        finish_with_log(case)


def with_part_of_log(name, origin_name, labels, *outcomes):
    """The same capture, with those lines of the key log only that have one of the labels."""
    def make():
        with Case(name) as case:
            lines = (again(case, origin_name) / "keys.log").read_text().splitlines()
            secret_log(case).write_text("".join(f"{line}\n" for line in lines if line.split()[0] in labels))
            for outcome in outcomes:
                remake.set_outcome(case.folder, **outcome)
    make.__name__ = name
    return make


WITH_EARLY_DATA = (2, 4, 6, 8, 10, 11, 13)  # of the connections of tls13_early, where the server took it
tls13_traffic_only = with_part_of_log("tls13_traffic_only", "tls13_key_update", ("CLIENT_TRAFFIC_SECRET_0", "SERVER_TRAFFIC_SECRET_0"))
tls13_handshake_only = with_part_of_log(
    "tls13_handshake_only", "tls13_client_cert", ("CLIENT_HANDSHAKE_TRAFFIC_SECRET", "SERVER_HANDSHAKE_TRAFFIC_SECRET"),
    {"expected": "closed", "reason": "the log holds no secrets of the application data"})
tls13_early_missing = with_part_of_log(
    "tls13_early_missing", "tls13_early", ("CLIENT_TRAFFIC_SECRET_0", "SERVER_TRAFFIC_SECRET_0"),
    {"expected": "partial", "reason": "the secret of the early data is not in the log", "only": WITH_EARLY_DATA, "direction": "client"})
tls13_early_only = with_part_of_log(
    "tls13_early_only", "tls13_early", ("CLIENT_EARLY_TRAFFIC_SECRET",),
    {"expected": "closed", "reason": "the log holds the secrets of early data only"},
    {"expected": "partial", "reason": "the log holds the secret of the early data only", "only": WITH_EARLY_DATA,
     "direction": "client"})
tls13_one_side = with_part_of_log(
    "tls13_one_side", "tls13_resumed", ("SERVER_HANDSHAKE_TRAFFIC_SECRET", "SERVER_TRAFFIC_SECRET_0"),
    {"expected": "closed", "reason": "the log holds the server's secrets only", "direction": "client"})


# ---- other shapes of the same

def tls13_inside_capture():
    """The key logs of the servers stand in the capture file itself (Decryption Secrets Blocks of pcapng, by editcap)."""
    with Case("tls13_inside_capture") as case:
        origin = case.folder.parent / "tls13_server_log"
        remake.take_over(origin, case.folder)
        logs = [word for log in sorted(origin.glob("*.log")) for word in ("--inject-secrets", f"tls,{log}")]
        host.run(["editcap", "-F", "pcapng", *logs, str(origin / "capture.pcap"), str(case.folder / "capture.pcapng")])
        (case.folder / "args").write_text("")


def tls13_shuffled():
    """tls13_early with its packets in random order, by up to eight (re-made by script)."""
    with Case("tls13_shuffled") as case:
        origin = again(case, "tls13_early")
        secret_log(case).write_bytes((origin / "keys.log").read_bytes())
        remake.shuffled(origin / "capture.pcap", case.folder / "capture.pcap")


# ---- what does not fit

def tls13_private_key():
    """The server's private key, which TLS 1.3 uses for nothing but a signature."""
    with Case("tls13_private_key") as case:
        host.set_loopback_mtu(1500)
        key, cert = case.identity()
        files, session = served_files(case), str(case.work / "session.pem")
        with OpensslServer(case.work, 4433, key, cert, ["-HTTP"], files=files), case.tcpdump(4433):
            for option in ("-sess_out", "-sess_in"):
                case.add(clients.s_client(case.work, 4433, request("/small.txt"), "-tls1_3", option, session), **agreed(SUITES[1]),
                         **EPHEMERAL)
        case.finish("-k", "server.key")


def tls13_other_log():
    """A key log of another day."""
    with Case("tls13_other_log") as case:
        host.set_loopback_mtu(1500)
        files, identity = served_files(case), work_identity(case)
        with OpensslServer(case.work, 4433, *identity, ["-HTTP"], files=files):
            clients.s_client(case.work, 4433, request("/small.txt"), "-tls1_3", *log_of(case))
            with case.tcpdump(4433):
                case.add(clients.s_client(case.work, 4433, request("/small.txt"), "-tls1_3"), **agreed(SUITES[1]), expected="closed",
                         reason="the key log does not name it")
        finish_with_log(case)


def tls13_late_start():
    """tcpdump begins when the connection is already in use; the key log is there, but not the random that it goes by: what
    opens is everything but the first turn, which nobody captured."""
    with Case("tls13_late_start") as case:
        host.set_loopback_mtu(1500)
        with TalkingServer(case.work, 4433, *work_identity(case)) as server:
            with Dialogue(case.work, server, "-tls1_3", *log_of(case)) as talk:
                talk.ask(b"nobody listens\n")
                with case.tcpdump(4433):
                    for line in text(1000).splitlines(keepends=True):
                        talk.ask(line)
                        talk.answer(line[:20] + b"\n")
            case.add(talk.exchange(), **agreed(SUITES[1]), expected="partial", reason="handshake not captured")
        finish_with_log(case)


CASES = {function.__name__: function for function in (
    tls13_external_psk, tls13_ticket_key, tls13_ticket_key_other, tls13_first_logged, tls13_traffic_only, tls13_handshake_only, tls13_early_missing,
    tls13_early_only, tls13_one_side, tls13_inside_capture, tls13_shuffled, tls13_private_key, tls13_other_log, tls13_late_start)}
