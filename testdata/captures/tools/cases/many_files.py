"""One capture in many files: rotated by size and by time, in a folder, by two captures at the same time, one of them damaged. Several
connections go on from one file into the next."""
import shutil
import socket
import ssl
import time

import remake
from content import text
from lab import capture, clients, host, pcapfile
from lab.case import Case
from lab.servers import OpensslServer

SUITE = ("AES128-GCM-SHA256", "TLS_RSA_WITH_AES_128_GCM_SHA256")
SIZE_OF_A_FILE = 4000
CONNECTIONS = 3


class Talk:
    """A connection of Python's ssl module to `s_server -rev`, which answers each line reversed; several are open at the same time."""

    def __init__(self, port):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_2
        context.set_ciphers(f"{SUITE[0]}:@SECLEVEL=0")
        self.sent, self.received = b"", b""
        self.secure = context.wrap_socket(socket.create_connection(("127.0.0.1", port)), server_hostname="www.example.com")

    def say(self, line):
        self.secure.sendall(line + b"\n")
        self.sent += line + b"\n"
        while len(self.received) < len(self.sent):
            piece = self.secure.recv(16384)
            if not piece:
                raise RuntimeError("the server ended the connection")
            self.received += piece

    def close(self):
        self.secure.close()
        return clients.Exchange(self.sent, self.received, programs="Python ssl, s_server")


def line(number, size):
    return text(size + number).replace(b"\r", b" ").replace(b"\n", b" ")


def talk_at_once(case, ports, rounds, size, pause=0.0):
    """Each talk says a line in turn; s_server serves one connection at a time, so each has a server of its own."""
    talks = [Talk(port) for port in ports]
    for number in range(rounds):
        for talk in talks:
            talk.say(line(number, size))
        time.sleep(pause)
    for talk in talks:
        case.add(talk.close(), version="TLS 1.2", suite=SUITE[1])


class Servers:
    def __init__(self, case, count):
        host.set_loopback_mtu(1500)
        key, cert = case.identity()
        self.ports = [4433 + n for n in range(count)]
        self.running = [OpensslServer(case.work, port, key, cert, ["-rev"]) for port in self.ports]

    def __enter__(self):
        for server in self.running:
            server.__enter__()
        return self.ports

    def __exit__(self, *error):
        for server in reversed(self.running):
            server.__exit__(*error)


def finish(case, parts, arguments=("-k", "server.key")):
    """The files together, in the order of time, tell the connections."""
    link, packets = pcapfile.ETHERNET, []
    for part in parts:
        link, nanoseconds, some = pcapfile.read(part)
        packets += some
    packets.sort(key=lambda packet: (packet.seconds, packet.fraction))
    pcapfile.write(case.work / "all.pcap", link, packets, nanoseconds=nanoseconds)
    pairs = pcapfile.connections(case.work / "all.pcap", case.server_ports)
    if len(pairs) != len(case.exchanges):
        raise RuntimeError(f"{case.folder.name}: {len(pairs)} connections captured, {len(case.exchanges)} exchanged")
    case.write(arguments, [(one, *map(pcapfile.address, pair)) for one, pair in zip(case.exchanges, pairs)])


def parts_of(case, pattern, least):
    parts = sorted(case.folder.glob(pattern))
    if len(parts) < least:
        raise RuntimeError(f"{case.folder.name}: only {len(parts)} files were written")
    return parts


def rotated_by_size():
    """capture.pcap, capture.pcap1 to capture.pcap11 or so: the order of names is not that of time. The smallest file of tcpdump -C 1
    would be a million bytes, so what it does is done here to one real capture: once a file is larger, the next begins."""
    with Case("many_rotated_by_size") as case, Servers(case, CONNECTIONS) as ports:
        whole = case.work / "whole.pcap"
        case.server_ports.update(ports)
        with capture.Tcpdump(whole, case.work, " or ".join(f"tcp port {port}" for port in ports)):
            talk_at_once(case, ports, rounds=6, size=1500)
        link, nanoseconds, packets = pcapfile.read(whole)
        parts, length = [[]], 0
        for packet in packets:
            if length > SIZE_OF_A_FILE:
                parts.append([])
                length = 0
            parts[-1].append(packet)
            length += 16 + len(packet.data)
        for number, part in enumerate(parts):
            pcapfile.write(case.folder / f"capture.pcap{number or ''}", link, part, nanoseconds=nanoseconds)
        finish(case, parts_of(case, "capture.pcap*", 11))


def rotated_by_time():
    """tcpdump -G 1, in a folder that holds something else, too."""
    with Case("many_rotated_by_time") as case, Servers(case, CONNECTIONS) as ports:
        folder = case.folder / "captures"
        folder.mkdir()
        case.server_ports.update(ports)
        dump = capture.Tcpdump(folder / "lo-%s.pcap", case.work, " or ".join(f"tcp port {port}" for port in ports), options=("-G", "1"))
        with dump:
            talk_at_once(case, ports, rounds=4, size=300, pause=0.8)
        (folder / "README").write_text("What this host said to itself, a file per second.\n")
        (folder / ".lo.pcap.swp").write_bytes(b"hidden")
        finish(case, parts_of(case, "captures/lo-*.pcap", 3))


def split_by_direction():
    """Two tcpdumps at the same time: one sees what the clients send, one what the servers do."""
    with Case("many_by_direction") as case, Servers(case, CONNECTIONS) as ports:
        case.server_ports.update(ports)
        names = {"capture-servers.pcap": "src", "capture-clients.pcap": "dst"}
        dumps = [capture.Tcpdump(case.folder / name, case.work, " or ".join(f"tcp {side} port {port}" for port in ports))
                 for name, side in names.items()]
        with dumps[0], dumps[1]:
            talk_at_once(case, ports, rounds=3, size=400)
        finish(case, [case.folder / name for name in names])


def damaged_between():
    """many_rotated_by_size, and the end of one file in the middle is missing."""
    with Case("many_one_damaged") as case:
        origin = case.folder.parent / "many_rotated_by_size"
        remake.take_over(origin, case.folder)
        for path in origin.glob("capture.pcap*"):
            shutil.copy(path, case.folder)
        damaged = case.folder / "capture.pcap5"
        damaged.write_bytes(damaged.read_bytes()[:-900])
        remake.set_outcome(case.folder, expected="partial", reason="one of the files is cut off")


CASES = {
    "many_rotated_by_size": rotated_by_size,
    "many_rotated_by_time": rotated_by_time,
    "many_by_direction": split_by_direction,
    "many_one_damaged": damaged_between,
}
