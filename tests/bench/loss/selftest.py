#!/usr/bin/env python3
"""The loss bench must find a wrong byte, and count what is left of the records as it says."""
import pathlib
import sys
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[2] / "testdata" / "captures" / "tools"), str(HERE.parents[1] / "golden")]
import programs  # noqa: E402
import thinning  # noqa: E402
from content import noise  # noqa: E402
from families import FAMILIES  # noqa: E402

SENT = noise(5000)


def changed(data, at):
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1:]


class Places(unittest.TestCase):
    def test_what_was_sent_with_pieces_left_out_is_right(self):
        shown = SENT[:1000] + SENT[1500:2000] + SENT[3000:]
        self.assertEqual(programs.checked("x", shown, [], SENT), len(shown))

    def test_one_changed_byte_is_found_wherever_it_is(self):
        shown = SENT[:1000] + SENT[1500:2000] + SENT[3000:]
        for at in (0, 999, 1000, 1100, 1499, len(shown) - 1):
            with self.assertRaises(programs.WrongBytes, msg=str(at)):
                programs.checked("x", changed(shown, at), [], SENT)

    def test_a_record_of_one_byte_before_a_hole(self):
        shown = SENT[:1001] + SENT[2000:]
        for cut in (SENT[:1000] + SENT[1200:1201] + SENT[2000:], shown):
            self.assertEqual(programs.checked("x", cut, [], SENT, split=True), 4001)
        with self.assertRaises(programs.WrongBytes):
            programs.checked("x", changed(shown, 500), [], SENT, split=True)

    def test_pieces_in_another_order_are_wrong(self):
        with self.assertRaises(programs.WrongBytes):
            programs.checked("x", SENT[1000:2000] + SENT[:1000], [], SENT)

    def test_behind_an_exact_hole_the_place_counts(self):
        shown = SENT[:1000] + bytes(500) + SENT[1500:]
        self.assertEqual(programs.checked("x", shown, [(1000, 500, "exact")], SENT), 4500)
        moved = SENT[:1000] + bytes(499) + SENT[1500:]
        with self.assertRaises(programs.WrongBytes):
            programs.checked("x", moved, [(1000, 499, "exact")], SENT)
        self.assertEqual(programs.checked("x", moved, [(1000, 499, "estimated")], SENT), 4500)

    def test_a_hole_holds_nothing_but_zeros(self):
        with self.assertRaises(programs.WrongBytes):
            programs.checked("x", SENT[:1000] + b"\1" + bytes(499) + SENT[1500:], [(1000, 500, "exact")], SENT)

    def test_the_others_are_counted_without_what_is_wrong(self):
        self.assertEqual(programs.matched(SENT[:2000] + noise(300, 2) + SENT[2500:], SENT), 4500)


class Records(unittest.TestCase):
    def test_ranges(self):
        ranges = thinning.joined([(10, 20), (0, 5), (20, 30), (4, 6)])
        self.assertEqual(ranges, [[0, 6], [10, 30]])
        self.assertEqual(thinning.covered(ranges, 0, 40), 26)
        self.assertEqual(thinning.covered(ranges, 5, 11), 2)
        self.assertEqual(thinning.covered(ranges, 6, 10), 0)

    def test_sizes_add_up(self):
        gcm = next(one for one in FAMILIES if one.name == "tls12-aes128-gcm")
        stream = b"".join(b"\x17\x03\x03" + (size + 24).to_bytes(2, "big") + bytes(size + 24) for size in (100, 16384))
        self.assertEqual([size for _, _, size in thinning.application_records(stream, gcm, 16484)], [100, 16384])
        with self.assertRaises(RuntimeError):
            thinning.application_records(stream, gcm, 16485)


if __name__ == "__main__":
    unittest.main()
