#!/usr/bin/env python3
"""--grep, --url and --host over recorded cases choose what their programs served and called: words that stand in a body only when its coding is
undone, the status of calls, the place behind a proxy. Needs no permission to capture.

  chosen_test.py TLSPEEL
"""
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

from saved_bodies_test import CUT, ROOT, SERVED


class Chosen(unittest.TestCase):
    tlspeel = None

    def run_case(self, name, *options):
        done = subprocess.run([self.tlspeel, "capture.pcap", "-l", "keys.log", *options], cwd=ROOT / "testdata" / "captures" / name,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=True)
        return done.stdout

    def requests(self, name, *options):
        events = map(json.loads, self.run_case(name, "--format", "json", *options).splitlines())
        return [event for event in events if event["event"] == "http_message" and event["kind"] == "request"]

    def test_words_in_decoded_bodies(self):
        found = self.requests("codings", "--grep", "the lazy dog")
        # "none" says that it is coded and is not: it is not shown.
        expected = {path for path, data in {**SERVED, **CUT}.items() if b"the lazy dog" in data} - {"none"}
        self.assertGreaterEqual(expected, {"br", "zstd", "compress", "wrapped", "raw", "members", "long"})
        for connection in (1, 2):
            self.assertEqual({each["target"].strip("/") for each in found if each["connection"] == connection}, expected)

    def test_words_that_never_stood_in_the_clear(self):
        found = self.requests("codings", "--grep", r'^\{"codings": \[')
        self.assertEqual([(each["connection"], each["target"]) for each in found], [(1, "/both"), (2, "/both")])
        with tempfile.TemporaryDirectory() as target:
            self.run_case("codings", "--save-streams", target)
            streams = b"".join(path.read_bytes() for path in pathlib.Path(target).iterdir())
        self.assertIn(b"/both", streams)
        self.assertNotIn(b'"codings"', streams)

    def test_as_far_as_a_body_is_shown(self):
        last_line = SERVED["long"].rstrip().rpartition(b"\n")[2].split()[0].decode()
        self.assertEqual({each["target"] for each in self.requests("codings", "--grep", f"^{last_line} ")}, {"/long"})
        self.assertEqual(self.requests("codings", "--grep", f"^{last_line} ", "--max-body", "1000"), [])

    def test_calls_by_their_status(self):
        lines = (ROOT / "testdata" / "captures" / "grpc" / "calls.jsonl").read_text(encoding="utf-8").splitlines()
        calls = [json.loads(line) for line in lines]
        failed = [call["path"] for call in calls if call["status"] not in (0, 1, 4)]  # of 1 and 4 the client alone knows
        self.assertEqual([each["target"] for each in self.requests("grpc", "--grep", "^grpc-status: [1-9]")], failed)
        self.assertGreaterEqual(len(failed), 3)
        chats = [call["path"] for call in calls if call["path"].endswith("/Chat")]
        self.assertEqual([each["target"] for each in self.requests("grpc", "--url", "/Chat$", "--host", "www.example.com")], chats)
        self.assertEqual(self.requests("grpc", "--url", "/chat$"), [])

    def test_hosts_and_urls_behind_an_upgrade(self):
        found = self.requests("h2c", "--host", "127.0.0.1:8182", "--url", r"\.(css|json|png)$")
        self.assertEqual([(each["connection"], each["target"]) for each in found],
                         [(7, "/data.json"), (7, "/style.css"), (8, "/logo.png"), (8, "/style.css"), (12, "/logo.png")])
        self.assertEqual(len(self.requests("h2c", "--host", "127.0.0.1")), 19)


if __name__ == "__main__":
    Chosen.tlspeel = str(pathlib.Path(sys.argv.pop(1)).resolve())
    unittest.main(verbosity=2)
