"""Runs programs one after the other, round by round, so that what else the machine does hits all of them alike."""
import collections
import os
import re
import select
import subprocess
import sys
import tempfile
import time

POLL_MILLISECONDS = 5  # between two looks at a program's memory

Measured = collections.namedtuple("Measured", "seconds memory")  # memory: kB at most, None where it was not looked at


class Program:
    """A command to be timed. `feed`: a command whose output is its standard input."""

    def __init__(self, name, command, feed=None, once=False, must_succeed=True):
        self.name, self.command = name, [str(word) for word in command]
        self.feed = feed and [str(word) for word in feed]
        self.once, self.must_succeed = once, must_succeed

    def measure(self):
        feeder = subprocess.Popen(self.feed, stdout=subprocess.PIPE) if self.feed else None
        with tempfile.TemporaryFile() as messages:
            started = time.perf_counter()
            process = subprocess.Popen(self.command, stdin=feeder.stdout if feeder else subprocess.DEVNULL,
                                       stdout=subprocess.DEVNULL, stderr=messages)
            memory = watched(process.pid)
            seconds = time.perf_counter() - started
            code = process.wait()
            messages.seek(0)
            told = messages.read().decode(errors="replace")
        if feeder:
            feeder.stdout.close()
            code = code or feeder.wait()
        if self.must_succeed and code != 0:
            sys.exit(f"{self.command[0]} ended with {code}: {' '.join(self.command)}\n{told}")
        return Measured(seconds, memory)

    def verify(self, connections, opened):
        """One run whose output is read: its last lines must count what is in the capture, or the times would be those of something else."""
        with subprocess.Popen(self.feed or ["true"], stdout=subprocess.PIPE) as feeder:
            with subprocess.Popen(self.command, stdin=feeder.stdout, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
                feeder.stdout.close()
                tail = b""
                while part := process.stdout.read1(1 << 20):
                    tail = (tail + part)[-4096:]
        if counted(tail.decode(errors="replace")) != (connections, opened):
            sys.exit(f"{connections} connections, {opened} of them opened, were expected from {' '.join(self.command)}, which ends with\n"
                     + tail.decode(errors="replace")[-600:])


def counted(told):
    """(connections, opened) of the closing lines of tlspeel's text."""
    number = r"(\d[\d,]*)"
    totals = list(re.finditer(rf"^{number} connections?: ", told, re.M))
    if not totals:
        return None
    total = totals[-1]
    opened = re.search(rf"^(?:{number} connections?: )?\s*{number} opened", told[total.start():], re.M)
    return int(total[1].replace(",", "")), int(opened[2].replace(",", "")) if opened else 0


def watched(pid):
    """Waits for the end of a process; the most memory that it had, in kB. The kernel's own ru_maxrss would be at least that of this
    script, which the child has before it becomes the program."""
    memory, descriptor = 0, os.pidfd_open(pid)
    try:
        ended = select.poll()
        ended.register(descriptor, select.POLLIN)
        while not ended.poll(POLL_MILLISECONDS):
            memory = max(memory, peak_memory(pid))
    finally:
        os.close(descriptor)
    return memory or None


def peak_memory(pid):
    """kB; 0 when the process has just ended."""
    try:
        with open(f"/proc/{pid}/status", encoding="ascii") as lines:
            return next((int(line.split()[1]) for line in lines if line.startswith("VmHWM:")), 0)
    except (FileNotFoundError, ProcessLookupError):
        return 0


def interleaved(runs, programs):
    """{name: the fastest run, with the most memory of any}, in rounds A B C, A B C; what runs only once does so in the first."""
    best = {}
    for turn in range(runs):
        for program in programs:
            if turn and program.once:
                continue
            now, before = program.measure(), best.get(program.name)
            memory = max((one.memory for one in (now, before) if one and one.memory), default=None)
            best[program.name] = Measured(min(now.seconds, before.seconds) if before else now.seconds, memory)
    return best
