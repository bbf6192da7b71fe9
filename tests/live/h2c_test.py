#!/usr/bin/env python3
"""HTTP/2 in TLS without ALPN, by Upgrade (h2c) and by prior knowledge, captured anew: every exchange is there, with the body that the server has,
and whatever tshark shows of a stream is shown, too. tshark itself loses what comes in one record with `101 Switching Protocols`.

  h2c_test.py TLSPEEL
"""
import collections
import json
import pathlib
import sys
import tempfile

import harness
from cases import h2c
from content import site, text
from lab import tshark

# By connection: version of the request and of its response, method, target, status; those that the server pushes behind them.
UPGRADED, KNOWN = ("HTTP/1.1", "HTTP/2"), ("HTTP/2", "HTTP/2")
EXPECTED = {
    1: [(*UPGRADED, "GET", "/index.html", 200), (*KNOWN, "GET", "/style.css", 200)],
    2: [(*UPGRADED, "GET", "/page.txt", 200)],
    3: [(*UPGRADED, "HEAD", "/hello.txt", 200)],
    4: [(*UPGRADED, "GET", "/no-such-page", 404)],
    5: [("HTTP/1.1", "HTTP/1.1", "POST", "/hello.txt", 200)],
    6: [(*UPGRADED, "OPTIONS", "*", 404), (*KNOWN, "POST", "/note.txt", 200)],
    7: [(*UPGRADED, "GET", "/page.txt", 200), (*KNOWN, "GET", "/data.json", 200), (*KNOWN, "GET", "/style.css", 200)],
    8: [(*UPGRADED, "GET", "/logo.png", 200), (*KNOWN, "GET", "/style.css", 200)],
    9: [(*KNOWN, "GET", "/index.html", 200), (*KNOWN, "GET", "/style.css", 200)],
    10: [(*KNOWN, "GET", "/page.txt", 200)],
    11: [(*KNOWN, "GET", "/index.html", 200), (*KNOWN, "GET", "/style.css", 200)],
    12: [(*KNOWN, "GET", "/logo.png", 200)]}
FIELDS = ["tcp.stream", "http.request.method", "http.request.uri", "http.response.code", "http2.headers.method", "http2.headers.path",
          "http2.headers.status"]


def faults_of(binary, folder):
    with tempfile.TemporaryDirectory() as target:
        lines = harness.golden.run(binary, folder, ["--format", "json", "--save-bodies", target]).stdout.splitlines()
        rows = [line.split("\t") for line in (pathlib.Path(target) / "index.tsv").read_text().splitlines()]
        saved = [dict(zip(rows[0], row)) for row in rows[1:]]
        bodies = {(int(row["connection"]), int(row["exchange"]), row["direction"]): (pathlib.Path(target) / row["file"]).read_bytes() for row in saved}
    messages = [event for event in map(json.loads, lines) if event["event"] == "http_message"]
    exchanges = harness.golden.exchanges(messages)
    found = collections.defaultdict(list)
    for (connection, _), each in exchanges.items():
        request, response = each["request"], each["response"]
        found[connection].append((request["version"], response["version"], request["method"], request["target"], response["status"]))
    faults = [f"connection {number}: {found[number]}, expected is {wanted}" for number, wanted in EXPECTED.items() if found[number] != wanted]
    switching = [message["connection"] for message in messages if message.get("status") == 101 and message["interim"]]
    if switching != [number for number, wanted in EXPECTED.items() if wanted[0][:2] == UPGRADED]:
        faults.append(f"101 is in the connections {switching}")
    return faults + body_faults(exchanges, bodies) + tshark_faults(folder, messages)


def body_faults(exchanges, bodies):
    with tempfile.TemporaryDirectory() as documents:
        root = pathlib.Path(documents)
        site(root)
        files = {f"/{path.name}": path.read_bytes() for path in root.iterdir()}
    note = text(1500)
    files.update({"/page.txt": text(6000), "/note.txt": note})
    faults = []
    for (connection, number), each in exchanges.items():
        method, target, status = each["request"]["method"], each["request"]["target"], each["response"]["status"]
        for side, wanted in (("client", note if method == "POST" else None), ("server", files.get(target) if method != "HEAD" else None)):
            if status == 200 and bodies.get((connection, number, side)) != wanted:
                faults.append(f"connection {connection}, {method} {target}: what the {side} sent differs")
    return faults


def tshark_faults(folder, messages):
    ours, theirs = collections.Counter(), collections.Counter()
    for message in messages:
        value = (message["method"], message["target"]) if message["kind"] == "request" else (str(message["status"]), "")
        ours[message["connection"], *value] += 1
    listing = tshark.run_tshark(folder / "capture.pcap", [], [
        "-o", f"tls.keylog_file:{folder / 'keys.log'}", "-Y", "http or http2", "-T", "fields", "-E", "aggregator= ",
        *(option for name in FIELDS for option in ("-e", name))])
    for line in listing.splitlines():
        stream, method, uri, code, methods, paths, statuses = line.split("\t")
        pairs = [*zip(method.split(), uri.split()), *zip(methods.split(), paths.split()), *((each, "") for each in [*code.split(), *statuses.split()])]
        theirs.update((int(stream) + 1, *pair) for pair in pairs)
    # In many: it is not that it shows nothing.
    faults = [] if theirs.total() > ours.total() / 2 else [f"tshark shows {theirs.total()} heads, tlspeel {ours.total()}"]
    return faults + [f"tshark has {theirs[key]} of {key}, tlspeel {ours[key]}" for key in theirs - ours]


if __name__ == "__main__":
    sys.exit(harness.anew_and_recorded("h2c", h2c.h2c, faults_of))
