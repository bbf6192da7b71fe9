#!/usr/bin/env python3
"""HTTP/2: curl and nghttp at nghttpd and nginx. Beside what every case is held against: each stream's request and response is what tshark
shows, and a text that was downloaded is the server's file."""
import collections
import json
import pathlib
import subprocess
import sys
import tempfile

import harness
from cases import http2
from lab import case, tshark

FIELDS = ["tcp.stream", "http2.streamid", "http2.headers.method", "http2.headers.path", "http2.headers.status"]


def main():
    binary = harness.tlspeel()
    with tempfile.TemporaryDirectory(prefix="tlspeel-live-") as work:
        harness.skip_unless_permitted(work)
        case.ROOT = pathlib.Path(work)
        faults = faults_of(binary, "http2", http2.http2) + faults_of(binary, "http2_direct", http2.http2_direct, exchanged=False)
    for fault in faults:
        print(f"  {fault}")
    return 1 if faults else 0


def faults_of(binary, name, function, exchanged=True):
    if not harness.make(name, function):
        return [f"{name}: could not be made"]
    folder = case.ROOT / name
    found = harness.check(binary, folder) if exchanged else []
    messages = messages_of(binary, folder)
    found += tshark_faults(folder, messages) + body_faults(folder, messages)
    print(f"{'FAILED' if found else 'ok'}  {name}", flush=True)
    return found


def messages_of(binary, folder):
    done = subprocess.run([binary, "capture.pcap", "-l", "keys.log", "--format", "json", "--max-body", "1000000"], cwd=folder,
                          stdout=subprocess.PIPE, check=True)
    events = [json.loads(line) for line in done.stdout.splitlines()]
    return [event for event in events if event["event"] == "http_message"]


def tshark_faults(folder, messages):
    """By connection: how often each start line came. tshark writes the fields of a packet next to each other."""
    ours = collections.Counter()
    for message in messages:
        request = message["kind"] == "request"
        value = (message["method"], message["target"]) if request else (str(message["status"]), "")
        ours[message["connection"], *value] += 1
    theirs = collections.Counter()
    listing = tshark.run_tshark(folder / "capture.pcap", [], [
        "-o", f"tls.keylog_file:{folder / 'keys.log'}", "-Y", "http2", "-T", "fields", "-E", "aggregator= ",
        *(option for name in FIELDS for option in ("-e", name))])
    for line in listing.splitlines():
        value = dict(zip(FIELDS, line.split("\t")))
        connection = int(value["tcp.stream"].split()[0]) + 1
        for method, path in zip(value["http2.headers.method"].split(), value["http2.headers.path"].split()):
            theirs[connection, method, path] += 1
        for status in value["http2.headers.status"].split():
            theirs[connection, status, ""] += 1
    differing = sorted((ours - theirs) + (theirs - ours))
    return [f"{folder.name}: tshark has {theirs[key]} of {key}, tlspeel {ours[key]}" for key in differing]


def body_faults(folder, messages):
    """Every response to GET whose file is known."""
    faults, compared = [], 0
    asked = {(m["connection"], m["stream"]): m["target"] for m in messages if m["kind"] == "request" and m["method"] == "GET"}
    for message in messages:
        target = asked.get((message["connection"], message.get("stream")))
        file = folder / (target or "/").strip("/")
        if message["kind"] == "request" or not target or not file.is_file():
            continue
        data, body = file.read_bytes(), message["body"]
        if body["size"] != len(data) or not body["complete"] or body["missing"]:
            faults.append(f"{folder.name}: {target}: {body['size']} bytes, the server has {len(data)}")
        if "body_text" in body and body["body_text"].encode() != data:
            faults.append(f"{folder.name}: {target} differs from what the server has")
        compared += 1
    if folder.name == "http2_direct" and compared != 12:
        faults.append(f"{folder.name}: {compared} of 12 downloads are there")
    return faults


if __name__ == "__main__":
    sys.exit(main())
