#!/usr/bin/env python3
"""The speed bench from end to end with tiny captures: they are recorded, tlspeel opens every connection of them, and every table stands
there. How fast anything was plays no part.

  trial.py TLSPEEL    ends with 0, with 1 and the reason, or with 77 and one line "SKIP: ..." where it may not capture
"""
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[2] / "testdata" / "captures" / "tools")]
import work  # noqa: E402
from lab import capture, host  # noqa: E402

GOALS = 20  # all but those beside tshark
SIZES = ["--megabytes", "10", "--connections", "20", "--idle", "100", "--stream", "10", "--runs", "1"]


def main(binary):
    with tempfile.TemporaryDirectory(prefix="tlspeel-speed-") as folder:
        skip_unless_permitted(pathlib.Path(folder))
        told = bench(binary, folder, "--no-peers")
        tables = told.split("\n\n")[1:-1]  # of the parts, the first one tells of the machine, the last one sums up
        titles = [table.splitlines()[0] for table in tables]
        if titles != [table.title for table in work.TABLES.values()]:
            sys.exit(f"these are not all tables:\n{told}")
        goals = len(re.findall(r" <= \S+ +(?:yes|NO)$", "\n".join(tables), re.M))
        if goals != GOALS or not re.search(rf"^{GOALS} goals: \d+ met, \d+ not met$", told, re.M):
            sys.exit(f"{goals} goals:\n{told}")
        beside = bench(binary, folder, "--only", "small")
        if "tshark -Y http" not in beside or "ssldump -d -k" not in beside:
            sys.exit(f"tshark and ssldump are missing:\n{beside}")
    print(told)


def skip_unless_permitted(folder):
    missing = host.missing_programs(["tcpdump", "tshark", "ssldump", "openssl", "nginx", "ip"])
    if missing:
        sys.exit(f"not installed: {' '.join(missing)} (tests/setup.sh bench)")
    reason = capture.why_not_permitted(folder) if host.enter_namespace() else "a network namespace of its own needs root"
    if reason:
        print(f"SKIP: capturing on loopback is not permitted here: {reason.splitlines()[-1]}")
        sys.exit(77)


def bench(binary, folder, *options):
    done = subprocess.run([sys.executable, "-B", HERE.parent / "speed.py", "--binary", binary, "--work", folder, *SIZES, *options],
                          capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"speed.py ended with {done.returncode}:\n{done.stderr}\n{done.stdout}")
    return done.stdout


if __name__ == "__main__":
    main(sys.argv[1])
