"""Where the secrets that were given do not fit, up to TLS 1.2, each for one reason; and where one is enough that was not thought of."""
import secrets as random_bytes

from lab import clients, host
from lab.case import Case
from lab.servers import Nginx, OpensslServer

from cases.matrix import request, served_files
from cases.resumption import ECDHE_CBC, ECDHE_GCM, RSA_GCM, Visitor, ticket_key, ticket_keys
from cases.secrets12 import dh_parameters, identities
from cases.web import fill_nginx

SUITE = ("-tls1_2", "-cipher", "ECDHE-RSA-AES128-GCM-SHA256")
AGREED = {"version": "TLS 1.2", "suite": "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"}
NOT_IN_LOG = {"expected": "closed", "reason": "client random not in the key log"}


def without_key(name, *arguments):
    """Decorator: the body gets a case with an s_server -HTTP on port 4433, whose key is not kept."""
    def wrap(body):
        def make():
            with Case(name) as case:
                host.set_loopback_mtu(1500)
                key, cert = identities(case)["rsa"]
                with OpensslServer(case.work, 4433, key, cert, ["-HTTP"], files=served_files(case)):
                    body(case)
                case.finish(*arguments)
        CASES[name] = make
        return make
    return wrap


CASES = {}


def fetch(case, *options, path="/small.txt", log="keys.log"):
    return clients.s_client(case.work, 4433, request(path), *SUITE, "-keylogfile", str(case.folder / log), *options)


@without_key("keylog_other_day", "-l", "keys.log")
def keylog_other_day(case):
    """The log is of an earlier run of the same client at the same server."""
    for _ in range(2):
        fetch(case)
    with case.tcpdump(4433):
        for _ in range(2):
            case.add(fetch(case, log="thrown-away.log"), **AGREED, **NOT_IN_LOG)
    (case.folder / "thrown-away.log").unlink()


@without_key("keylog_gap", "-l", "keys.log")
def keylog_gap(case):
    """Of three connections, the second is not in the log: another program made it."""
    with case.tcpdump(4433):
        case.add(fetch(case), **AGREED)
        case.add(clients.s_client(case.work, 4433, request("/small.txt"), *SUITE), **AGREED, **NOT_IN_LOG)
        case.add(fetch(case), **AGREED)


@without_key("keylog_resumed", "-l", "keys.log")
def keylog_resumed(case):
    """Sessions by ticket and by id whose full handshake stands outside the capture, opened by the log's line for the resumed one;
    whose line for the resumed one is missing, opened by that of the first; and with the log of the first alone, which says nothing
    about a connection that is not in the capture."""
    for how in ((), ("-no_ticket",)):
        for number, (first_inside, first_logged, second_logged) in enumerate(((False, False, True), (True, True, False), (False, True, False))):
            session, logs = case.work / f"session-{number}.pem", {True: "keys.log", False: "thrown-away.log"}
            first = {"options": ("-sess_out", str(session), *how), "log": logs[first_logged]}
            second = {"options": ("-sess_in", str(session), *how), "log": logs[second_logged]}
            resume(case, f"capture-{number + 1 if not how else number + 4}.pcap", first, second, first_inside,
                   opened=first_inside or second_logged)
    (case.folder / "thrown-away.log").unlink()
    join(case)


def resume(case, name, first, second, first_inside, opened):
    def one(what):
        return fetch(case, *what["options"], log=what["log"])
    if not first_inside:
        one(first)
    with case.tcpdump(4433, name=name):
        if first_inside:
            case.add(one(first), **AGREED, reason="full handshake")
        outcome = {"reason": "resumed"} if opened else {"expected": "closed", "reason": "resumed from a session outside the capture"}
        case.add(one(second), **AGREED, **outcome)


def join(case):
    """One capture out of those that tcpdump made between the handshakes that were not to be seen."""
    parts = sorted(case.folder.glob("capture-*.pcap"))
    host.run(["mergecap", "-F", "pcap", "-w", str(case.folder / "capture.pcap"), *map(str, parts)])
    for part in parts:
        part.unlink()


@without_key("keylog_late_start", "-l", "keys.log")
def keylog_late_start(case):
    """tcpdump started in the middle: no ClientHello, so that the log does not say which of its lines it is. Another connection is whole."""
    arguments = ("-tls1_2", "-cipher", SUITE[2], "-keylogfile", str(case.folder / "keys.log"))
    with OpensslServer(case.work, 4434, *identities_again(case), ["-rev"]), \
         clients.s_client_interactive(case.work, 4434, *arguments) as process:
        sent, received = turn_around(process, b"the first line was not captured\n")
        with case.tcpdump(4433, 4434):
            for number in range(3):
                more = turn_around(process, f"line {number} was captured\n".encode())
                sent, received = sent + more[0], received + more[1]
            process.stdin.write(b"CLOSE\n")
            process.stdin.flush()
            process.wait(10)
            case.add(clients.Exchange(sent + b"CLOSE\n", received, programs="openssl s_client"), **AGREED, expected="closed",
                     reason="handshake not captured")
            case.add(fetch(case), **AGREED)


def identities_again(case):
    return case.work / "rsa.key", case.work / "rsa.crt"


def turn_around(process, line):
    process.stdin.write(line)
    process.stdin.flush()
    answer = process.stdout.read(len(line))
    if answer != line[:-1][::-1] + b"\n":
        raise RuntimeError(f"s_server -rev answered {answer!r}")
    return line, answer


def ticket_key_other():
    """ECDHE with tickets, and the ticket key of another server."""
    with Case("ticket_key_other") as case:
        host.set_loopback_mtu(1500)
        key, cert = identities(case)["rsa"]
        right = ticket_key(case, "right.key", 80)
        given = case.folder / "other.key"
        given.write_bytes(random_bytes.token_bytes(80))
        given.chmod(0o600)
        closed = {"expected": "closed", "reason": "ticket under a key that was not given"}
        with Nginx(case.work, 443, key, cert, echo_port=8081, fill=fill_nginx, sessions=ticket_keys(right), suites="ALL:@SECLEVEL=0",
                   extra=f"ssl_dhparam {dh_parameters(case)};"), case.tcpdump(443):
            for version, suite in (("TLS 1.0", ECDHE_CBC), ("TLS 1.2", ECDHE_GCM), ("TLS 1.2", RSA_GCM)):
                visitor = Visitor(case, version, suite)
                visitor.get(443, "/hello.txt", resumed=False, **closed)
                visitor.get(443, "/style.css", resumed=True, **closed)
        case.finish("--ticket-key", "other.key")


CASES["ticket_key_other"] = ticket_key_other
