"""irssi, led from the keyboard of a terminal of its own, which `script` makes."""
import subprocess

from . import host
from .exchange import Exchange


class Irssi(host.Process):
    """One connection to 127.0.0.1. What was said stands in irssi's raw log: `<< ` what it sent, `>> ` what it received."""

    def __init__(self, work, port):
        folder = work / "irssi"
        folder.mkdir()
        self.port, self.raw = port, folder / "raw.log"
        super().__init__(["script", "-q", "-c", f"irssi --home={folder} --nick=ada", str(folder / "screen")], work / "irssi.log",
                         stdin=subprocess.PIPE, env={"TERM": "vt100", "LC_ALL": "C.UTF-8", "HOME": str(folder), "IRCUSER": "ada",
                                                     "IRCNAME": "Ada"})

    def __enter__(self):
        super().__enter__()
        self.type(f"/connect -starttls -notls_verify 127.0.0.1 {self.port}")

        def logging():  # irssi has the lines from before, and takes no order about a connection that it has not yet
            self.type(f"/rawlog open {self.raw}")
            return self.raw.exists()
        host.wait_for(logging, "irssi to connect")
        return self

    def type(self, line):
        self.process.stdin.write(line.encode() + b"\n")
        self.process.stdin.flush()

    def wait_for(self, word):
        host.wait_for(lambda: self.raw.exists() and word in self.raw.read_bytes(), f"{word} in what irssi received")

    def exchange(self):
        """What was said behind the answer to STARTTLS."""
        sides = {b"<< ": b"", b">> ": b""}
        lines = self.raw.read_bytes().splitlines()
        begin = next(number for number, line in enumerate(lines) if b" 670 " in line) + 1
        for line in lines[begin:]:
            if line[:3] in sides:
                sides[line[:3]] += line[3:] + b"\r\n"
        return Exchange(sides[b"<< "], sides[b">> "], programs="irssi, InspIRCd")
