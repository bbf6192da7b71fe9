#!/usr/bin/env python3
"""Loss bench: real captures of every way in which TLS protects records, with packets left out, shuffled and doubled; how much tlspeel,
tshark and ssldump open with the same secrets, and whether a byte of it is wrong. Called by loss.sh, which says what the options mean.

Bytes are those of application data. `whole` is the plaintext of the records of which every byte is still in the capture: more cannot be
opened by anyone. `touched` is the plaintext of the records of which any byte is, `payload` the bytes on the wire of those records
that are. In brackets: bytes that a program showed and that were not found in what was exchanged. Where padding hides a record's plaintext, its size is known to a block; the sum is exact. A percentage is that of `whole`.

What tshark shows stands all at its end: where it is stopped because it takes too long, that is nothing; of ssldump it is what it had shown.

Exit code 1 when an expectation fails: not one wrong byte in any capture; at 1 % loss behind the handshake at least EXPECTED of `whole`
for every family; all of an undamaged, a shuffled and a doubled capture.
"""
import argparse
import collections
import json
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE / "loss"), str(HERE.parents[1] / "testdata" / "captures" / "tools"), str(HERE.parents[1] / "tests" / "golden")]
import programs  # noqa: E402
import thinning  # noqa: E402
from families import FAMILIES  # noqa: E402

EXPECTED = 0.95
PORT = 4433
FRAMINGS = ("wire", "loopback")

# name -> what is done to the packets; and the part of `whole` that must be opened (None: it is only told).
Variant = collections.namedtuple("Variant", "name change expected")


def variants():
    for rate, told in ((0.001, "0.1 %"), (0.01, "1 %"), (0.05, "5 %")):
        expected = EXPECTED if rate == 0.01 else None
        yield Variant(f"{told} lost behind the handshake", lambda p, seed, rate=rate: thinning.dropped(p, rate, seed, True), expected)
        yield Variant(f"{told} lost anywhere", lambda p, seed, rate=rate: thinning.dropped(p, rate, seed, False), None)
    yield Variant("undamaged", lambda p, seed: p, 1)
    yield Variant("shuffled", thinning.shuffled, 1)
    yield Variant("doubled", lambda p, seed: thinning.doubled(p), 1)
    yield Variant("1 % lost, shuffled, doubled", lambda p, seed: thinning.doubled(thinning.shuffled(thinning.dropped(p, 0.01, seed, True), seed)),
                  EXPECTED)


def main():
    options = parse_options()
    failed = []
    if options.markdown:
        options.markdown.write_text("| suite | packets | damage | tlspeel | tshark | ssldump |\n| --- | --- | --- | ---: | ---: | ---: |\n")
    for framing in options.framing or FRAMINGS:
        families = [one for one in FAMILIES if not options.family or one.name in options.family]
        record(options.work, framing, families)
        for family in families:
            failed += bench(options, framing, family)
    print(f"\n{len(failed)} expectations failed" + "".join(f"\n  {line}" for line in failed))
    return 1 if failed else 0


def parse_options():
    parser = argparse.ArgumentParser()
    parser.add_argument("--binary", required=True)
    parser.add_argument("--work", type=pathlib.Path, required=True)
    parser.add_argument("--family", action="append", choices=[one.name for one in FAMILIES])
    parser.add_argument("--framing", action="append", choices=FRAMINGS)
    parser.add_argument("--variant", action="append", help="only variants whose name begins so")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only-tlspeel", action="store_true")
    parser.add_argument("--limit", type=int, default=120, help="seconds that tshark and ssldump may take for one capture each")
    parser.add_argument("--markdown", type=pathlib.Path, help="the percentages once more, as a table in this file")
    return parser.parse_args()


def record(work, framing, families):
    """A capture once made is used again."""
    lacking = [one.name for one in families if not (work / f"{one.name}-{framing}" / "capture.pcap").exists()]
    if lacking:
        subprocess.run([sys.executable, "-B", HERE / "loss" / "record.py", work, framing, *lacking], check=True)


def bench(options, framing, family):
    """Prints the rows of one capture; returns what is not as expected."""
    folder = (options.work / f"{family.name}-{framing}").resolve()
    plaintext, by_ends = exchanged(folder)
    link, nanoseconds, packets = thinning.read(folder / "capture.pcap")
    streams = thinning.Streams(packets, family, by_ends)
    secrets = [("-l", folder / "keys.log")] if family.key_log else [("-k", folder / "server.key")]
    others = set() if options.only_tlspeel else programs.available()
    failed = []
    print(f"\n{family.name}, {framing}: {family.version}, {len(packets)} packets, {sum(map(len, plaintext.values()))} bytes of data")
    print(f"  {'':34} {'payload':>9} {'touched':>9} {'whole':>9} {'tlspeel':>17} {'tshark (other)':>25} {'ssldump (other)':>25}")
    for variant in variants():
        if options.variant and not variant.name.startswith(tuple(options.variant)):
            continue
        worse = variant.change(packets, options.seed)
        capture = folder / "worse.pcap"
        thinning.write(capture, link, nanoseconds, worse)
        left = streams.left(worse)
        what = f"{family.name}, {framing}, {variant.name}"
        cells, shares = [], [family.name, framing, variant.name]
        try:
            opened = programs.by_tlspeel(options.binary, capture, secrets, plaintext, family.split)
            shares.append(share(opened, left["whole"]))
            cells.append(f"{opened:>9} {shares[-1]:>7}")
            if variant.expected is not None and opened < variant.expected * left["whole"]:
                failed.append(f"{what}: {opened} of {left['whole']} bytes, {share(variant.expected, 1)} were expected")
        except programs.WrongBytes as wrong:
            failed.append(f"{what}: {wrong}")
            shares.append("wrong bytes")
            cells.append(f"{'WRONG BYTES':>17}")
        for name, count in (("tshark", lambda: programs.by_tshark(capture, secrets, plaintext, PORT, options.limit)),
                            ("ssldump", lambda: programs.by_ssldump(capture, secrets, plaintext, options.limit))):
            if name not in others:
                shares.append("")
                continue
            right, wrong, ending = count()
            shares.append(share(right, left["whole"]) + (ending and f", {ending}"))
            cells.append(f"{right:>9} {share(right, left['whole']):>7} {f'({wrong})':>8}" + (ending and f" {ending}"))
        print(f"  {variant.name:34} {left['payload']:>9} {left['touched']:>9} {left['whole']:>9} " + " ".join(cells), flush=True)
        if options.markdown:
            with options.markdown.open("a") as table:
                table.write(f"| {' | '.join(shares)} |\n")
        capture.unlink()
    return failed


def share(part, whole):
    return f"{part / whole:.1%}" if whole else "-"


def exchanged(folder):
    """What the programs exchanged: {(client, server, direction): bytes}, and {(source, target): bytes} with endpoints as pairs."""
    by_name, by_ends = {}, {}
    for number, (client, server) in enumerate(json.loads((folder / "connections.json").read_text())):
        for direction, ends in (("client", (client, server)), ("server", (server, client))):
            data = (folder / f"{number}.{direction}").read_bytes()
            by_name[client, server, direction] = data
            by_ends[tuple((end.rpartition(":")[0], int(end.rpartition(":")[2])) for end in ends)] = data
    return by_name, by_ends


if __name__ == "__main__":
    sys.exit(main())
