#!/usr/bin/env python3
"""Times programs on the same captures in one run, and prints one table. Called by run.sh, which says what the options mean."""
import argparse
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent


def main():
    options = parse_options()
    work = options.work.resolve()
    capture = {"download": record(work, "download", options.megabytes), "connections": record(work, "connections", options.connections)}
    private_operations = rsa_operations_per_second()
    threads = ["--threads", str(options.threads)] if options.threads else []

    print(f"\n{processor()}, {os.cpu_count()} processors; fastest of {options.runs} runs, output to /dev/null\n")
    for kind, path in capture.items():
        size = path.stat().st_size
        bare = {"download": None, "connections": options.connections / private_operations}[kind]
        rows = [("tcpdump -r X -w /dev/null", timed(options.runs, ["tcpdump", "-Z", "root", "-r", path, "-w", "/dev/null"]))]
        if bare:
            rows.append((f"{options.connections} RSA-2048 operations (openssl speed -multi {os.cpu_count()})", (bare, bare * os.cpu_count(), 0)))
        key = work / "server.key"
        rows += [
            ("tlspeel -k", timed(options.runs, [options.binary, path, "-k", key, *threads], must_open=True)),
            ("tlspeel -k --format json", timed(options.runs, [options.binary, path, "-k", key, "--format", "json", *threads])),
            ("tlspeel -k --threads 1", timed(options.runs, [options.binary, path, "-k", key, "--threads", "1"])),
        ]
        others = 1 if kind == "download" else options.runs
        if shutil.which("tshark"):
            rows.append(("tshark -Y http", timed(others, ["tshark", "-r", path, "-o", f"tls.keys_list:127.0.0.1,443,http,{key}",
                                                          "-Y", "http"])))
        if shutil.which("ssldump"):
            rows.append(("ssldump -d -k", timed(others, ["ssldump", "-d", "-k", key, "-r", path])))
        print_table(f"{kind}: {size / 1e6:.0f} MB", size, rows)


def parse_options():
    parser = argparse.ArgumentParser()
    parser.add_argument("--binary", required=True)
    parser.add_argument("--work", type=pathlib.Path, required=True)
    parser.add_argument("--megabytes", type=int, default=500)
    parser.add_argument("--connections", type=int, default=3000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--threads", type=int)
    return parser.parse_args()


def record(work, kind, amount):
    """A capture once made is used again; the file beside it says how large it was meant to be."""
    path, note = work / f"{kind}.pcap", work / f"{kind}.amount"
    if not path.exists() or not note.exists() or note.read_text() != str(amount):
        print(f"recording {path}", file=sys.stderr)
        subprocess.run([sys.executable, "-B", HERE / "record.py", kind, work, str(amount)], check=True)
        note.write_text(str(amount))
    with open(path, "rb") as file:  # every program finds the capture in the page cache
        while file.read(1 << 24):
            pass
    return path


def rsa_operations_per_second():
    done = subprocess.run(["openssl", "speed", "-mr", "-seconds", "3", "-multi", str(os.cpu_count()), "rsa2048"], check=True,
                          capture_output=True, text=True)
    figures = re.findall(r"^\+F2:\d+:2048:([0-9.]+):", done.stdout, re.M)
    if not figures:
        sys.exit(f"compare.py: no figure for rsa2048 in the output of openssl speed:\n{done.stdout}")
    value = float(figures[-1])
    return 1 / value if value < 1 else value  # seconds each, or operations a second


def timed(runs, command, must_open=False):
    """(seconds, processor seconds, kB of memory at most) of the fastest run."""
    best = None
    for _ in range(runs):
        with open(os.devnull, "wb") as sink, tempfile.TemporaryFile() as messages:
            started = time.perf_counter()
            process = subprocess.Popen([str(word) for word in command], stdin=subprocess.DEVNULL, stdout=sink, stderr=messages)
            # ru_maxrss would be at least this script's own memory, which the child has before it becomes the program.
            memory, pid = 0, 0
            while pid == 0:
                memory = max(memory, peak_memory(process.pid))
                time.sleep(0.005)
                pid, status, usage = os.wait4(process.pid, os.WNOHANG)
            seconds = time.perf_counter() - started
            messages.seek(0)
            told = messages.read().decode(errors="replace")
        process.returncode = os.waitstatus_to_exitcode(status)
        if must_open and process.returncode != 0:
            sys.exit(f"compare.py: {command[0]} ended with {process.returncode}: {told}")
        result = (seconds, usage.ru_utime + usage.ru_stime, memory)
        best = min(best or result, result)
    return best


def peak_memory(pid):
    """kB; 0 when the process has just ended."""
    try:
        with open(f"/proc/{pid}/status", encoding="ascii") as lines:
            return next((int(line.split()[1]) for line in lines if line.startswith("VmHWM:")), 0)
    except (FileNotFoundError, ProcessLookupError):
        return 0


def print_table(title, size, rows):
    read = rows[0][1][0]
    bare = rows[1][1][0] if "RSA" in rows[1][0] else None
    width = max(len(name) for name, _ in rows)
    heading = f"{title:<{width}}  {'seconds':>8} {'cpu s':>8} {'MB/s':>8} {'x read':>8}"
    print(heading + (f" {'x RSA':>8}" if bare else "") + f" {'memory':>10}")
    for name, (seconds, processor_seconds, memory) in rows:
        line = f"{name:<{width}}  {seconds:8.2f} {processor_seconds:8.2f} {size / 1e6 / seconds:8.0f} {seconds / read:8.2f}"
        line += f" {seconds / bare:8.2f}" if bare else ""
        print(line + (f" {memory / 1024:7.1f} MB" if memory else ""))
    print()


def processor():
    with open("/proc/cpuinfo", encoding="utf-8") as lines:
        names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else "unknown processor"


if __name__ == "__main__":
    main()
