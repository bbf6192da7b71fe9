#!/usr/bin/env python3
"""The golden harness must fail where it should: a shell script stands in for a program whose output is known to be wrong."""
import gzip
import hashlib
import pathlib
import tempfile
import unittest

import chosen
import golden

CLIENT, SERVER = b"GET / HTTP/1.0\r\n\r\n", b"HTTP/1.0 200 OK\r\n\r\nhello"
NAME = "000001_127.0.0.1.1000-127.0.0.1.443"


class Golden(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.addCleanup(self.temporary.cleanup)
        self.folder = pathlib.Path(self.temporary.name) / "case"
        (self.folder / "exchanged").mkdir(parents=True)
        (self.folder / "args").write_text("-k\nserver.key\n")
        (self.folder / "capture.pcap").write_bytes(b"bytes")
        self.exchanged()

    def exchanged(self, expected="opened", reason="-", client=CLIENT, server=SERVER):
        rows = ["conn\tclient\tserver\tversion\tsuite\texpected\treason\tprograms\tdirection\tbytes\tsha256"]
        for direction, data in (("client", client), ("server", server)):
            rows.append(f"1\t127.0.0.1:1000\t127.0.0.1:443\tTLS 1.2\tX\t{expected}\t{reason}\tcurl\t{direction}\t{len(data)}\t"
                        + hashlib.sha256(data).hexdigest())
            (self.folder / "exchanged" / f"1.{direction}").write_bytes(data)
        (self.folder / "exchanged.tsv").write_text("\n".join(rows) + "\n")

    def program(self, body):
        path = pathlib.Path(self.temporary.name) / "program"
        path.write_text(f"#!/bin/sh\n{body}\n")
        path.chmod(0o755)
        return str(path)

    def fails(self, words, check, *arguments):
        with self.assertRaises(golden.Mismatch) as caught:
            check(*arguments)
        self.assertIn(words, str(caught.exception))

    def test_equal_output_passes(self):
        (self.folder / "expected.txt").write_text("hello\n")
        golden.check_text(self.program("echo hello"), self.folder)

    def test_other_output_fails(self):
        (self.folder / "expected.txt").write_text("hello\n")
        self.fails("+help", golden.check_text, self.program("echo help"), self.folder)

    def test_missing_expectation_fails(self):
        self.fails("expected.txt is missing", golden.check_text, self.program("echo hello"), self.folder)

    def test_unexpected_message_fails(self):
        self.fails("expected.err", golden.check_text, self.program("echo hello >&2"), self.folder)

    def test_exit_code(self):
        self.fails("exit code 1, expected 0", golden.check_text, self.program("exit 1"), self.folder)
        (self.folder / "expected.exit").write_text("1\n")
        golden.check_text(self.program("exit 1"), self.folder)

    def test_crash_fails_even_if_it_were_expected(self):
        self.fails("ended with", golden.check_text, self.program("kill -SEGV $$"), self.folder)

    def test_output_that_depends_on_threads_fails(self):
        self.fails("with 2 threads, against 1", golden.check_text, self.program('echo "$@"'), self.folder)

    def test_capture_and_arguments_are_passed(self):
        (self.folder / "expected.txt").write_text("capture.pcap -k server.key\n")
        golden.check_text(self.program('echo "$1" "$2" "$3"'), self.folder)

    def test_large_expectation_is_kept_compressed(self):
        text = b"line\n" * 100_000
        golden.write_expectation(self.folder, "expected.txt", text)
        self.assertEqual(gzip.decompress((self.folder / "expected.txt.gz").read_bytes()), text)
        self.assertEqual(golden.read_expectation(self.folder, "expected.txt"), text)
        golden.write_expectation(self.folder, "expected.txt", b"short\n")
        self.assertFalse((self.folder / "expected.txt.gz").exists())

    def saving(self, client=CLIENT, server=SERVER):
        """A program that finds the value of --save-streams and writes there."""
        for name, data in (("c", client), ("s", server)):
            (pathlib.Path(self.temporary.name) / name).write_bytes(data)
        return self.program('while [ "$1" != --save-streams ]; do shift; done\n'
                            f'cp {self.temporary.name}/c "$2/{NAME}.client"; cp {self.temporary.name}/s "$2/{NAME}.server"')

    def test_streams_that_are_what_was_exchanged(self):
        golden.check_streams(self.saving(), self.folder)

    def test_streams_that_differ(self):
        self.fails("server: 24 bytes were saved, 24 were exchanged", golden.check_streams,
                   self.saving(server=SERVER.upper()), self.folder)

    def test_streams_that_nobody_saved(self):
        self.fails("nothing was saved", golden.check_streams, self.program("true"), self.folder)

    def test_streams_of_a_connection_that_stays_closed(self):
        self.exchanged(expected="closed", reason="no key given")
        golden.check_streams(self.program("true"), self.folder)
        self.fails("nothing was expected", golden.check_streams, self.saving(), self.folder)

    def test_streams_in_part(self):
        self.exchanged(expected="partial", reason="packets are missing")
        golden.check_streams(self.saving(server=SERVER[:5] + SERVER[9:]), self.folder)
        self.fails("not exchanged", golden.check_streams, self.saving(server=b"hellp"), self.folder)

    def test_holes_of_streams(self):
        holes = b"# offset length exact|estimated|unknown\n5 4 exact\n9 unknown unknown\n"
        captured = golden.without_holes("a", SERVER[:5] + bytes(4) + SERVER[9:], holes.decode())
        self.assertEqual(captured, SERVER[:5] + SERVER[9:])
        self.fails("no zeros", golden.without_holes, "a", SERVER, holes.decode())

    def test_streams_of_nobody(self):
        self.exchanged(client=b"")
        self.fails("nothing was expected", golden.check_streams, self.saving(), self.folder)

    def test_ipv6_file_name(self):
        self.assertEqual(golden.file_name_part("[::1]:443"), "--1.443")

    def test_json(self):
        self.fails("is not JSON", golden.check_lines, b"{\n")
        self.fails("breaks the schema", golden.check_lines, b'{"event":"no such event"}\n')
        self.fails("does not end", golden.check_lines, b"{}")


def message(kind, number, **members):
    return {"event": "http_message", "connection": 1, "exchange": number, "kind": kind, "version": "HTTP/1.1", "fields": [], "body": {}, **members}


class Chosen(unittest.TestCase):
    START = {"event": "connection_start", "connection": 1, "server": {"address": "::1", "port": 8443}}
    END = {"event": "connection_end", "connection": 1, "server_name": "a.example"}
    FIRST = [message("request", 1, method="GET", target="/a", fields=[{"name": "Host", "value": "www.example.com:8443"}]),
             message("response", 1, status=200, reason="OK", body={"body_text": "line\nthe word\n"})]
    SECOND = [message("request", 2, method="POST", target="/b"), message("response", 2, status=404, reason="Not Found")]
    EVERYTHING = [START, *FIRST, *SECOND, END, {"event": "run_summary"}]

    def shown(self, messages, said=1):
        return [self.START, *messages, self.END, {"event": "run_summary", "chosen": {"exchanges": said}}]

    def test_each_criterion(self):
        for choice in ({"method": ["get"]}, {"status": ["2xx"]}, {"status": ["100-399"]}, {"host": ["*.Example.com"]}, {"host": ["www.example.com:8443"]},
                       {"url": "^https://www.example.com:8443/a$"}, {"grep": "^the word$"}, {"grep": "^HTTP/1.1 200"}, {"grep": "^Host: www"}):
            self.assertEqual(chosen.faults_of(self.EVERYTHING, choice, self.shown(self.FIRST)), [], choice)
            self.assertNotEqual(chosen.faults_of(self.EVERYTHING, choice, self.shown(self.SECOND)), [], choice)

    def test_more_and_less_than_expected(self):
        for messages in (self.FIRST[:1], [*self.FIRST, self.SECOND[0]], [*self.FIRST, self.FIRST[0]], [*self.FIRST, {"event": "tls_message", "connection": 1}]):
            self.assertNotEqual(chosen.faults_of(self.EVERYTHING, {"method": ["get"]}, self.shown(messages)), [], messages)
        self.assertEqual(chosen.faults_of(self.EVERYTHING, {"method": ["get"]}, self.shown(self.FIRST, said=2)),
                         ["2 requests are said to be chosen, 1 are"])

    def test_count_of_numbers(self):
        def shown(count):
            return [self.START, self.END, {"event": "run_summary", "outcomes": [{"connections": 1}], "chosen_connections": count}]
        everything, choice = [self.START, self.END, {"event": "run_summary"}], {"connection": [1]}
        self.assertEqual(chosen.faults_of(everything, choice, shown({"connections": 1, "of_connections": 1})), [])
        self.assertIn("is said of the numbers", chosen.faults_of(everything, choice, shown({"connections": 0, "of_connections": 1}))[0])
        self.assertIn("is said of the numbers", chosen.faults_of(everything, choice, shown(None))[0])

    def test_connection_that_is_not_named(self):
        shown = [event for event in self.shown(self.FIRST) if event != self.END]
        self.assertIn("are named", chosen.faults_of(self.EVERYTHING, {"method": ["get"]}, shown)[0])

    def test_places(self):
        server = {"address": "::1", "port": 8443}
        self.assertEqual(chosen.place_of({"method": "GET", "target": "/x"}, "", server), ("[::1]:8443", "https://[::1]:8443/x"))
        self.assertEqual(chosen.place_of({"method": "OPTIONS", "target": "*"}, "name", server), ("name:8443", "https://name:8443"))
        self.assertEqual(chosen.place_of({"method": "GET", "target": "http://h/x?y"}, "name", server), ("h", "http://h/x?y"))
        self.assertEqual(chosen.place_of({"method": "CONNECT", "target": "h:443"}, "name", server), ("h:443", "h:443"))
        self.assertEqual([chosen.without_port(host) for host in ("a:1", "a", "[::1]:1", "[::1]")], ["a", "a", "[::1]", "[::1]"])


if __name__ == "__main__":
    unittest.main()
