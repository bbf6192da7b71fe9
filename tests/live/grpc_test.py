#!/usr/bin/env python3
"""gRPC: python3-grpcio calls and answers, captured anew. Each call that the client tells of is there, with its path, its status and message, and
the length of every message of both sides; the messages are those that tshark finds.

  grpc_test.py TLSPEEL
"""
import collections
import json
import sys
import urllib.parse

import harness
from cases import grpc_calls
from lab import tshark

LEFT_BY_CLIENT = {4: "Deadline Exceeded", 1: "Locally cancelled by application!"}  # what the server is told is RST_STREAM alone
FIELDS = ["tcp.stream", "tcp.srcport", "grpc.message_length", "grpc.compressed_flag"]


def faults_of(binary, folder):
    events = [json.loads(line) for line in harness.golden.run(binary, folder, ["--format", "json"]).stdout.splitlines()]
    messages = [event for event in events if event["event"] == "http_message"]
    sides = {kind: [each for each in messages if each["kind"] == kind] for kind in ("request", "response")}
    calls = [json.loads(line) for line in (folder / "calls.jsonl").read_text(encoding="utf-8").splitlines()]
    faults = []
    for call, request in zip(calls, sides["request"]):
        answers = [each for each in sides["response"] if (each["connection"], each["stream"]) == (request["connection"], request["stream"])]
        shown = told(request, answers[0]) if len(answers) == 1 else f"{len(answers)} responses"
        if not agree(call, shown):
            faults.append(f"the client says {call}, shown is {shown}")
    counts = {len(calls), len(sides["request"]), len(sides["response"])}
    return faults + ([] if len(counts) == 1 and calls else [f"{counts} calls, requests and responses"]) + tshark_faults(folder, messages)


def told(request, response):
    """A call as tlspeel shows it, in the words of calls.jsonl; messages as (length, compressed)."""
    fields = {field["name"]: field["value"] for field in response["fields"] + response.get("trailers", [])}
    status = response.get("grpc_status", {}).get("value")
    if fields.get("grpc-status") != (None if status is None else str(status)) or \
            urllib.parse.unquote(fields.get("grpc-message", "")) != response.get("grpc_message", ""):
        return f"fields {fields} as {response.get('grpc_status')}, {response.get('grpc_message')}"
    left = "CANCEL" in response.get("note", "") and not response["body"]["complete"]
    return {"connection": request["connection"], "path": request["target"], "status": status, "message": response.get("grpc_message", ""),
            "sent": grpc_messages(request), "received": grpc_messages(response), "left": left}


def grpc_messages(message):
    body = message["body"]
    found = [(each["length"], each["compressed"]) for each in body.get("grpc_messages", [])]
    rest = body.get("further_grpc_messages", 0)  # only the first 256 are named
    return [*found, *[None] * rest]


def agree(call, shown):
    if isinstance(shown, str):
        return False
    status, message = (None, "") if LEFT_BY_CLIENT.get(call["status"]) == call["message"] else (call["status"], call["message"])
    return (call["connection"], call["path"], status, message, status is None) == \
        tuple(shown[name] for name in ("connection", "path", "status", "message", "left")) and \
        all(lengths_agree(call[side], shown[side]) for side in ("sent", "received"))


def lengths_agree(said, shown):
    """Programs tell of what they compressed how long it was before."""
    return len(said) == len(shown) and all(each is None or (each[0] < length if each[1] else each[0] == length) for length, each in zip(said, shown))


def tshark_faults(folder, messages):
    ours, theirs = collections.Counter(), collections.Counter()
    for message in messages:
        named = [each for each in grpc_messages(message) if each]
        ours.update((message["connection"], message["direction"], *each) for each in named)
        # Those that are not named are as long as the ones before them.
        ours[message["connection"], message["direction"], *(named or [(0, False)])[-1]] += message["body"].get("further_grpc_messages", 0)
    listing = tshark.run_tshark(folder / "capture.pcap", [], [
        "-o", f"tls.keylog_file:{folder / 'keys.log'}", "-Y", "grpc", "-T", "fields", "-E", "aggregator= ",
        *(option for name in FIELDS for option in ("-e", name))])
    for line in listing.splitlines():
        stream, port, lengths, flags = line.split("\t")
        for length, flag in zip(lengths.split(), flags.split()):
            theirs[int(stream) + 1, "server" if port == "8443" else "client", int(length), flag in ("1", "True")] += 1
    differing = (ours - theirs) + (theirs - ours)
    return [f"tshark has {theirs[key]} messages of {key}, tlspeel {ours[key]}" for key in differing]


if __name__ == "__main__":
    sys.exit(harness.anew_and_recorded("grpc", grpc_calls.grpc, faults_of))
