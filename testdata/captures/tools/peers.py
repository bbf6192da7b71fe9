#!/usr/bin/env python3
"""How many connections of every case tlspeel, tshark and ssldump open with the secrets of the case.

    peers.py TLSPEEL [CASE...]

"to open" are the connections that exchanged.tsv calls opened. For tlspeel and tshark one counts when both directions are equal to what the programs
exchanged, byte for byte; for ssldump, which prints text, when it shows any application data for each direction that carried some.
'-': the program takes none of the secrets of the case.
"""
import hashlib
import pathlib
import re
import subprocess
import sys
import tempfile

TOOLS = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(TOOLS))
sys.path.insert(0, str(TOOLS.parents[2] / "tests" / "golden"))
import check_with_tshark  # noqa: E402
import golden  # noqa: E402
from lab import exchange, tshark  # noqa: E402

NEW_CONNECTION = re.compile(r"^New TCP connection #(\d+): (\S+)\((\d+)\) <-> (\S+)\((\d+)\)")
RECORD = re.compile(r"^(\d+) +\d+ .* (C>S|S>C)  application_data$")
BLOCK = "    " + "-" * 63


def to_open(folder):
    """{number: {direction: row}} of the connections that are to be opened."""
    wanted = {}
    for row in exchange.read(folder):
        if row["expected"] == "opened":
            wanted.setdefault(int(row["conn"]), {})[row["direction"]] = row
    return wanted


def by_tlspeel(binary, folder):
    """Every direction's plaintext has the digest that it should have, as often as it should."""
    arguments = [line for line in (folder / "args").read_text().split("\n") if line]
    with tempfile.TemporaryDirectory() as target:
        names = [str(path.relative_to(folder)) for path in tshark.captures(folder)]
        subprocess.run([binary, *names, *arguments, "--save-streams", target, "--output", "/dev/null"],
                       cwd=folder, capture_output=True, check=False)
        saved = {}
        for path in sorted(pathlib.Path(target).iterdir()):  # NUMBER_CLIENT-SERVER.DIRECTION
            ends, direction = path.name.partition("_")[2].rsplit(".", 1)
            saved.setdefault((ends, direction), []).append(hashlib.sha256(path.read_bytes()).hexdigest())
    whole = 0
    for rows in to_open(folder).values():
        equal = True
        for direction, row in rows.items():
            ends = f"{golden.file_name_part(row['client'])}-{golden.file_name_part(row['server'])}"
            equal = equal and (row["bytes"] == "0" or row["sha256"] in saved.get((ends, direction), []))
        whole += equal
    return whole


def by_ssldump(folder):
    with tempfile.TemporaryDirectory() as work:
        ways = tshark.secrets_of(folder, pathlib.Path(work))
        logs = [option.partition(":")[2] for _, options in ways for option in options if option.startswith("tls.keylog_file:")]
        secrets = [("-k", str(key)) for keys, _ in ways for key in keys] + [("-l", log) for log in logs]
        # It takes one of each: the best that any of them does.
        return max((shown_by_ssldump(folder, list(secret)) for secret in secrets), default=None)


def shown_by_ssldump(folder, options):
    shown = set()
    for capture in tshark.captures(folder):
        done = subprocess.run(["timeout", "60", "ssldump", "-n", "-d", "-r", str(capture), *options], capture_output=True, check=False)
        pairs, lines = {}, done.stdout.decode(errors="replace").splitlines()
        for line, following in zip(lines, lines[1:] + [""]):
            if match := NEW_CONNECTION.match(line):
                pairs[match[1]] = f"{match[2]}:{match[3]}", f"{match[4]}:{match[5]}"
            elif (match := RECORD.match(line)) and following == BLOCK and match[1] in pairs:
                shown.add((*pairs[match[1]], "client" if match[2] == "C>S" else "server"))
    return sum(all((row["client"], row["server"], direction) in shown for direction, row in rows.items() if row["bytes"] != "0")
               for rows in to_open(folder).values())


def main(binary, names):
    folders = [TOOLS.parent / name for name in names] or sorted(path.parent for path in TOOLS.parent.glob("*/exchanged.tsv"))
    print(f"{'case':24} {'to open':>8} {'tlspeel':>8} {'tshark':>8} {'ssldump':>8}")
    sums = [0, 0, 0, 0]
    for folder in folders:
        wanted = len(to_open(folder))
        if wanted == 0:
            continue
        row = [wanted, by_tlspeel(binary, folder), check_with_tshark.compare(folder)[1], by_ssldump(folder)]
        sums = [total + (value or 0) for total, value in zip(sums, row)]
        print(f"{folder.name:24} " + " ".join(f"{'-' if value is None else value:>8}" for value in row), flush=True)
    print(f"{'all':24} " + " ".join(f"{value:>8}" for value in sums))


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    main(str(pathlib.Path(sys.argv[1]).resolve()), sys.argv[2:])
