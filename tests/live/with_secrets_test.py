#!/usr/bin/env python3
"""--with-secrets over the recorded cases of testdata/captures: without any key tlspeel saves the same streams from the file that was
written, byte for byte, and tshark sees the same HTTP requests in it as with the key log beside the capture. The file is the same for any
number of threads, from a file as from standard input, has the packets that the capture has, and nobody else may read it. Needs no
permission to capture."""
import subprocess
import sys

import harness
import golden
from decrypted_pcap_test import REQUESTS, blocks, requests

# What mergecap puts together otherwise, what it cannot read, and what is damaged: tshark is not asked about the packets.
OTHER_PACKETS = {"clock_back", "files", "files_damaged", "files_pcap_variants", "links", "many_one_damaged", "truncated_file"}
FRAME = ["frame.time_epoch", "frame.len", "frame.cap_len", "frame.protocols"]


def main():
    return harness.tell(harness.over_recorded(check, 1000, "streams that were opened"))


def check(binary, folder, work):
    """The number of streams that the file opens by itself, and the faults of one case."""
    written, expected = {}, None
    for threads in golden.THREADS:
        pcapng = work / f"with-{threads}.pcapng"
        expected, key_log = saved(binary, folder, work / f"streams-{threads}", ["--with-secrets", str(pcapng), "--threads", threads])
        written[threads] = pcapng.read_bytes()
        if pcapng.stat().st_mode & 0o777 != 0o600:
            return 0, [f"it has mode {pcapng.stat().st_mode & 0o777:o}"]
    pcapng = work / "with-1.pcapng"
    faults = [f"{threads} threads write another file than one" for threads in golden.THREADS if written[threads] != written["1"]]
    faults += block_faults(written["1"], key_log)
    copy = work / folder.name
    copy.mkdir()
    (copy / "capture.pcapng").symlink_to(pcapng)
    (copy / "args").write_text("")
    found, again = saved(binary, copy, work / "streams-again", [])
    faults += [f"{name}: not what the secrets of the case open" for name in sorted(expected.keys() | found.keys())
               if expected.get(name) != found.get(name)]
    if again != key_log:
        faults.append("the key log of the file is another one")
    if folder.name in REQUESTS:
        faults += tshark_faults(folder, work, pcapng)
        faults += pipe_faults(binary, folder, work, written["1"])
    return len(found), faults


def saved(binary, folder, streams, arguments):
    """({name: bytes} of the saved streams, the key log)"""
    key_log = streams.parent / "keys.log"
    golden.run(binary, folder, ["--save-streams", str(streams), "--keylog-out", str(key_log), *arguments])
    return {path.name: path.read_bytes() for path in streams.iterdir()}, key_log.read_bytes()


def block_faults(pcapng, key_log):
    """Interfaces and secrets stand in front of the packets, and the secrets are those of a key log, whatever their order."""
    kinds = [kind for kind, _ in blocks(pcapng)]
    faults = [] if kinds == sorted(kinds, key=[0x0a0d0d0a, 1, 10, 6].index) else ["its blocks stand in another order"]
    lines = b"".join(body[8:].rstrip(b"\0") for kind, body in blocks(pcapng) if kind == 10)
    if sorted(lines.splitlines()) != sorted(key_log.splitlines()):
        faults.append("its secrets are not those of --keylog-out")
    return faults


def tshark_faults(folder, work, pcapng):
    capture = folder / golden.capture_files(folder)[0]
    told = [f"tcp.port=={port},tls" for port in REQUESTS[folder.name]]
    by_key_log = requests(capture, ["-o", f"tls.keylog_file:{work / 'keys.log'}"], told)
    faults = [] if by_key_log else ["tshark sees no request in the capture"]
    if requests(pcapng, [], told) != by_key_log:
        faults.append("tshark sees other requests than with the key log")
    if folder.name not in OTHER_PACKETS and frames(capture) != frames(pcapng):
        faults.append("its packets are not those of the capture")
    return faults


def frames(capture):
    fields = [word for field in FRAME for word in ("-e", field)]
    options = ["-o", "tls.keylog_file:", "--disable-protocol", "tls", "-T", "fields", *fields]
    return subprocess.run(["tshark", "-n", "-r", capture, *options], capture_output=True, text=True, check=True).stdout


def pipe_faults(binary, folder, work, expected):
    captures = golden.capture_files(folder)
    if len(captures) != 1:
        return []
    target = work / "piped.pcapng"
    golden.run(binary, folder, ["--with-secrets", str(target)], captures=["-"], stdin=folder / captures[0])
    return [] if target.read_bytes() == expected else ["from standard input it is another file"]


if __name__ == "__main__":
    sys.exit(main())
