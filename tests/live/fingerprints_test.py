#!/usr/bin/env python3
"""JA3, JA3S and JA4 of every hello in clear in testdata/captures, held against tshark: its own JA3 and JA3S, and JA4 put together here of
what tshark dissected, as tshark tells JA4 from 4.2 on only. Needs no permission to capture."""
import collections
import hashlib
import json
import pathlib
import subprocess
import sys
import tempfile

import harness

CLIENT, SERVER = "1", "2"  # HandshakeType
# Which tshark or mergecap do not read.
LEFT_OUT = harness.check_with_tshark.ASKED_WHEN_MADE | {"many_one_damaged"}
LEAST_SEEN = 0.98  # of tlspeel's hellos: tshark does not find TLS behind every protocol


def main():
    binary = harness.tlspeel()
    faults, seen, told = [], collections.Counter(), collections.Counter()
    for folder in sorted(path.parent for path in harness.CAPTURES.glob("*/args")):
        if folder.name in LEFT_OUT:
            continue
        ours, theirs = of_tlspeel(binary, folder), of_tshark(folder)
        faults += [f"{folder.name}: packet {print_[0]}: tshark has {' '.join(print_[1:])}, tlspeel has "
                   f"{[' '.join(other[1:]) for other in ours if other[0] == print_[0]]}" for print_ in (theirs - ours)]
        told += count_kinds(ours)
        seen += count_kinds(theirs)
    for kind in ("ja3", "ja4", "ja3s"):
        print(f"{kind:5} {seen[kind]:6} of tshark, {told[kind]:6} of tlspeel")
        if seen[kind] == 0 or seen[kind] < LEAST_SEEN * told[kind]:
            faults.append(f"{kind}: tshark has too few for a comparison")
    for fault in faults:
        print(f"  {fault}")
    sys.exit(1 if faults else 0)


def count_kinds(prints):
    counts = collections.Counter()
    for (_, kind, *_), number in prints.items():
        counts[kind] += number
    return counts


# ---- tlspeel ------------------------------------------------------------------------------------------------------------------------

def of_tlspeel(binary, folder):
    """{(packet, kind, fingerprint, its string): how often}, without secrets: of what is in clear."""
    done = subprocess.run([binary, *harness.golden.capture_files(folder), "--format", "json"], cwd=folder, capture_output=True, check=False)
    found = collections.Counter()
    for line in done.stdout.splitlines():
        event = json.loads(line)
        handshake = event.get("handshake", {})
        client, server = handshake.get("client_hello", {}), handshake.get("server_hello", {})
        if "ja3" in client:
            found[event["packet"], "ja3", client["ja3"], client["ja3_string"]] += 1
            found[event["packet"], "ja4", client["ja4"]] += 1
        if "ja3s" in server:
            found[event["packet"], "ja3s", server["ja3s"], server["ja3s_string"]] += 1
    return found


# ---- tshark -------------------------------------------------------------------------------------------------------------------------

def of_tshark(folder):
    """The same, as tshark has it."""
    with tempfile.TemporaryDirectory() as work:
        listing = harness.tshark.run_tshark(
            harness.tshark.capture_of(folder, pathlib.Path(work)), [],
            ["-Y", f"tls.handshake.type == {CLIENT} || tls.handshake.type == {SERVER}", "-T", "json", "-J", "frame tls"])
    found = collections.Counter()
    for packet in json.loads(listing or "[]", object_pairs_hook=Node):
        number = int(packet.all("frame.number")[0])
        for hello in packet.all("tls.handshake"):
            if not isinstance(hello, Node):  # what stayed closed
                continue
            kind = hello.all("tls.handshake.type")[:1]
            if kind == [CLIENT] and hello.all("tls.handshake.ja3"):
                found[number, "ja3", *hello.all("tls.handshake.ja3"), *hello.all("tls.handshake.ja3_full")] += 1
                found[number, "ja4", ja4(hello)] += 1
            if kind == [SERVER] and hello.all("tls.handshake.ja3s"):
                found[number, "ja3s", *hello.all("tls.handshake.ja3s"), *hello.all("tls.handshake.ja3s_full")] += 1
    return found


class Node(list):
    """An object of tshark's JSON, which names a member again for each of several: pairs of name and value."""

    def all(self, name):
        found = []
        for key, value in self:
            if key == name:
                found.append(value)
            elif isinstance(value, Node):
                found += value.all(name)
        return found


def ja4(hello):
    """By technical_details/JA4.md of github.com/FoxIO-LLC/ja4, of one tls.handshake."""
    extensions = [value for key, value in hello if key.startswith("Extension: ")]
    types = {int(each.all("tls.handshake.extension.type")[0]): each for each in extensions}
    kinds = [kind for each in extensions if not grease(kind := int(each.all("tls.handshake.extension.type")[0]))]
    suites = numbers(hello, "tls.handshake.ciphersuite")
    versions = numbers(types.get(43, Node()), "tls.handshake.extensions.supported_version") or numbers(hello, "tls.handshake.version")
    protocols = types.get(16, Node()).all("tls.handshake.extensions_alpn_str")
    signatures = numbers(types.get(13, Node()), "tls.handshake.sig_hash_alg")
    version = {0x304: "13", 0x303: "12", 0x302: "11", 0x301: "10", 0x300: "s3", 2: "s2"}.get(max(versions), "00")
    parts = [",".join(f"{kind:04x}" for kind in sorted(kinds) if kind not in (0, 16))]
    parts += [",".join(f"{value:04x}" for value in signatures)] if signatures else []
    return (f"t{version}{'d' if 0 in types else 'i'}{min(len(suites), 99):02}{min(len(kinds), 99):02}"
            f"{protocols[0][0] + protocols[0][-1] if protocols else '00'}_{digest(','.join(f'{suite:04x}' for suite in sorted(suites)))}"
            f"_{digest('_'.join(parts))}")


def numbers(node, name):
    return [value for text in node.all(name) if not grease(value := int(text, 0))]


def grease(value):
    return value & 0x0f0f == 0x0a0a and value >> 8 == value & 0xff


def digest(text):
    return hashlib.sha256(text.encode()).hexdigest()[:12] if text else "0" * 12


if __name__ == "__main__":
    main()
