#!/usr/bin/env python3
"""--certs over the recorded cases of testdata/captures: the files are the same for any number of threads, openssl reads from them the
certificates whose fingerprints --format json shows, and certificates.tsv has a line for each Certificate message. A chain that leads
to a certificate of SSL_CERT_FILE is verified. Needs no permission to capture."""
import base64
import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

import harness
import golden

PEM = re.compile(r"-----BEGIN CERTIFICATE-----\n(.*?)-----END CERTIFICATE-----\n", re.S)


def main():
    faults = harness.over_recorded(check, 500, "Certificate messages", "*/args")
    return harness.tell(faults + verdict_faults(harness.tlspeel()))


def check(binary, folder, work):
    """The number of Certificate messages, and the faults of one case."""
    files = {threads: saved(binary, folder, work / threads, ["--threads", threads]) for threads in golden.THREADS}
    first = files["1"]
    faults = [f"{threads} threads write other files than one" for threads in golden.THREADS if files[threads] != first]
    fingerprints = {name: fingerprints_of(data.decode()) for name, data in first.items() if name.endswith(".pem")}
    of_file = {**fingerprints, "-": []}  # raw public keys have none
    shown = certificate_messages(golden.run(binary, folder, ["--format", "json"]).stdout)
    rows = [line.split("\t") for line in first["certificates.tsv"].decode().splitlines()[1:]]
    listed = [(int(connection), int(packet), sender, of_file[file]) for connection, packet, sender, _, file, _ in rows]
    if sorted(listed) != sorted(shown):
        faults.append(f"{len(listed)} chains are listed, {len(shown)} were shown, or others")
    if {file for _, _, _, _, file, _ in rows} - {"-"} != set(fingerprints):
        faults.append("there are files of which the list says nothing")
    for name, own in fingerprints.items():
        read = subprocess.run(["openssl", "x509", "-noout", "-fingerprint", "-sha256"], input=first[name], capture_output=True, check=False)
        if not read.returncode and read.stdout.decode().partition("=")[2].strip().replace(":", "").lower() != own[0]:
            faults.append(f"{name}: openssl reads another certificate")
        if own[0][:16] not in name:
            faults.append(f"{name}: is not named by the certificate in it")
    return len(rows), faults


def saved(binary, folder, target, arguments):
    golden.run(binary, folder, ["--certs", str(target), *arguments])
    if any(path.stat().st_mode & 0o777 != 0o600 for path in target.iterdir()):
        raise golden.Mismatch("others may read the files")
    return {path.name: path.read_bytes() for path in target.iterdir()}


def fingerprints_of(pem):
    return [hashlib.sha256(base64.b64decode(text)).hexdigest() for text in PEM.findall(pem)]


def certificate_messages(lines):
    """[(connection, packet, who sent it, [fingerprints])]"""
    found = []
    for event in map(json.loads, lines.splitlines()):
        handshake = event.get("handshake", {})
        chain = (handshake.get("certificate") or handshake.get("compressed_certificate", {}).get("certificate") or {}).get("chain")
        if chain:
            found.append((event["connection"], event["packet"], event["direction"], [each["sha256"] for each in chain if not each.get("raw_public_key")]))
    return found


def verdict_faults(binary):
    """Of a server with a certificate that it signed itself: believed where it is trusted, and not elsewhere."""
    folder = harness.CAPTURES / "apache_rsa"
    with tempfile.TemporaryDirectory() as work:
        work = pathlib.Path(work)
        own = next(data for name, data in saved(binary, folder, work / "certs", []).items() if name.endswith(".pem"))
        (work / "trusted.pem").write_bytes(own)
        faults = []
        for trusted, expected in ((work / "trusted.pem", {"verified"}), ("/nonexistent", {"self-signed certificate"})):
            subprocess.run([binary, "capture.pcap", "-o", os.devnull, "--certs", work / "checked", "--verify-certs"], cwd=folder, check=True,
                           env={**os.environ, "SSL_CERT_FILE": str(trusted), "SSL_CERT_DIR": "/nonexistent"})
            rows = (work / "checked" / "certificates.tsv").read_text().splitlines()[1:]
            verdicts = {row.split("\t")[5] for row in rows}
            if verdicts != expected:
                faults.append(f"apache_rsa, SSL_CERT_FILE={trusted}: {verdicts}")
    return faults


if __name__ == "__main__":
    sys.exit(main())
