#!/usr/bin/env python3
"""--decrypted-pcap over the recorded cases of testdata/captures: the file is the same for any number of threads, nobody else may read it,
and what its connections carry is what --save-streams saves, byte for byte and hole for hole. tshark finds no wrong checksum in it and
no segment out of order, tcpdump reads it, and the HTTP requests that tshark sees in it are those that it sees in the capture with the
secrets. Needs no permission to capture."""
import collections
import pathlib
import struct
import subprocess
import sys

import harness
import golden

# HTTP/1 over TLS that tshark opens with a key log, by the ports of the servers.
REQUESTS = {"apache_rsa": [443], "nginx_rsa": [443], "resumed_nginx": [443], "keylog_curl_wget": [443], "keylog_resumed": [443],
            "ipv6_odd_port": [6667], "codings": [8443], "tls13_web": [443], "tcp_holes": [443], "keylog_gap": [4433]}
# What other readers are asked about as well: holes, tunnels, IPv6, TLS in TLS.
READ = {*REQUESTS, "http2", "http2_holes", "tls_in_tls", "tunnels", "starttls_mail", "tcp_shuffled", "tls13_key_update", "mirror_doubled"}
FIELDS = ["tcp.srcport", "tcp.dstport", "http.request.method", "http.request.uri", "http.host"]
WRONG = "ip.checksum.status == 0 || tcp.checksum.status == 0 || tcp.analysis.out_of_order || tcp.analysis.retransmission || _ws.malformed"


def main():
    return harness.tell(harness.over_recorded(check, 1000, "streams that were written"))


def check(binary, folder, work):
    """The number of streams in the file, and the faults of one case."""
    pcaps = {}
    for threads in golden.THREADS:
        pcap, streams = work / f"plain-{threads}.pcapng", work / f"streams-{threads}"
        golden.run(binary, folder, ["--decrypted-pcap", str(pcap), "--save-streams", str(streams), "--keylog-out", str(work / "keys.log"),
                                    "--threads", str(threads)])
        pcaps[threads] = pcap.read_bytes()
        if pcap.stat().st_mode & 0o777 != 0o600:
            return 0, [f"it has mode {pcap.stat().st_mode & 0o777:o}"]
    faults = [f"{threads} threads write another file than one" for threads in golden.THREADS if pcaps[threads] != pcaps["1"]]
    carried = connections_in(pcaps["1"])
    faults += stream_faults(carried, work / "streams-1")
    if folder.name in READ:
        faults += reader_faults(work / "plain-1.pcapng")
    if folder.name in REQUESTS:
        faults += request_faults(folder, work)
    return 2 * len(carried), faults


# ---- what it carries ----------------------------------------------------------------------------------------------------------------

def connections_in(pcapng):
    """{number of the connection: {"client": bytes, "server": bytes, "over": ended by another connection}}, zeros where bytes are missing"""
    found, live = {}, {}
    for block_type, body in blocks(pcapng):
        if block_type != 6:
            continue
        size = struct.unpack_from("<I", body, 12)[0]
        ends, sequence, flags, payload = segment(body[20:20 + size])
        if flags & 0x12 == 2:
            comment = body[20 + size + (-size) % 4 + 4:].split(b"\0")[0].decode()
            number = int(comment.partition("#")[2].partition(";")[0])
            live[ends] = live[ends[::-1]] = found[number] = {"client": bytearray(), "server": bytearray(), "from": ends, "first": {}}
        connection = live[ends]
        if flags & 2:
            connection["first"][ends] = sequence
            continue
        side = connection["client" if ends == connection["from"] else "server"]
        missing = ((sequence - connection["first"][ends] - 1) & 0xffffffff) - len(side)
        if payload:
            side += bytes(missing) + payload
    return found


def blocks(pcapng):
    at = 0
    while at < len(pcapng):
        block_type, length = struct.unpack_from("<II", pcapng, at)
        yield block_type, pcapng[at + 8:at + length - 4]
        at += length


