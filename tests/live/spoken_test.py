#!/usr/bin/env python3
"""Redis and MQTT, captured anew: each connection is named by what is spoken in it, its turns are what the programs exchanged, byte for byte, and hold
the packets of MQTT that tshark finds in the capture, and the strings of Redis that it finds in --decrypted-pcap.

  spoken_test.py TLSPEEL
"""
import base64
import collections
import hashlib
import json
import pathlib
import sys
import tempfile

import harness
from cases import spoken
from lab import exchange, tshark

SPOKEN_BY = {"redis-cli": "Redis", "openssl s_client": "Redis", "mosquitto_pub": "MQTT", "mosquitto_sub": "MQTT"}
TYPED = "openssl s_client"  # inline commands, which do not tell what they are before they are answered


def faults_of(binary, folder):
    with tempfile.TemporaryDirectory() as work:
        plain = pathlib.Path(work) / "plain.pcapng"
        lines = harness.golden.run(binary, folder, ["--format", "json", "--decrypted-pcap", str(plain)]).stdout.splitlines()
        strings = listed(plain, "resp", "resp.bulk_string.length", [f"tcp.port=={port},resp" for port in (spoken.REDIS, spoken.OWN_REDIS)])
    events = [json.loads(line) for line in lines]
    turns, said = collections.defaultdict(list), collections.defaultdict(bytes)
    for event in events:
        if event["event"] == "opaque_data":
            turns[event["connection"]].append((event["direction"], event.get("protocol")))
            said[event["connection"], event["direction"]] += content_of(event)
    packets = listed(folder / "capture.pcap", "mqtt", "mqtt.msgtype", [f"tls.port=={port},mqtt" for port in (spoken.MQTT, spoken.OWN_MQTT)],
                     "-o", f"tls.keylog_file:{folder / 'keys.log'}", "-o", f'uat:rsa_keys:"{folder / "server.key"}",""')
    faults = [f"connection {event['connection']}: {event}" for event in events if event["event"] == "problem"]
    for row in exchange.read(folder):
        faults += row_faults(row, turns[int(row["conn"])], said, {"Redis": strings, "MQTT": packets})
    return faults


def content_of(event):
    return base64.b64decode(event["body_base64"]) if "body_base64" in event else event["body_text"].encode()


def listed(capture, protocol, field, ports, *options):
    """{(connection, port of who sent it): numbers} of one field of tshark's."""
    options += tuple(word for port in ports for word in ("-d", port))
    listing = tshark.run_tshark(capture, [], [*options, "-Y", protocol, "-T", "fields", "-E", "aggregator= ", "-e", "tcp.stream", "-e", "tcp.srcport",
                                              "-e", field])
    found = collections.defaultdict(list)
    for line in listing.splitlines():
        stream, port, numbers = line.split("\t")
        found[int(stream) + 1, port] += map(int, numbers.split())
    return found


def row_faults(row, turns, said, seen):
    """One direction of a connection."""
    side, key = f"connection {row['conn']}, {row['direction']}", (int(row["conn"]), row["direction"])
    name, typed = SPOKEN_BY[row["programs"]], row["programs"] == TYPED and row["direction"] == "client"
    names = [protocol for direction, protocol in turns if direction == row["direction"]]
    faults = [] if names and set(names[typed:]) <= {name} else [f"{side}: {name} is named {names}"]
    if hashlib.sha256(said[key]).hexdigest() != row["sha256"]:
        return [*faults, f"{side}: {len(said[key])} bytes are shown, the programs exchanged {row['bytes']} (others, where the number is the same)"]
    numbers = [] if typed else {"Redis": lengths_of_strings, "MQTT": types_of_packets}[name](said[key])
    theirs = seen[name][int(row["conn"]), row[row["direction"]].rpartition(":")[2]]
    return faults if numbers == theirs else [*faults, f"{side}: tshark finds {theirs}, shown is {numbers}"]


def lengths_of_strings(data):
    """Of the strings in values of RESP that say how long they are."""
    found = []
    while data:
        line, _, data = data.partition(b"\r\n")
        if line[:1] == b"$":
            found.append(int(line[1:]))
            data = data[found[-1] + 2:] if found[-1] >= 0 else data  # -1: null
    return found


def types_of_packets(data):
    """Of the control packets of MQTT: a byte, how many follow in seven bits a byte (the last is below 128), and these."""
    found, at = [], 0
    while at < len(data):
        found.append(data[at] >> 4)
        digits = 1
        while data[at + digits] > 127:
            digits += 1
        at += 1 + digits + sum((data[at + 1 + place] & 127) << 7 * place for place in range(digits))
    return found if at == len(data) else [*found, "cut"]


if __name__ == "__main__":
    sys.exit(harness.anew_and_recorded("spoken", spoken.spoken, faults_of))
