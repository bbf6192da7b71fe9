#!/usr/bin/env python3
"""Asks tshark for every case: are the connections that exchanged.tsv calls opened really opened, byte for byte?

    check_with_tshark.py [CASE...]

Prints a table ('-': tshark has no use for the secrets of the case, or was asked when it was made); ends with 1 when a case differs that tools/tshark_differs.tsv does not name (column: case, connections
that differ, why), or when a case that is named there does not differ any more.
"""
import hashlib
import itertools
import pathlib
import subprocess
import sys
import tempfile

TOOLS = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(TOOLS))
from lab import exchange, tshark  # noqa: E402

ROOT = TOOLS.parent
# Link types that tshark does not know are among them, and files that mergecap cannot put together; what makes such a case asks
# tshark or tcpdump about each file.
ASKED_WHEN_MADE = {"links", "tunnels", "filter_inside", "filter_nothing", "files", "files_damaged", "files_pcap_variants"}


def known_differences():
    rows = [line.split("\t") for line in (TOOLS / "tshark_differs.tsv").read_text().splitlines() if not line.startswith("#")]
    return {row[0]: {int(number) for number in row[1].split(",")} for row in rows}


def to_open(folder):
    """{(client, server, connection): {direction: SHA-256}} of the connections that should open."""
    wanted = {}
    for row in exchange.read(folder):
        if row["expected"] == "opened":
            wanted.setdefault((row["client"], row["server"], int(row["conn"])), {})[row["direction"]] = row["sha256"]
    return wanted


def compare(folder):
    """(connections that should open, those that tshark opened byte for byte, numbers of the others)."""
    wanted = to_open(folder)
    if folder.name in ASKED_WHEN_MADE:
        return len(wanted), None, []
    with tempfile.TemporaryDirectory() as work:
        work = pathlib.Path(work)
        ways = tshark.secrets_of(folder, work)
        if not wanted or not ways:
            return len(wanted), None, []  # tshark has no use for the secrets of this case
        found, ports = {}, {target.rpartition(":")[2] for _, target, _ in wanted}
        # Told that these ports speak TLS; and left to itself, which it needs for what turns to TLS later.
        for (keys, options), told in itertools.product(ways, (ports, set())):
            for ends, streams in tshark.decrypted_streams(tshark.capture_of(folder, work), keys, told, options).items():
                found.setdefault(ends, []).extend(streams)
    differing = []
    for (client, server, number), digests in wanted.items():
        for direction, digest in digests.items():
            if not any(hashlib.sha256(data).hexdigest() == digest for data in found.get((client, server, direction), [b""])):
                differing.append(number)
    differing = sorted(set(differing))
    return len(wanted), len(wanted) - len(differing), differing


def main(names):
    known, bad = known_differences(), 0
    folders = [ROOT / name for name in names] or sorted(path.parent for path in ROOT.glob("*/exchanged.tsv"))
    print(f"{'case':24} {'to open':>8} {'equal':>8}  differing connections")
    for folder in folders:
        wanted, equal, differing = compare(folder)
        verdict = "" if set(differing) == known.get(folder.name, set()) else "  UNEXPECTED"
        bad += bool(verdict)
        print(f"{folder.name:24} {wanted:8} {'-' if equal is None else equal:>8}  {','.join(map(str, differing))}{verdict}",
              flush=True)
    return 1 if bad else 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except subprocess.CalledProcessError as error:
        sys.exit(f"tshark: {error.stderr.decode(errors='replace')}")