def segment(frame):
    if frame[12:14] == b"\x08\x00":
        source, target, tcp = frame[26:30], frame[30:34], frame[34:]
    else:
        source, target, tcp = frame[22:38], frame[38:54], frame[54:]
    sequence, = struct.unpack_from(">I", tcp, 4)
    return (source + tcp[0:2], target + tcp[2:4]), sequence, tcp[13], tcp[tcp[12] // 16 * 4:]


def stream_faults(carried, streams):
    """Against --save-streams. Where a hole's length is not known, one byte is missing in the one and none in the other."""
    saved = {(int(path.name[:6]), path.suffix[1:]): path for path in streams.iterdir() if path.suffix != ".holes"}
    wanted = {number for number, _ in saved}
    outer = {number for number in wanted if number not in carried}
    faults = [f"connection {number} is not in it" for number in sorted(outer)]
    for number, connection in sorted(carried.items()):
        for direction in ("client", "server"):
            path = saved.get((number, direction))
            expected = with_holes(path) if path else b""
            found = bytes(connection[direction])
            # The outer one of two ends where the inner one begins.
            if found != expected and not (expected.startswith(found) and carries_another(carried, number)):
                faults.append(f"connection {number}, {direction}: {len(found)} bytes, where {len(expected)} were saved, or others")
    return faults


def carries_another(carried, number):
    return any(other > number and {connection["from"]} == {carried[number]["from"]} for other, connection in carried.items())


def with_holes(path):
    """The saved stream with a zero where --decrypted-pcap leaves out one byte, and without zeros at its end."""
    data, added = bytearray(path.read_bytes()), 0
    holes = pathlib.Path(f"{path}.holes")
    lines = [line.split() for line in holes.read_text().splitlines() if not line.startswith("#")] if holes.exists() else []
    for offset, length, _ in lines:
        if length == "unknown":
            data[int(offset) + added:int(offset) + added] = b"\0"
            added += 1
    end = len(data)
    for offset, length, _ in reversed(lines):
        size = 1 if length == "unknown" else int(length)
        if int(offset) + size != end - (added - 1 if length == "unknown" else added):
            break
        end -= size
        added -= length == "unknown"
    return bytes(data[:end])


# ---- what others make of it ---------------------------------------------------------------------------------------------------------

def reader_faults(pcap):
    faults = []
    wrong = tshark(pcap, ["-o", "ip.check_checksum:TRUE", "-o", "tcp.check_checksum:TRUE", "-Y", WRONG, "-T", "fields", "-e", "frame.number"])
    if wrong:
        faults.append(f"tshark finds fault with packets {' '.join(wrong.split())}")
    read = subprocess.run(["tcpdump", "-nn", "-r", pcap], capture_output=True, text=True, check=True)
    packets = sum(1 for block_type, _ in blocks(pcap.read_bytes()) if block_type == 6)
    if len(read.stdout.splitlines()) != packets:
        faults.append(f"tcpdump reads {len(read.stdout.splitlines())} of {packets} packets")
    return faults


def request_faults(folder, work):
    capture = folder / golden.capture_files(folder)[0]
    ports = REQUESTS[folder.name]
    opened = requests(capture, ["-o", f"tls.keylog_file:{work / 'keys.log'}"], [f"tcp.port=={port},tls" for port in ports])
    plain = requests(work / "plain-1.pcapng", [], [f"tcp.port=={port},http" for port in ports])
    if not opened:
        return ["tshark sees no request in the capture"]
    return [] if opened == plain else [f"requests: {sorted((opened - plain).elements())} are missing, "
                                       f"{sorted((plain - opened).elements())} are not in the capture"]


def requests(capture, options, ports):
    told = [word for port in ports for word in ("-d", port)]
    fields = [word for field in FIELDS for word in ("-e", field)]
    return collections.Counter(tshark(capture, [*options, *told, "-Y", "http.request", "-T", "fields", *fields]).splitlines())


def tshark(capture, arguments):
    return subprocess.run(["tshark", "-n", "-r", capture, *arguments], capture_output=True, text=True, check=True).stdout


if __name__ == "__main__":
    sys.exit(main())
