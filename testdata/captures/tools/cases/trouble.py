"""What TCP meets on its way, re-made by script (remake.py) from the real capture tcp_base."""
import remake
from content import text
from lab import host
from lab.case import Case
from lab.servers import OpensslServer

from cases.matrix import echo, request, served_files
from lab import clients


def tcp_base():
    """A download in records of 16 kB, an echo in both directions, and another download."""
    with Case("tcp_base") as case:
        host.set_loopback_mtu(1500)
        key, cert = case.identity()
        with OpensslServer(case.work, 4433, key, cert, ["-HTTP"], files=served_files(case)), \
             OpensslServer(case.work, 4434, key, cert, ["-rev"]), case.tcpdump(4433, 4434):
            case.add(clients.s_client(case.work, 4433, request("/large.txt"), "-tls1_2", "-cipher", "AES128-SHA:@SECLEVEL=0"),
                     version="TLS 1.2", suite="TLS_RSA_WITH_AES_128_CBC_SHA")
            case.add(echo(case, 4434, text(3000), "-tls1_2", "-cipher", "AES256-GCM-SHA384"),
                     version="TLS 1.2", suite="TLS_RSA_WITH_AES_256_GCM_SHA384")
            case.add(clients.s_client(case.work, 4433, request("/large.bin"), "-tls1", "-cipher", "AES256-SHA:@SECLEVEL=0"),
                     version="TLS 1.0", suite="TLS_RSA_WITH_AES_256_CBC_SHA")
        case.finish("-k", "server.key")


def remade(name, change, **outcome):
    def make():
        with Case(name) as case:
            origin = case.folder.parent / "tcp_base"
            remake.take_over(origin, case.folder)
            change(origin / "capture.pcap", case.folder / "capture.pcap")
            if outcome:
                remake.set_outcome(case.folder, **outcome)
    return make


def port_reuse():
    with Case("tcp_port_reuse") as case:
        origin = case.folder.parent / "tcp_base"
        remake.take_over(origin, case.folder)
        remake.same_port(origin / "capture.pcap", case.folder / "capture.pcap")
        table = case.folder / "exchanged.tsv"
        rows = [line.split("\t") for line in table.read_text().splitlines()]
        for row in rows[1:]:
            row[1] = rows[1][1]
        table.write_text("".join("\t".join(row) + "\n" for row in rows))


CASES = {
    "tcp_base": tcp_base,
    "tcp_shuffled": remade("tcp_shuffled", remake.shuffled),
    "tcp_shuffled_both": remade("tcp_shuffled_both", remake.shuffled_both_ways),
    "tcp_duplicated": remade("tcp_duplicated", remake.duplicated),
    "tcp_overlap": remade("tcp_overlap", remake.overlapping),
    "tcp_conflict": remade("tcp_conflict", remake.conflicting),
    "tcp_sequence_wrap": remade("tcp_sequence_wrap", remake.sequence_wrap),
    "tcp_port_reuse": port_reuse,
    "ip_fragments": remade("ip_fragments", remake.fragmented),
    "tcp_holes": remade("tcp_holes", remake.holes, expected="partial", reason="packets are missing", only={1}),
    "truncated_file": remade("truncated_file", remake.truncated, expected="partial", reason="the file ends in a packet", only={3}),
}
