#!/usr/bin/env python3
"""--keylog-out over the recorded cases of testdata/captures: with nothing but the key log that was written, tlspeel saves the same streams,
byte for byte, and tshark opens what exchanged.tsv calls opened. The key log is the same for any number of threads, has each line
once, and nobody else may read it. Needs no permission to capture."""
import re
import subprocess
import sys

import harness
import check_with_tshark
import golden

LINE = re.compile(r"[A-Z0-9_]+ [0-9a-f]{64} ([0-9a-f]{2})+")
TSHARK_CANNOT = check_with_tshark.known_differences()
# With the key log tshark shows more than was exchanged: early data that the server refused.
TSHARK_SHOWS_MORE = {"synth_tls13_ephemeral": {10, 11}, "tls13_ticket_key": {7, 17, 27}}
# Connections that tshark cannot be asked about with the secrets of their case: it does not know this ChaCha20-Poly1305.
TSHARK_CANNOT["synth_chacha_draft"] = {1, 2, 3}


def main():
    return harness.tell(harness.over_recorded(check, 100, "streams that were opened"))


def check(binary, folder, work):
    """The number of streams that the key log opens, and the faults of one case."""
    copy = work / folder.name  # the same case with the key log as its only secret
    copy.mkdir()
    expected, key_log = run(binary, folder, work / "by-secrets", 1)
    again, same = run(binary, folder, work / "by-secrets-again", 4)
    faults = [] if (expected, key_log) == (again, same) else ["4 threads write another key log or other streams than one"]
    faults += key_log_faults(key_log)
    (copy / "keys.log").write_bytes(key_log)
    (copy / "args").write_text("\n".join(["-l", "keys.log", *filter_of(folder), ""]), encoding="utf-8")
    for path in folder.iterdir():
        if path.name.startswith(("capture", "exchanged")):
            (copy / path.name).symlink_to(path)
    if not expected:
        return 0, faults
    found, repeated = run(binary, copy, work / "by-key-log", 1)
    faults += [f"{name}: not what the secrets of the case open" for name in sorted(expected.keys() | found.keys())
               if expected.get(name) != found.get(name)]
    if repeated != key_log:
        faults.append("the key log that is written with the key log is another one")
    return len(found), faults + tshark_faults(copy)


def filter_of(folder):
    """What the case asks for of its capture, whatever opens it."""
    arguments = golden.case_arguments(folder)
    return arguments[arguments.index("-f"):][:2] if "-f" in arguments else []


def run(binary, folder, work, threads):
    """({name: bytes} of the saved streams, the key log)"""
    work.mkdir()
    key_log, streams = work / "keys.log", work / "streams"
    golden.run(binary, folder, ["--keylog-out", str(key_log), "--save-streams", str(streams), "--threads", str(threads)])
    if key_log.stat().st_mode & 0o777 != 0o600:
        raise golden.Mismatch(f"the key log has mode {key_log.stat().st_mode & 0o777:o}")
    return {path.name: path.read_bytes() for path in streams.iterdir()}, key_log.read_bytes()


def key_log_faults(key_log):
    lines = key_log.decode("ascii").splitlines()
    faults = [f"no line of a key log: {line}" for line in lines if not LINE.fullmatch(line)]
    return faults + ([] if len(lines) == len(set(lines)) else ["a line is there twice"])


def tshark_faults(folder):
    if folder.name in check_with_tshark.ASKED_WHEN_MADE or not check_with_tshark.to_open(folder):
        return []
    captures = golden.capture_files(folder)
    if len(captures) > 1:  # of which the comparison takes the first
        subprocess.run(["mergecap", "-a", "-w", "capture-0.pcap", *captures], cwd=folder, check=True)
    wanted, equal, differing = check_with_tshark.compare(folder)
    known = TSHARK_CANNOT.get(folder.name, set()) | TSHARK_SHOWS_MORE.get(folder.name, set())
    if wanted and equal is None:
        return ["tshark was not asked"]
    unexpected = sorted(set(differing) - known)
    return [f"tshark does not open connections {unexpected} with the key log"] if unexpected else []


if __name__ == "__main__":
    sys.exit(main())
