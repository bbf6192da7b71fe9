#!/usr/bin/env python3
"""`tcpdump -U -w - | tlspeel -k server.key -`: what was said is shown while tcpdump still runs. Likewise with a key log that is written
meanwhile."""
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import threading
import time

import harness
from cases.matrix import request, served_files
from lab import case, clients, host
from lab.servers import OpensslServer

PATIENCE = 30  # seconds until a finished exchange must be on the screen


class Screen:
    """What tlspeel has written so far; read by a thread, as the pipe must not fill."""

    def __init__(self, stream):
        self.stream, self.lines = stream, []
        self.thread = threading.Thread(target=self.read)
        self.thread.start()

    def read(self):
        for line in self.stream:
            self.lines.append(line.decode(errors="replace"))

    def wait_for(self, text, seconds):
        deadline = time.monotonic() + seconds
        while text not in "".join(self.lines):
            if time.monotonic() > deadline:
                return False
            time.sleep(0.02)
        return True


def watch():
    with case.Case("stdin") as one:
        host.set_loopback_mtu(1500)
        key, cert = one.identity()
        with OpensslServer(one.work, 4433, key, cert, ["-HTTP"], files=served_files(one)):
            faults = watch_exchanges(one, key)
    if faults:
        raise AssertionError("; ".join(faults))


def watch_exchanges(one, key):
    """With the server's key; and with a key log that is empty when it begins, and that the client writes in the meantime."""
    log = one.work / "live.keys"
    log.touch()
    faults = watch_with(one, ["-k", str(key)], [["-tls1_2", "-cipher", suite] for suite in ("AES128-GCM-SHA256", "AES256-SHA256")])
    return faults + watch_with(one, ["-l", str(log)], [["-tls1_3", "-keylogfile", str(log)], ["-tls1_2", "-cipher", "ECDHE", "-keylogfile", str(log)]])


def watch_with(one, secrets, visits):
    dump = subprocess.Popen(["tcpdump", "-i", "lo", "-s", "0", "-n", "-U", "--immediate-mode", "-w", "-", "tcp", "port", "4433"],
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    peel = subprocess.Popen([harness.tlspeel(), *secrets, "-"], stdin=dump.stdout, stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE)
    dump.stdout.close()
    screen, faults = Screen(peel.stdout), []
    try:
        dump.stderr.readline()  # "tcpdump: listening on lo, ..."
        for visit in visits:
            clients.s_client(one.work, 4433, request("/small.txt"), *visit)
            if not screen.wait_for("One small page.", PATIENCE):
                faults.append(f"{visit}: nothing was shown within {PATIENCE} s while tcpdump ran")
            if dump.poll() is not None or peel.poll() is not None:
                faults.append("a program ended too early")
            screen.lines.clear()
    finally:
        dump.send_signal(signal.SIGINT)
        dump.wait(10)
        code = peel.wait(20)
        screen.thread.join()
    if code != 0:
        faults.append(f"exit code {code}: {peel.stderr.read().decode(errors='replace')}")
    return faults


if __name__ == "__main__":
    harness.tlspeel()
    with tempfile.TemporaryDirectory(prefix="tlspeel-live-") as work:
        harness.skip_unless_permitted(work)
        case.ROOT = pathlib.Path(work)
        good = harness.in_child(watch)
    print("ok" if good else "FAILED")
    sys.stdout.flush()
    os._exit(0 if good else 1)
