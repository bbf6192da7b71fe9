#!/usr/bin/env python3
"""Large downloads under each construction that protects records: what is saved is the file that was served, and the output is the same
for any number of threads. Where others have nothing to do, they open records ahead of the thread that has the connection."""
import hashlib
import os
import pathlib
import random
import subprocess
import sys
import tempfile

import harness
from lab import case, host
from lab.servers import OpensslServer

BYTES = 8 << 20
SUITES = [("AES128-GCM-SHA256", "1.2"), ("AES256-SHA", "1.2"), ("AES128-SHA256", "1.2"), ("ECDHE-RSA-CHACHA20-POLY1305", "1.2"),
          ("TLS_AES_256_GCM_SHA384", "1.3"), ("TLS_CHACHA20_POLY1305_SHA256", "1.3")]
PORTS = (4433, 4434)


def served(one):
    files = one.work / "files"
    files.mkdir()
    body = random.Random(1).randbytes(BYTES)
    (files / "large.bin").write_bytes(b"HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\n"
                                      + f"Content-Length: {BYTES}\r\nConnection: close\r\n\r\n".encode() + body)
    return files


def download(one, port, suite, version):
    choice = ["--tls13-ciphers", suite] if version == "1.3" else ["--ciphers", suite, "--tls-max", "1.2"]
    command = ["curl", "--silent", "--insecure", "--http1.1", "--max-time", "60", "--limit-rate", "8M", *choice, "--output", "/dev/null",
               f"https://127.0.0.1:{port}/large.bin"]
    return subprocess.Popen(command, env=dict(os.environ, SSLKEYLOGFILE=str(one.folder / "keys.log")))


def capture_downloads():
    with case.Case("bulk") as one:
        fitting = host.set_loopback_mtu(1500)
        key, cert = one.identity()
        files = served(one)
        with OpensslServer(one.work, PORTS[0], key, cert, ["-HTTP"], files=files), \
                OpensslServer(one.work, PORTS[1], key, cert, ["-HTTP"], files=files), one.tcpdump(*PORTS, options=["-B", "131072", *fitting]):
            for suite, version in SUITES:
                finish([download(one, PORTS[0], suite, version)])
            finish([download(one, port, *SUITES[0]) for port in PORTS])  # at the same time
        (one.folder / "sha256").write_text(hashlib.sha256((files / "large.bin").read_bytes()).hexdigest())


def finish(clients):
    for client in clients:
        if client.wait():
            raise RuntimeError(f"curl ended with {client.returncode}")


def faults_of(folder):
    secrets = ["-k", "server.key", "-l", "keys.log"]
    wanted, outputs = (folder / "sha256").read_text(), {}
    for threads in (1, 2, 4, 8):
        streams = folder / f"streams-{threads}"
        shown = subprocess.run([harness.tlspeel(), *secrets, "--threads", str(threads), "--save-streams", streams.name, "--format", "json",
                                "capture.pcap"], cwd=folder, stdout=subprocess.PIPE, check=True).stdout
        digests = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(streams.iterdir())}
        outputs[threads] = (hashlib.sha256(shown.replace(streams.name.encode(), b"streams")).hexdigest(), digests)
        for path in streams.iterdir():
            path.unlink()
    _, digests = outputs[1]
    faults = [f"{threads} threads give another output than one" for threads, output in outputs.items() if output != outputs[1]]
    whole = sum(digest == wanted for digest in digests.values())
    return faults + ([] if whole == len(SUITES) + 2 else [f"{whole} of {len(SUITES) + 2} downloads are what was served: {digests}"])


def main():
    harness.tlspeel()
    with tempfile.TemporaryDirectory(prefix="tlspeel-live-") as work:
        harness.skip_unless_permitted(work)
        case.ROOT = pathlib.Path(work)
        faults = faults_of(case.ROOT / "bulk") if harness.make("bulk", capture_downloads) else ["it could not be made"]
    print("FAILED" if faults else "ok")
    for fault in faults:
        print(f"  {fault}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
