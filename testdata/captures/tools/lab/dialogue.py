"""openssl s_server and s_client, both led from standard input: data in turn, and the commands of both programs between it (a line
of one letter: k and K update keys, c asks for the client's certificate). One connection at a time."""
import os
import select
import subprocess
import time

from . import host
from .exchange import Exchange
from .servers import OpensslServer

# What s_server prints through a buffer, and therefore into the midst of what it received.
OWN_WORDS = (b"shutting down SSL\n", b"CONNECTION CLOSED\n", b"Early data received:\n", b"DONE\n")
PAUSE = 0.15  # seconds; a program that has been told something has done it by then


class TalkingServer(OpensslServer):
    """s_server without a file to serve: it sends what `say` gives it. What it received stands in its log, among its own words."""

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.stdin, self.sent, self.before = subprocess.PIPE, b"", b""

    def say(self, data):
        self.write(data)
        self.sent += data

    def order(self, letter):
        """Its own read, or the letter would be data."""
        time.sleep(PAUSE)
        self.write(letter + b"\n")
        time.sleep(PAUSE)

    def write(self, data):
        self.process.stdin.write(data)
        self.process.stdin.flush()

    def heard(self, data):
        """Waits until the log holds what the client sent."""
        host.wait_for(lambda: data in self.printed(), f"s_server to print {data[:40]}")

    def printed(self):
        found = self.log_path.read_bytes()[len(self.before):]
        for words in OWN_WORDS:
            found = found.replace(words, b"")
        return found

    def next_connection(self):
        self.sent, self.before = b"", self.log_path.read_bytes()


class Dialogue:
    """One connection to a TalkingServer; `with` ends it."""

    def __init__(self, work, server, *arguments, environment=None):
        self.server, self.sent, self.received = server, b"", b""
        server.next_connection()
        self.log_path = work / "s_client.log"
        with open(self.log_path, "wb") as log:
            self.process = subprocess.Popen(
                ["openssl", "s_client", "-connect", f"127.0.0.1:{server.port}", "-quiet", "-no_ign_eof", *arguments],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, env=dict(environment or server.env or {}, PATH="/usr/bin:/bin"))

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        if kind is None:
            time.sleep(PAUSE)
            self.process.stdin.write(b"Q\n")
            self.process.stdin.flush()
        else:
            self.process.kill()
        self.received += self.process.stdout.read()
        self.process.wait(10)
        self.process.stdin.close()

    def early(self, data):
        """-early_data sent this, and the server took it."""
        self.sent = data

    def ask(self, data):
        """Client to server; returns when it is there."""
        self.process.stdin.write(data)
        self.process.stdin.flush()
        self.sent += data
        self.server.heard(data)

    def answer(self, data):
        """Server to client."""
        self.server.say(data)
        end, got = time.monotonic() + 10, b""
        while len(got) < len(data):
            if not select.select([self.process.stdout], [], [], 0.1)[0]:
                if time.monotonic() > end:
                    raise RuntimeError(f"s_client printed {len(got)} of {len(data)} bytes: {self.log_path.read_text(errors='replace')}")
                continue
            piece = os.read(self.process.stdout.fileno(), len(data) - len(got))
            if not piece:
                raise RuntimeError(f"s_client ended: {self.log_path.read_text(errors='replace')}")
            got += piece
        if got != data:
            raise RuntimeError(f"the server sent {data[:60]}, the client received {got[:60]}")
        self.received += got

    def order(self, letter):
        time.sleep(PAUSE)
        self.process.stdin.write(letter + b"\n")
        self.process.stdin.flush()
        time.sleep(PAUSE)

    def exchange(self):
        """After the `with` block."""
        if self.received != self.server.sent:
            raise RuntimeError(f"the server sent {len(self.server.sent)} bytes, the client received {len(self.received)}")
        return Exchange(self.sent, self.received, programs="openssl s_client")
