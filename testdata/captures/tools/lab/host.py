"""Network namespace, processes and waiting: everything that touches the machine.

Processes are always ended by their own process id. `enter_namespace` gives the caller a loopback
interface of its own, so that well-known ports are free and nobody else's traffic is captured.
"""
import ctypes
import os
import shutil
import signal
import socket
import subprocess
import time

CLONE_NEWNET = 0x40000000
_own_loopback = False


def enter_namespace(mtu=65536):
    """Moves this process into a new network namespace; False where that is not permitted."""
    global _own_loopback
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNET) != 0:
        return False
    _own_loopback = True
    set_loopback_mtu(mtu)
    return True


def set_loopback_mtu(mtu):
    """An MTU below 64 kB with one segment per buffer makes records span segments, as on a wire.
    The machine's own loopback is left as it is. Returns options for tcpdump, whose buffer holds few packets of any size and many of
    this one."""
    if not _own_loopback:
        return []
    run(["ip", "link", "set", "lo", "up", "mtu", str(mtu)])
    if mtu < 65536:
        run(["ip", "link", "set", "lo", "gso_max_segs", "1"])
    return ["-s", str(mtu + 100)]


def missing_programs(names):
    extra = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"
    return [name for name in names if shutil.which(name, path=extra) is None]


def run(command, **options):
    options.setdefault("check", True)
    options.setdefault("stdout", subprocess.PIPE)
    options.setdefault("stderr", subprocess.PIPE)
    options.setdefault("timeout", 120)
    try:
        return subprocess.run(command, **options)
    except subprocess.CalledProcessError as error:
        raise RuntimeError(f"{command} ended with {error.returncode}: "
                           f"{(error.stderr or b'').decode(errors='replace')}") from error


class Process:
    """A background program that lives as long as its `with` block."""

    def __init__(self, command, log, stop_signal=signal.SIGTERM, env=None, cwd=None, stdin=None):
        self.command, self.log_path, self.stop_signal = command, log, stop_signal
        self.env, self.cwd, self.stdin = env, cwd, stdin
        self.process = None

    def __enter__(self):
        environment = dict(os.environ, **(self.env or {}))
        environment["PATH"] = environment.get("PATH", "") + ":/usr/sbin:/sbin"
        with open(self.log_path, "wb") as log:
            self.process = subprocess.Popen(self.command, stdout=log, stderr=log, cwd=self.cwd,
                                            stdin=self.stdin or subprocess.DEVNULL, env=environment)
        try:
            self.wait_until_ready()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_):
        self.stop()

    def wait_until_ready(self):
        pass

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(self.stop_signal)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def log(self):
        with open(self.log_path, "rb") as log:
            return log.read().decode(errors="replace")

    def fail_if_ended(self):
        if self.process.poll() is not None:
            raise RuntimeError(f"{self.command[0]} ended with {self.process.returncode}: {self.log()}")


def wait_for(condition, what, seconds=20.0):
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise RuntimeError(f"waited {seconds} s in vain for {what}")
        time.sleep(0.02)


def is_listening(port, pid="self"):
    """Looks into the kernel's table, in the namespace of process `pid`: a probing connection would stand in the capture."""
    wanted = f":{port:04X}"
    for table in (f"/proc/{pid}/net/tcp", f"/proc/{pid}/net/tcp6"):
        try:
            with open(table) as lines:
                rows = [line.split() for line in lines][1:]
        except FileNotFoundError:
            continue
        if any(row[1].endswith(wanted) and row[3] == "0A" for row in rows):
            return True
    return False


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
