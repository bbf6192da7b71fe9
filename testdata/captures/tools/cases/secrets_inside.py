"""Secrets that stand in the capture itself: the Decryption Secrets Blocks of pcapng. No key and no log is given."""
from lab import clients, host, pcapfile, pcapng
from lab.case import Case
from lab.exchange import suite_name
from lab.servers import OpensslServer

from cases.matrix import OPENSSL_VERSIONS, request, served_files
from cases.secrets12 import dh_parameters, identities

CHOSEN = [("TLS 1.2", "ECDHE-RSA-AES128-GCM-SHA256"), ("TLS 1.0", "ECDHE-RSA-AES256-SHA"), ("TLS 1.2", "DHE-RSA-AES256-SHA256"),
          ("TLS 1.2", "ECDHE-RSA-CHACHA20-POLY1305"), ("TLS 1.2", "AES256-GCM-SHA384")]


def exchanged(name, write):
    """A case of five connections; `write(capture.pcap, [key log of each connection], target)` makes a pcapng file of them."""
    with Case(name) as case:
        host.set_loopback_mtu(1500)
        key, cert = identities(case)["rsa"]
        logs = [case.work / f"{number}.log" for number in range(len(CHOSEN))]
        with OpensslServer(case.work, 4433, key, cert, ["-HTTP", "-dhparam", str(dh_parameters(case))], files=served_files(case)), \
             case.tcpdump(4433):
            for (version, suite), log in zip(CHOSEN, logs):
                case.add(clients.s_client(case.work, 4433, request("/small.txt"), OPENSSL_VERSIONS[version], "-cipher",
                                          f"{suite}:@SECLEVEL=0", "-keylogfile", str(log)), version=version, suite=suite_name(suite))
        case.finish()
        plain = case.folder / "capture.pcap"
        write(plain, logs, case.folder / "capture.pcapng")
        plain.unlink()


def joined(logs):
    path = logs[0].parent / "joined.log"
    path.write_bytes(b"".join(log.read_bytes() for log in logs))
    return path


def secrets_at_start():
    """As `editcap --inject-secrets` writes it: one block before the first packet."""
    exchanged("secrets_at_start", lambda plain, logs, target: host.run(
        ["editcap", "--inject-secrets", f"tls,{joined(logs)}", str(plain), str(target)]))


def secrets_in_two_blocks():
    """Two captures, each with its secrets by editcap, one behind the other: that is one capture of two sections. (Given two logs,
    editcap 4.0 writes the second one twice; and neither it nor mergecap writes a file again that has such a block.)"""
    def write(plain, logs, target):
        link, _, packets = pcapfile.read(plain)
        middle, halves = first_packets(packets, link)[2], []
        for number, (part, some) in enumerate(((packets[:middle], logs[:2]), (packets[middle:], logs[2:]))):
            half, path = plain.with_name("half.pcap"), logs[0].parent / f"half-{number}.pcapng"
            pcapfile.write(half, link, part)
            host.run(["editcap", "--inject-secrets", f"tls,{joined(some)}", str(half), str(path)])
            half.unlink()
            halves.append(path.read_bytes())
        target.write_bytes(b"".join(halves))
    exchanged("secrets_in_two_blocks", write)


def secrets_between():
    """Re-made by lab/pcapng.py: each connection's secrets stand behind its first packets, one connection's behind everything; a block of
    another kind of secrets (WireGuard) and a second interface stand between them."""
    exchanged("secrets_between", lambda plain, logs, target: pcapng.write(target, between(plain, logs, "<")))


def secrets_big_endian():
    """The same in the byte order of a big-endian machine, with a second section whose secrets are all behind the packets."""
    def write(plain, logs, target):
        link, nanoseconds, packets = pcapfile.read(plain)
        middle = first_packets(packets, link)[3]
        rest = b"".join(log.read_bytes() for log in logs[3:])
        pcapng.write(target, between(plain, logs[:3], ">", packets[:middle]) + pcapng.section(">", link) +
                     [pcapng.packet(">", one, nanoseconds) for one in packets[middle:]] + [pcapng.secrets(">", pcapng.TLS_KEY_LOG, rest)])
    exchanged("secrets_big_endian", write)


def first_packets(packets, link):
    """Where each connection begins."""
    return [number for number, one in enumerate(packets) if pcapfile.segment(one.data, link).flags & 0x12 == 2]


def between(plain, logs, order, packets=None):
    link, nanoseconds, every = pcapfile.read(plain)
    packets = every if packets is None else packets
    starts = first_packets(packets, link)
    blocks = pcapng.section(order, link)
    for number, one in enumerate(packets):
        for log, start in zip(logs[:-1], starts):
            if number == start + 5:
                blocks.append(pcapng.secrets(order, pcapng.TLS_KEY_LOG, log.read_bytes()))
        if number == starts[1]:
            blocks.append(pcapng.secrets(order, pcapng.WIREGUARD_KEY_LOG, b"LOCAL_STATIC_PRIVATE_KEY = AAAA\n"))
            blocks.append(pcapng.interface(order, link))
        blocks.append(pcapng.packet(order, one, nanoseconds))
    return blocks + [pcapng.secrets(order, pcapng.TLS_KEY_LOG, logs[-1].read_bytes())]


CASES = {function.__name__: function for function in (secrets_at_start, secrets_in_two_blocks, secrets_between, secrets_big_endian)}
