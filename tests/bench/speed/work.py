"""What is measured and what is aimed at: one class for each table, with the captures that it needs and the rows that come out."""
import pathlib
import shutil
import sys

import captures
import copies
import crypto
import tables
from timing import Measured, Program, interleaved

COPIES = pathlib.Path(copies.__file__).resolve()
BYTES_PER_IDLE = 4000  # of a connection that waits
PEAK_MEGABYTES = 64  # with eight connections, whatever the length


def part(amount, divisor):
    return max(1, amount // divisor)


class Bench:
    """The options, and the programs as they are called on a capture."""

    def __init__(self, options):
        self.options = options
        self.work = options.work
        self.verified = set()

    def capture(self, name, amount):
        return captures.capture(self.work, name, amount)

    def tlspeel(self, capture, *arguments, secret=True, feed=None, path=None):
        threads = ["--threads", str(self.options.threads)] if self.options.threads else []
        secrets = capture.secret if secret else ()
        return Program("tlspeel", [self.options.binary, "-" if feed else path or capture.path, *secrets, *threads, *arguments], feed=feed)

    @staticmethod
    def read(capture):
        return Program("tcpdump -r X -w /dev/null", ["tcpdump", "-Z", "root", "-r", capture.path, "-w", "/dev/null"])

    def peers(self, capture, once=True, ssldump=True):
        if not self.options.peers:
            return
        if shutil.which("tshark"):
            yield Program("tshark -Y http", ["tshark", "-r", capture.path, "-o", f"tls.keys_list:127.0.0.1,443,http,{capture.key}",
                                             "-Y", "http"], once=once, must_succeed=False)
        if ssldump and shutil.which("ssldump"):
            yield Program("ssldump -d -k", ["ssldump", "-d", "-k", capture.key, "-r", capture.path], once=once, must_succeed=False)

    def rows(self, work, ours, others, limits):
        """One row for each of the others, in their order; limits: {name: limit}."""
        found = interleaved(self.options.runs, [ours, *others])
        return [tables.timed_row(work, found[ours.name], other.name, found[other.name], limits.get(other.name)) for other in others]

    def checked(self, program, capture, connections=None, opened=None):
        """The program, after it has shown that it opens what is there."""
        connections = capture.connections if connections is None else connections
        captures.warm(capture.path)
        command = tuple(program.command)
        if command not in self.verified:
            program.verify(connections, connections if opened is None else opened)
        self.verified.add(command)
        return program


class Bulk:
    title = "Bulk captures: decrypt and show HTTP, output to /dev/null"
    NAMES = {"aes128-gcm": "AES128-GCM, 1 connection", "aes128-gcm-eight": "AES128-GCM, 8 connections at once",
             "chacha20": "ChaCha20-Poly1305, ECDHE, key log", "tls13-aes256-gcm": "TLS 1.3 AES-256-GCM, key log",
             "aes256-cbc-sha": "AES-256-CBC-SHA", "aes128-cbc-sha256": "AES-128-CBC-SHA256"}

    @classmethod
    def captures(cls, options):
        return [(name, options.megabytes) for name in cls.NAMES]

    @classmethod
    def rows(cls, bench):
        for name, work in cls.NAMES.items():
            capture = bench.capture(name, bench.options.megabytes)
            ours, read = bench.checked(bench.tlspeel(capture), capture), bench.read(capture)
            cipher = crypto.Cipher(name, capture.plaintext)
            work = f"{work}, {capture.size / 1e6:.3g} MB"
            if name.startswith("aes128-gcm"):
                # ssldump takes minutes: once is enough.
                others = [read, cipher, *bench.peers(capture, ssldump=name == "aes128-gcm")]
                yield from bench.rows(work, ours, others, {read.name: 1.0, "tshark -Y http": 1 / 150})
            else:
                yield from beside_the_larger(bench.rows(work, ours, [read, cipher], {}))
            if name == "aes128-gcm":
                yield from cls.variants(bench, capture, work)

    @staticmethod
    def variants(bench, capture, work):
        for arguments in (["--format", "json"], ["--threads", "1"]):
            ours = bench.tlspeel(capture, *arguments)
            yield from bench.rows(f"{work}, {' '.join(arguments)}", ours, [bench.read(capture)], {})


def beside_the_larger(rows):
    """The goal is a multiple of the larger one of the read and the cipher: of that with the smaller ratio."""
    goal = min(rows, key=lambda row: row.ratio)
    return [row._replace(limit=1.2) if row is goal else row for row in rows]


class Connections:
    title = "Short connections: handshakes, and a request each"

    @classmethod
    def captures(cls, options):
        return [("short", part(options.connections, 10)), ("short", options.connections), ("resumed", options.connections)]

    @classmethod
    def rows(cls, bench):
        for number in sorted({part(bench.options.connections, 10), bench.options.connections}):
            capture = bench.capture("short", number)
            ours = bench.checked(bench.tlspeel(capture), capture)
            bare = crypto.PrivateKey(number)
            others = [bare, bench.read(capture)]
            if number < bench.options.connections:
                others += bench.peers(capture)
            yield from bench.rows(f"{number:,} connections, one RSA-2048 handshake each", ours, others, {bare.name: 1.1})
        number = bench.options.connections
        capture = bench.capture("resumed", number)
        ours, read = bench.checked(bench.tlspeel(capture), capture), bench.read(capture)
        yield from bench.rows(f"{number:,} connections, all but 1 % resumed", ours, [read], {read.name: 2.0})


class Handshake:
    title = "Handshakes only, without any secret (--show handshake)"

    @staticmethod
    def captures(options):
        return [("mixed", part(options.connections, 10))]

    @classmethod
    def rows(cls, bench):
        capture = bench.capture(*cls.captures(bench.options)[0])
        ours, read = bench.tlspeel(capture, "--show", "handshake", secret=False), bench.read(capture)
        bench.checked(ours, capture, opened=0)
        yield from bench.rows(f"{capture.connections:,} connections of all kinds, {capture.size / 1e6:.3g} MB", ours, [read], {read.name: 1.3})


class Small:
    title = "One small capture, from start to exit"

    @staticmethod
    def captures(_options):
        return [("small", 1)]

    @classmethod
    def rows(cls, bench):
        capture = bench.capture("small", 1)
        ours = bench.checked(bench.tlspeel(capture), capture)
        peers = list(bench.peers(capture, once=False))
        found = interleaved(bench.options.runs, [ours, Program("true", ["true"]), *peers])
        mine = found[ours.name]
        work = f"1 connection, {capture.size} bytes"
        yield tables.timed_row(work, mine, "10 ms", Measured(0.010, None), 1.0)
        yield tables.timed_row(work, mine, "true, which does nothing", found["true"])
        for peer in peers:
            yield tables.timed_row(work, mine, peer.name, found[peer.name], {"tshark -Y http": 1 / 20}.get(peer.name))


def known_memory(measured):
    """kB; a run that was over before anybody looked is no proof of anything."""
    if not measured.memory:
        sys.exit("tlspeel ended before its memory could be looked at: the capture is too small")
    return measured.memory


class Memory:
    title = "Peak memory: 8 connections at a time, through standard input (the capture repeated, with fresh ports and times)"

    @staticmethod
    def captures(options):
        return [("aes128-gcm-eight", part(options.megabytes, 10))]

    @classmethod
    def rows(cls, bench):
        capture = bench.capture(*cls.captures(bench.options)[0])
        lengths = [bench.options.stream * factor for factor in (1, 10, 100)[:3 if bench.options.long else 2]]
        first = None
        for megabytes in lengths:
            times = max(1, round(megabytes * 1e6 / capture.size))
            ours = bench.tlspeel(capture, feed=[sys.executable, "-B", COPIES, "stream", capture.path, times])
            if first is None:
                bench.checked(ours, capture, connections=times * capture.connections)
            found = ours.measure()
            memory = known_memory(found)
            work = f"{times * capture.size / 1e9:.2g} GB"
            mine = (tables.seconds(found.seconds), tables.megabytes(memory))
            yield tables.Row(work, *mine, "64 MB", tables.megabytes(PEAK_MEGABYTES * 1024), memory / 1024 / PEAK_MEGABYTES, 1.0)
            if first:
                yield tables.Row(work, *mine, first[0], tables.megabytes(first[1]), memory / first[1], 1.1)
            first = first or (work, memory)


class Idle:
    title = "Connections that are open at once and wait (real ones, and copies of them from other addresses)"

    @staticmethod
    def captures(options):
        return [("idle", part(options.idle, 100))]

    @classmethod
    def rows(cls, bench):
        real = bench.capture(*cls.captures(bench.options)[0])
        programs = {}
        for times in (1, 10, 100):
            number = times * real.connections
            programs[number] = bench.tlspeel(real, "--order", "time", path=cls.fanned(bench, real, times))
            programs[number].verify(number, number)
        growth, measured = growth_row("{} to {} connections", bench, programs)
        # Of the last step: before, the buffers for packets, which are no connection's, may not all be in use.
        fewer, number = sorted(measured)[-2:]
        each = (known_memory(measured[number]) - known_memory(measured[fewer])) * 1024 / (number - fewer)
        yield growth._replace(work=f"{number:,} connections", against=f"{BYTES_PER_IDLE:,} bytes each", theirs=f"{each:,.0f} bytes",
                              ratio=each / BYTES_PER_IDLE, limit=1.0)
        yield growth

    @staticmethod
    def fanned(bench, real, times):
        path = bench.work / f"fan-{real.amount}-{times}.pcap"
        unfinished = path.with_suffix(".unfinished")
        if not path.exists() or path.stat().st_mtime < real.path.stat().st_mtime:
            with open(unfinished, "wb") as file:
                for piece in copies.fan(real.path.read_bytes(), times):
                    file.write(piece)
            unfinished.rename(path)
        captures.warm(path)
        return path


class Growth:
    title = "Growth: how time depends on the size (the exponent; 1 is linear)"

    @staticmethod
    def series(options):
        return [("aes128-gcm", options.megabytes, "MiB"), ("aes128-gcm-eight", options.megabytes, "MiB"),
                ("short", options.connections, "connections"), ("resumed", options.connections, "connections")]

    @staticmethod
    def steps(amount):
        """Over three decades, where the amount has as many."""
        return sorted({part(amount, 1000), part(amount, 100), part(amount, 10), amount})

    @classmethod
    def captures(cls, options):
        return [(name, amount) for name, largest, _ in cls.series(options) for amount in cls.steps(largest)]

    @classmethod
    def rows(cls, bench):
        for name, largest, unit in cls.series(bench.options):
            programs = {}
            for amount in cls.steps(largest):
                capture = bench.capture(name, amount)
                programs[amount] = bench.checked(bench.tlspeel(capture), capture)
            yield growth_row(f"{name}, {{}} to {{}} {unit}", bench, programs)[0]


def growth_row(work, bench, programs):
    """programs: {size: Program}; the row, whose text has the least and the largest size in its {}, and {size: Measured}."""
    for size, program in programs.items():
        program.name = str(size)
    found = interleaved(bench.options.runs, list(programs.values()))
    measured = {size: found[str(size)] for size in sorted(programs)}
    points = [(size, one.seconds) for size, one in measured.items()]
    last = measured[max(measured)]
    return tables.Row(work.format(f"{min(measured):,}", f"{max(measured):,}"), tables.seconds(last.seconds), tables.megabytes(last.memory),
                      "linear time", " ".join(tables.seconds(seconds) for _, seconds in points), tables.steepest(points), 1.05), measured


TABLES = {"bulk": Bulk, "connections": Connections, "handshake": Handshake, "small": Small, "memory": Memory, "idle": Idle,
          "growth": Growth}
