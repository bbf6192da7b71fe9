#!/usr/bin/env python3
"""Speed bench: tlspeel beside other programs and the bare cryptography, on captures made for it; one set of tables in which each row is a
ratio measured side by side in one run, with the goal where there is one. Called by run.sh, which says what the options mean.

In each round every program of a group runs once, one after the other; what counts is the minimum of each, and the ratio of the minima.
Before it is timed, tlspeel has to show that it opens every connection of the capture. Whether goals are met does not change the exit code.
"""
import argparse
import os
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE / "speed")]
import captures  # noqa: E402
import tables  # noqa: E402
import work  # noqa: E402


def main():
    options = parse_options()
    options.work = options.work.resolve()
    options.work.mkdir(parents=True, exist_ok=True)
    chosen = [work.TABLES[name] for name in options.only or work.TABLES]
    captures.make(options.work, [wanted for table in chosen for wanted in table.captures(options)])
    bench = work.Bench(options)
    print(f"{processor()}, {os.cpu_count()} processors; fastest of {options.runs} runs\n", flush=True)
    shown = []
    for table in chosen:
        rows = list(table.rows(bench))
        print(tables.text(table.title, rows), flush=True)
        shown += rows
    print(tables.summary(shown))


def parse_options():
    parser = argparse.ArgumentParser()
    parser.add_argument("--binary", required=True)
    parser.add_argument("--work", type=pathlib.Path, required=True)
    parser.add_argument("--megabytes", type=size, default=500)
    parser.add_argument("--connections", type=size, default=30_000)
    parser.add_argument("--idle", type=size, default=100_000)
    parser.add_argument("--stream", type=size, default=500)
    parser.add_argument("--long", action="store_true")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--threads", type=int)
    parser.add_argument("--no-peers", dest="peers", action="store_false")
    parser.add_argument("--only", action="append", choices=work.TABLES)
    return parser.parse_args()


def size(text):
    value = int(text)
    if value < 10:  # there would be nothing to compare it with
        raise argparse.ArgumentTypeError("at least 10")
    return value


def processor():
    with open("/proc/cpuinfo", encoding="utf-8") as lines:
        names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else "unknown processor"


if __name__ == "__main__":
    sys.exit(main())
