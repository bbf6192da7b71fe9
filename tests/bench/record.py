#!/usr/bin/env python3
"""Makes the two captures of the comparison, from openssl s_server on a loopback interface of its own that carries packets of 1500 bytes.

  record.py download WORK MEGABYTES       WORK/download.pcap: one GET, TLS_RSA_WITH_AES_128_GCM_SHA256
  record.py connections WORK NUMBER       WORK/connections.pcap: short connections one after the other, TLS_RSA_WITH_AES_256_CBC_SHA256
"""
import ctypes
import os
import pathlib
import signal
import socket
import ssl
import subprocess
import sys
import time

CLONE_NEWNET = 0x40000000
PORT = 443
SUITES = {"download": "AES128-GCM-SHA256", "connections": "AES256-SHA256"}


def main(kind, work, amount):
    work.mkdir(parents=True, exist_ok=True)
    own_loopback()
    make_identity(work)
    served = work / "served"
    served.mkdir(exist_ok=True)
    with open(served / "file", "wb") as file:
        if kind == "download":
            for _ in range(amount):
                file.write(os.urandom(1 << 20))
        else:
            file.write(b"A short answer, as most answers are.\n" * 20)
    capture = work / f"{kind}.pcap"
    unfinished = work / f"{kind}.unfinished"
    try:
        record(kind, work, served, unfinished, amount)
    finally:
        (served / "file").unlink()
    unfinished.rename(capture)


def own_loopback():
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNET) != 0:
        sys.exit("record.py: a network namespace of its own needs root")
    # Packets as on a wire: without this the kernel hands whole 64 kB buffers over the loopback interface.
    subprocess.run(["ip", "link", "set", "lo", "up", "mtu", "1500"], check=True)
    subprocess.run(["ip", "link", "set", "lo", "gso_max_segs", "1"], check=True)


def make_identity(work):
    if (work / "server.key").exists():
        return
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", work / "server.key", "-out",
                    work / "server.crt", "-subj", "/CN=localhost", "-days", "30"], check=True, capture_output=True)


def record(kind, work, served, capture, amount):
    server = subprocess.Popen(["openssl", "s_server", "-accept", f"127.0.0.1:{PORT}", "-WWW", "-key", work / "server.key", "-cert",
                               work / "server.crt", "-tls1_2", "-no_ticket", "-cipher", SUITES[kind], "-quiet"], cwd=served,
                              stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    tcpdump = subprocess.Popen(["tcpdump", "-i", "lo", "-s", "0", "-n", "-B", "1048576", "-Z", "root", "-w", capture, "tcp"],
                               stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    try:
        wait_for_line(tcpdump.stderr, "listening on")
        wait_until_listening()
        if kind == "download":
            download(amount << 20)
        else:
            short_connections(amount)
        time.sleep(1)
    finally:
        tcpdump.send_signal(signal.SIGINT)
        told = tcpdump.communicate()[1]
        server.terminate()
        server.wait()
    if "\n0 packets dropped by kernel" not in told:
        sys.exit(f"record.py: tcpdump lost packets:\n{told}")


def wait_for_line(stream, words):
    for line in stream:
        if words in line:
            return
    sys.exit("record.py: tcpdump did not start")


def wait_until_listening():
    """Looks into the kernel's table: a probing connection would stand in the capture."""
    for _ in range(500):
        if any(line.split()[1].endswith(f":{PORT:04X}") and line.split()[3] == "0A" for line in open("/proc/self/net/tcp")
               if ":" in line.split()[0]):
            return
        time.sleep(0.02)
    sys.exit("record.py: openssl s_server did not start")


def context(suite):
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    made.check_hostname = False
    made.verify_mode = ssl.CERT_NONE
    made.maximum_version = ssl.TLSVersion.TLSv1_2
    made.set_ciphers(suite)
    return made


def get(suite, consume):
    with socket.create_connection(("127.0.0.1", PORT)) as plain, context(suite).wrap_socket(plain) as tls:
        tls.sendall(b"GET /file HTTP/1.0\r\nHost: localhost\r\n\r\n")
        while part := tls.recv(1 << 16):
            consume(part)


def download(size):
    received = 0

    def count(part):
        nonlocal received
        received += len(part)
    get(SUITES["download"], count)
    if received < size:
        sys.exit(f"record.py: {received} of {size} bytes arrived")


def short_connections(number):
    for _ in range(number):
        get(SUITES["connections"], lambda part: None)


if __name__ == "__main__":
    main(sys.argv[1], pathlib.Path(sys.argv[2]).resolve(), int(sys.argv[3]))
