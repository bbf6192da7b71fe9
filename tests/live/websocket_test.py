#!/usr/bin/env python3
"""The messages of WebSocket that are shown are what the programs of the recorded cases said, however they were compressed.

  websocket_test.py TLSPEEL
"""
import collections
import json
import pathlib
import subprocess
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "testdata" / "captures" / "tools"))
from content import noise, text  # noqa: E402

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10
PIECES = "The first piece, the second one, and the last: \u2603."
LINES = [f'{{"event": "tick", "number": {number}, "text": "the same over and over"}}' for number in range(3)]
PAGE = text(9000).decode()
# Of testdata/captures/tools/cases/websocket.py: what is compressed, and who closes.
VISITS = ((True, "client"), (False, "server"), (True, "server"), (True, "client"))


def said(compressed, leaves):
    """Of both sides: opcode, and text or the size of what is binary."""
    large = [] if compressed else [len(noise(70_000, 6))]
    client = [(PONG, "are you there"), *[(TEXT, line) for line in LINES], (TEXT, PAGE), *[(BINARY, size) for size in (3000, *large)],
              (TEXT, ""), (TEXT, PIECES), (TEXT, "fragments"), (PING, "ping of the client"), (TEXT, "caf\u00e9 \u2603")]
    server = [(PING, "are you there"), *[(opcode, content.upper() if isinstance(content, str) else content)
                                         for opcode, content in client[1:9 + len(large) - 1]]]
    server += [(TEXT, PIECES), (PONG, "ping of the client"), (TEXT, "CAF\u00c9 \u2603")]
    close = (CLOSE, (1000, "that is all")) if leaves == "client" else (CLOSE, (1001, "the server leaves"))
    return {"client": client + ([(TEXT, "leave")] if leaves == "server" else []) + [close], "server": server + [close]}


def shown(event):
    opcode = event["opcode"]["value"]
    if opcode == CLOSE:
        return opcode, (event["close_code"]["value"], event.get("body_text", ""))
    if opcode == BINARY:
        return opcode, event.get("decoded_size", event["size"])
    return opcode, event.get("body_text", "")


class WebSockets(unittest.TestCase):
    tlspeel = None

    def messages_of(self, case):
        done = subprocess.run([self.tlspeel, "capture.pcap", "-l", "keys.log", "--format", "json", "--max-body", "100000"],
                              cwd=ROOT / "testdata" / "captures" / case, stdout=subprocess.PIPE, check=True)
        events = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertFalse([event for event in events if event["event"] in ("problem", "opaque_data")])
        messages = [event for event in events if event["event"] == "websocket_message"]
        self.assertTrue(all(event["complete"] and "note" not in event for event in messages))
        return messages

    def test_a_browser_and_http2(self):
        messages = self.messages_of("websocket_http2")
        self.assertEqual(len({(event["connection"], event["exchange"], event["stream"]) for event in messages}), 1)
        texts = ["hello", "the same over and over", "the same over and over again"]
        close = (CLOSE, (1000, "that is all"))
        self.assertEqual([shown(event) for event in messages if event["direction"] == "client" and event["opcode"]["value"] != PONG],
                         [*[(TEXT, each) for each in texts], (TEXT, "fragments"), (BINARY, 4), close])
        self.assertEqual([shown(event) for event in messages if event["direction"] == "server" and event["opcode"]["value"] != PING],
                         [*[(TEXT, each.upper()) for each in texts], (TEXT, PIECES), (BINARY, 4), close])

    def test_messages_are_what_was_said(self):
        messages = self.messages_of("websocket")
        self.assertTrue(all(event["exchange"] == 1 and "stream" not in event for event in messages))
        heard = collections.defaultdict(list)
        for event in messages:
            heard[event["connection"], event["direction"]].append(event)
        self.assertEqual(len(heard), 2 * len(VISITS))
        for number, (compressed, leaves) in enumerate(VISITS, 1):
            for direction, expected in said(compressed, leaves).items():
                events = heard[number, direction]
                self.assertEqual([shown(event) for event in events], expected, f"connection {number}, {direction}")
                self.assertEqual({event["compressed"] for event in events if event["opcode"]["value"] < CLOSE}, {compressed})
                self.assertEqual(sum(event["frames"] > 1 for event in events), 1)


if __name__ == "__main__":
    WebSockets.tlspeel = str(pathlib.Path(sys.argv.pop(1)).resolve())
    unittest.main(verbosity=2)
