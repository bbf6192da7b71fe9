#!/usr/bin/env python3
"""The speed bench must run its programs in turn, count what they say, judge ratios by their goals, and change nothing but addresses,
ports, numbers and times in the copies that it makes of captures. Nothing here depends on how fast the machine is."""
import pathlib
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[2] / "testdata" / "captures" / "tools")]
import captures  # noqa: E402
import copies  # noqa: E402
import crypto  # noqa: E402
import tables  # noqa: E402
import timing  # noqa: E402
import work  # noqa: E402
from lab import pcapfile  # noqa: E402

SAMPLE = HERE.parents[2] / "testdata" / "captures" / "apache_rsa" / "capture.pcap"
TIMES = 3


def made(maker):
    """(packets of the original, packets of the copy), as (pcapfile.Packet, pcapfile.Segment)."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "copy.pcap"
        path.write_bytes(b"".join(bytes(piece) for piece in maker(SAMPLE.read_bytes(), TIMES)))
        return [[(packet, pcapfile.segment(packet.data)) for packet in pcapfile.read(one)[2]] for one in (SAMPLE, path)]


class Stream(unittest.TestCase):
    def test_only_ports_numbers_and_times_change(self):
        original, copy = made(copies.stream)
        self.assertEqual(len(copy), TIMES * len(original))
        connections = set()
        for turn in range(TIMES):
            part = copy[turn * len(original):(turn + 1) * len(original)]
            for (before, old), (after, new) in zip(original, part):
                self.assertEqual(new.data, old.data)
                self.assertEqual(new.flags, old.flags)
                self.assertEqual((new.sequence - old.sequence) % 2 ** 32, turn * copies.SEQUENCE_STEP % 2 ** 32)
                self.assertEqual((new.acknowledgement - old.acknowledgement) % 2 ** 32, turn * copies.SEQUENCE_STEP % 2 ** 32)
                self.assertEqual(after.fraction, before.fraction)
            connections |= {frozenset((new.source, new.target)) for _, new in part}
        self.assertEqual(len(connections), TIMES * len({frozenset((old.source, old.target)) for _, old in original}))

    def test_the_servers_keep_their_ports(self):
        original, copy = made(copies.stream)
        self.assertEqual({new.target for _, new in copy if new.flags & 0x12 == 2}, {old.target for _, old in original if old.flags & 0x12 == 2})

    def test_time_never_goes_back(self):
        _, copy = made(copies.stream)
        times = [(packet.seconds, packet.fraction) for packet, _ in copy]
        self.assertEqual(times, sorted(times))


class Fan(unittest.TestCase):
    def test_every_packet_once_for_each_client(self):
        original, copy = made(copies.fan)
        self.assertEqual(len(copy), TIMES * len(original))
        clients = set()
        for index, (packet, new) in enumerate(copy):
            before, old = original[index // TIMES]
            self.assertEqual((new.data, new.sequence, new.flags), (old.data, old.sequence, old.flags))
            self.assertEqual((packet.seconds, packet.fraction), (before.seconds, before.fraction))
            self.assertEqual((new.source[1], new.target[1]), (old.source[1], old.target[1]))
            server, client = (new.target, new.source) if old.target[1] == 443 else (new.source, new.target)
            self.assertEqual(server, old.target if old.target[1] == 443 else old.source)
            clients.add(client)
        self.assertEqual(len(clients), TIMES * len({old.source for _, old in original if old.target[1] == 443}))

    def test_what_is_no_such_capture_is_refused(self):
        raw = bytearray(SAMPLE.read_bytes())
        raw[20] = 113  # LINKTYPE_LINUX_SLL
        with self.assertRaises(ValueError):
            copies.packets(raw)
        raw = bytearray(SAMPLE.read_bytes())
        raw[copies.FILE_HEADER + copies.RECORD_HEADER + copies.LINK] = 0x60
        with self.assertRaises(ValueError):
            copies.packets(raw)


class Told:
    """A program that only writes down that it was run, and takes as long as it is told to."""

    def __init__(self, name, log, times, once=False):
        self.name, self.log, self.times, self.once = name, log, list(times), once

    def measure(self):
        self.log.append(self.name)
        return timing.Measured(self.times.pop(0), len(self.times) or None)


class Timing(unittest.TestCase):
    def test_programs_take_turns_and_the_fastest_run_counts(self):
        log = []
        found = timing.interleaved(3, [Told("a", log, [3, 1, 2]), Told("b", log, [5], once=True), Told("c", log, [6, 7, 8])])
        self.assertEqual(log, ["a", "b", "c", "a", "c", "a", "c"])
        self.assertEqual({name: one.seconds for name, one in found.items()}, {"a": 1, "b": 5, "c": 6})
        self.assertEqual(found["a"].memory, 2)
        self.assertIsNone(found["b"].memory)

    def test_memory_is_that_of_the_program(self):
        program = timing.Program("x", [sys.executable, "-c", "import time; kept = bytearray(200 << 20); time.sleep(0.3)"])
        self.assertGreater(program.measure().memory, 200 << 10)
        idle = timing.Program("y", ["sleep", "0.3"])
        self.assertLess(idle.measure().memory, 50 << 10)

    def test_what_fails_is_no_measurement(self):
        with self.assertRaises(SystemExit):
            timing.Program("x", ["false"]).measure()
        with self.assertRaises(SystemExit):
            timing.Program("x", ["cat"], feed=[sys.executable, "-c", "import sys; print('a part'); sys.exit(1)"]).measure()

    def test_closing_lines_are_counted(self):
        self.assertEqual(timing.counted("x\n\n40 connections: 40 opened (42.0 MB)\nserver.key (RSA 2048) opened 40 connections\n"), (40, 40))
        self.assertEqual(timing.counted("\n28 connections: 27 opened (27.9 kB), 1 with nothing to open\n"), (28, 27))
        self.assertEqual(timing.counted("\n1,400 connections: 400 closed (12.6 MB)\n  160 closed: no key given (5.9 MB)\n"), (1400, 0))
        self.assertIsNone(timing.counted("no packets in this capture\n"))

    def test_a_program_that_opens_too_little_is_found_out(self):
        program = timing.Program("x", ["echo", "8 connections: 7 opened (1 MB), 1 closed"])
        program.verify(8, 7)
        with self.assertRaises(SystemExit):
            program.verify(8, 8)

    def test_no_figure_is_an_error(self):
        self.assertEqual(crypto.figure(r"^\+F:\d+:[^:]+:([0-9.]+)$", "+H:16384\n+F:25:AES-256-CBC:6522991709.09\n"), "6522991709.09")
        with self.assertRaises(SystemExit):
            crypto.figure(r"^\+F:", "speed: unknown algorithm\n")


class Tables(unittest.TestCase):
    ROW = tables.timed_row("a capture", timing.Measured(0.5, 2048), "another", timing.Measured(1.0, None), 0.6)

    def test_a_goal_is_met_below_and_at_the_limit(self):
        self.assertTrue(tables.met(self.ROW))
        self.assertTrue(tables.met(self.ROW._replace(limit=0.5)))
        self.assertFalse(tables.met(self.ROW._replace(limit=0.49)))
        self.assertIsNone(tables.met(self.ROW._replace(limit=None)))

    def test_what_is_missed_stands_at_the_end(self):
        told = tables.summary([self.ROW, self.ROW._replace(limit=None), self.ROW._replace(work="a slow one", ratio=1 / 100, limit=1 / 150)])
        self.assertEqual(told, "2 goals: 1 met, 1 not met\n  a slow one, against another: 1/100, goal <= 1/150")

    def test_a_table(self):
        told = tables.text("A title", [self.ROW, self.ROW._replace(against="a third", limit=None)])
        lines = told.splitlines()
        self.assertEqual(lines[2].split(), "a capture 0.500 s 2.0 MB another 1.000 s 0.50 <= 0.60 yes".split())
        self.assertEqual(lines[3].split(), "a third 1.000 s 0.50".split())

    def test_small_ratios_are_fractions_where_the_goal_is_one(self):
        self.assertEqual([tables.number(*pair) for pair in ((0.01, 1 / 20), (0.08, None), (0.08, 1.05), (0.2, None), (3, 1 / 20))],
                         ["1/100", "1/12.5", "0.08", "0.20", "3.00"])

    def test_the_larger_one_carries_the_goal(self):
        rows = work.beside_the_larger([self.ROW._replace(ratio=1.5, limit=None), self.ROW._replace(ratio=1.1, limit=None)])
        self.assertEqual([row.limit for row in rows], [None, 1.2])

    def test_slopes(self):
        self.assertAlmostEqual(tables.steepest([(1, 2), (10, 20), (100, 200)]), 1)
        self.assertAlmostEqual(tables.steepest([(1, 1), (10, 100), (100, 10000)]), 2)
        self.assertAlmostEqual(tables.steepest([(1, 1), (10, 1), (100, 100)]), 2)

    def test_every_bulk_capture_has_a_cipher(self):
        downloads = {name for name, kind in captures.KINDS.items() if kind.traffic == "download"}
        self.assertEqual(set(work.Bulk.NAMES), downloads)
        self.assertEqual(set(crypto.CIPHERS), downloads)


if __name__ == "__main__":
    unittest.main()
