#!/usr/bin/env python3
"""The bodies that --save-bodies writes are what servers served: of a recorded case whose files are known, and their codings undone.

  saved_bodies_test.py TLSPEEL
"""
import csv
import pathlib
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "testdata" / "captures" / "tools"))
import content  # noqa: E402

PAGE = content.text(900)
with tempfile.TemporaryDirectory() as documents:
    content.site(pathlib.Path(documents))
    PICTURE = (pathlib.Path(documents) / "logo.png").read_bytes()
# What the servers of the case `codings` were told to serve, before it was coded; of what cannot be decoded what there is.
SERVED = {"page.txt": PAGE, "br": b"<!DOCTYPE html>\n<p>" + PAGE + b"</p>\n", "zstd": PAGE, "compress": PAGE, "wrapped": PAGE,
          "raw": PAGE, "members": PAGE, "both": b'{"codings": ["gzip", "br"]}\n', "picture": PICTURE, "long": content.text(9000),
          "other": b"\x80\x40\x01", "none": PAGE[:200]}
CUT = {"cut": content.text(2000), "damaged": content.text(2000), "bomb": bytes(64 << 20)}


def saved(target):
    with open(target / "index.tsv", encoding="ascii", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [(row, (target / row["file"]).read_bytes()) for row in rows]


class SavedBodies(unittest.TestCase):
    tlspeel = None

    def run_case(self, name, target, *more):
        folder = ROOT / "testdata" / "captures" / name
        return subprocess.run([self.tlspeel, "capture.pcap", "-l", "keys.log", "--save-bodies", target, *more], cwd=folder,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)

    def test_codings_are_undone(self):
        with tempfile.TemporaryDirectory() as name:
            target = pathlib.Path(name) / "bodies"
            self.assertEqual(self.run_case("codings", target).returncode, 0)
            bodies = saved(target)
            names = {path.name for path in target.iterdir()}
            self.assertEqual(target.stat().st_mode & 0o777, 0o700)
            self.assertEqual({path.stat().st_mode & 0o777 for path in target.iterdir()}, {0o600})
        seen = [(row["connection"], row["url"].rsplit("/")[-1]) for row, _ in bodies if row["status"] == "200"]
        self.assertEqual(sorted(seen), sorted((number, path) for number in "12" for path in {**SERVED, **CUT}))
        self.assertEqual(names, {row["file"] for row, _ in bodies} | {"index.tsv"})
        for row, data in bodies:
            path = row["url"].rsplit("/")[-1]
            self.assertEqual(len(data), int(row["size"]), row)
            if row["status"] == "206":
                self.assertEqual((len(data), row["decoded"]), (90, "no"))
            elif path in SERVED:
                self.assertEqual((data, row["complete"]), (SERVED[path], "yes"), row)
            else:
                self.assertEqual((row["complete"], bool(row["note"])), ("no", True), row)
                self.assertNotEqual(data, b"")
                if path != "damaged":
                    self.assertTrue(CUT[path].startswith(data), row)

    def test_uploads_and_a_second_run(self):
        with tempfile.TemporaryDirectory() as name:
            target = pathlib.Path(name)
            for _ in range(2):
                self.assertEqual(self.run_case("http2", target, "--show", "handshake").returncode, 0)
            bodies = saved(target)
        first, second = bodies[:len(bodies) // 2], bodies[len(bodies) // 2:]
        self.assertEqual([data for _, data in first], [data for _, data in second])
        self.assertEqual(len({row["file"] for row, _ in bodies}), len(bodies))
        uploads = [data for row, data in first if row["direction"] == "client"]
        self.assertEqual(len(uploads), 3)
        self.assertEqual({len(data) for data in uploads}, {3000})
        echoes = [data for row, data in first if row["direction"] == "server" and row["url"].endswith("/echo")]
        self.assertEqual(len(echoes), 2)
        for echo in echoes:
            self.assertIn(echo, uploads)

    def test_a_directory_that_cannot_be_one(self):
        with tempfile.NamedTemporaryFile() as file:
            done = self.run_case("codings", file.name)
        self.assertEqual((done.returncode, done.stdout), (2, b""))
        self.assertIn(b"not a directory", done.stderr)


if __name__ == "__main__":
    SavedBodies.tlspeel = str(pathlib.Path(sys.argv.pop(1)).resolve())
    unittest.main(verbosity=2)
