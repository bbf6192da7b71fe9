"""Up to TLS 1.2, a key log, and no ClientHello: only the server's direction was captured, or the packets with the hello are missing."""
from lab import clients, host, pcapfile, pki
from lab.case import Case
from lab.exchange import suite_name
from lab.servers import OpensslServer

from cases.matrix import request, served_files

NO_CLIENT = "only the server's direction was captured"
# One of every construction: GCM, CCM, ChaCha20, CBC, CBC with encrypt-then-MAC, CBC before TLS 1.1.
SUITES = (
    ("TLS 1.2", "-tls1_2", "ECDHE-RSA-AES128-GCM-SHA256", ()),
    ("TLS 1.2", "-tls1_2", "DHE-RSA-AES256-CCM", ()),
    ("TLS 1.2", "-tls1_2", "ECDHE-RSA-CHACHA20-POLY1305", ()),
    ("TLS 1.2", "-tls1_2", "ECDHE-RSA-AES256-SHA384", ("-no_etm",)),
    ("TLS 1.2", "-tls1_2", "ECDHE-RSA-AES128-SHA256", ()),
    ("TLS 1.0", "-tls1", "ECDHE-RSA-AES128-SHA", ("-no_etm",)),
)


def fetch(case, version, flag, suite, options, logged=True, **fields):
    log = ("-keylogfile", str(case.folder / "keys.log")) if logged else ()
    result = clients.s_client(case.work, 4433, request("/small.txt"), flag, "-cipher", f"{suite}:@SECLEVEL=0", *options, *log)
    case.add(result, version=version, suite=suite_name(suite), **fields)


def write_one_sided(case):
    """As Case.write, but of what opens only the server's side does."""
    path = case.folder / "exchanged.tsv"
    lines = path.read_text().splitlines()
    for number, line in enumerate(lines):
        columns = line.split("\t")
        if columns[8] == "client" and columns[5] == "opened":
            columns[5:7] = ["closed", NO_CLIENT]
            lines[number] = "\t".join(columns)
    path.write_text("\n".join(lines) + "\n")


def one_direction_server():
    """tcpdump sees what the server sends alone. Two connections share a session; the last one is not in the log, and the server's key
    is no help, for the premaster secret was not captured."""
    with Case("one_direction_server") as case:
        host.set_loopback_mtu(1500)
        key, cert = case.identity()
        session = str(case.work / "session.pem")
        with OpensslServer(case.work, 4433, key, cert, ["-HTTP"], files=served_files(case)):
            with case.tcpdump(4433, expression="tcp src port 4433"):
                for row in SUITES:
                    fetch(case, *row)
                fetch(case, "TLS 1.2", "-tls1_2", "ECDHE-RSA-AES256-GCM-SHA384", ("-sess_out", session))
                fetch(case, "TLS 1.2", "-tls1_2", "ECDHE-RSA-AES256-GCM-SHA384", ("-sess_in", session))
                fetch(case, "TLS 1.2", "-tls1_2", "AES128-GCM-SHA256", (), logged=False, expected="closed",
                      reason="the log does not name it, and the server's key needs what the client sent")
        case.finish("-l", "keys.log", "-k", "server.key")
        write_one_sided(case)


def lost_client_hello():
    """Both directions; the packets with the ClientHello are taken out by script afterwards, in the last connection only the first of
    the two that hold it."""
    with Case("lost_client_hello") as case:
        host.set_loopback_mtu(1500)
        key = pki.make_key(case.work / "server.key")
        cert = pki.self_signed(key, case.work / "server.crt")
        session = str(case.work / "session.pem")
        name = ".".join(["n" * 60] * 4)
        with OpensslServer(case.work, 4433, key, cert, ["-HTTP"], files=served_files(case)):
            with case.tcpdump(4433):
                for row in SUITES:
                    fetch(case, *row)
                fetch(case, "TLS 1.2", "-tls1_2", "ECDHE-RSA-AES256-GCM-SHA384", ("-sess_out", session))
                fetch(case, "TLS 1.2", "-tls1_2", "ECDHE-RSA-AES256-GCM-SHA384", ("-sess_in", session))
                protocols = ",".join(f"protocol-number-{number:03}" for number in range(120))
                fetch(case, "TLS 1.2", "-tls1_2", "ECDHE-RSA-AES256-GCM-SHA384", ("-servername", name, "-alpn", protocols))
        case.finish("-l", "keys.log")
        remake_without_hello(case.folder / "capture.pcap")


def remake_without_hello(path):
    link, nanoseconds, packets = pcapfile.read(path)
    seen, kept = set(), []
    for packet in packets:
        part = pcapfile.segment(packet.data, link)
        if part.target[1] == 4433 and part.data and part.source not in seen:
            seen.add(part.source)
        else:
            kept.append(packet)
    pcapfile.write(path, link, kept, nanoseconds=nanoseconds)


CASES = {function.__name__: function for function in (one_direction_server, lost_client_hello)}
