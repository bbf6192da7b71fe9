#!/usr/bin/env python3
"""Large uploads to nginx: a POST by HTTP/2, a PUT with Content-Length, one in chunks, a form with a file, and text that is coded with gzip. What is
saved is what curl sent and nginx received, byte for byte; sizes are right; and none of it is ever in memory as a whole.

  uploads_test.py TLSPEEL
"""
import gzip
import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

import harness
from content import noise, site
from lab import case, host
from lab.servers import Nginx

BYTES = 30 << 20
TEXT = noise(BYTES // 2, 12).hex().encode()  # gzip makes half of it
# nginx keeps every body that it receives as a file, the second witness; what it asks behind itself has no body.
TAKE = """location /take {{ client_max_body_size 0; client_body_in_file_only on; client_body_buffer_size 64k; proxy_pass http://127.0.0.1:{port};
    proxy_pass_request_body off; proxy_set_header Content-Length ""; proxy_set_header Transfer-Encoding ""; }}"""
# What a run takes of any capture of that kind is about 20 MB, with four threads 50 MB; with one of the uploads in memory it would be more.
MOST_MEMORY = {"1": 36_000_000, "4": 72_000_000}

# Path: curl's options, how the body comes, the media type, its coding.
UPLOADS = {"post": (["--http2", "--data-binary", "@{file}", "--header", "Content-Type: application/octet-stream"], "data_frames", ""),
           "put": (["--http1.1", "--upload-file", "{file}"], "content_length", ""),
           "chunked": (["--http1.1", "--upload-file", "{file}", "--header", "Transfer-Encoding: chunked"], "chunked", ""),
           "form": (["--http1.1", "--form", "note=a large file", "--form", "file=@{file};type=application/octet-stream"], "content_length", ""),
           "form2": (["--http2", "--form", "file=@{file}", "--form", "behind=said afterwards"], "data_frames", ""),
           "gzip": (["--http2", "--data-binary", "@{coded}", "--header", "Content-Encoding: gzip", "--header", "Content-Type: text/plain"], "data_frames",
                    "gzip")}


def uploads():
    with case.Case("uploads") as one:
        fitting = host.set_loopback_mtu(16000)
        identity = one.identity()
        files = {"file": one.folder / "file", "coded": one.folder / "coded"}
        files["file"].write_bytes(noise(BYTES, 11))
        files["coded"].write_bytes(gzip.compress(TEXT, 6))
        with Nginx(one.work, 8082, *identity, echo_port=8083, fill=fill, listen_as="ssl http2", protocols="TLSv1.2 TLSv1.3", suites="ALL",
                   extra=TAKE.format(port=8083) + "\n") as nginx, one.tcpdump(8082, options=["-B", "131072", *fitting]):
            for name, (options, _, _) in UPLOADS.items():
                send(one, name, [option.format(**files) for option in options])
                keep_received(nginx.root / "body", one.folder / f"received-{name}")


def fill(documents, root):
    site(documents)
    (root / "page.txt").write_bytes(b"page\n")


def send(one, name, options):
    done = host.run(["curl", "--silent", "--insecure", "--max-time", "60", "--limit-rate", "24M", "--header", "Expect:", *options,
                     f"https://127.0.0.1:8082/take/{name}"], env=dict(os.environ, SSLKEYLOGFILE=str(one.folder / "keys.log")))
    if b"received" not in done.stdout:
        raise RuntimeError(f"nginx answered {done.stdout[:200]!r}")
    (one.folder / f"answer-{name}").write_bytes(done.stdout)


def keep_received(folder, target):
    """The one file that is there."""
    found = [path for path in folder.rglob("*") if path.is_file()]
    if len(found) != 1:
        raise RuntimeError(f"nginx kept {len(found)} bodies")
    found[0].rename(target)


def faults_of(binary, folder):
    outputs, faults = {}, []
    for threads in ("1", "4"):
        target = folder / f"bodies-{threads}"
        command = [binary, "capture.pcap", "-l", "keys.log", "--threads", threads, "--save-bodies", target.name, "--format", "json", "--stats"]
        done = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=True)
        memory = memory_of(done.stderr.decode())
        print(f"{threads} threads: {memory / 1e6:.1f} MB", flush=True)
        if memory > MOST_MEMORY[threads]:
            faults.append(f"{threads} threads: {memory:,} bytes of memory")
        digests = {path.name: digest(path) for path in sorted(target.iterdir())}
        outputs[threads] = done.stdout, digests
        faults += [f"{threads} threads: {fault}" for fault in body_faults(folder, target, done.stdout)]
    if outputs["1"] != outputs["4"]:
        faults.append("4 threads give another output than one")
    return faults + list_faults(binary, folder)


def digest(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def memory_of(figures):
    number, unit = re.search(r"^ *memory +([\d,.]+) (bytes|kB|MB|GB) at most$", figures, re.M).groups()
    return int(float(number.replace(",", "")) * {"bytes": 1, "kB": 1e3, "MB": 1e6, "GB": 1e9}[unit])


def body_faults(folder, target, shown):
    lines = (target / "index.tsv").read_text().splitlines()
    rows = [dict(zip(lines[0].split("\t"), line.split("\t"))) for line in lines[1:]]
    sent = {row["url"].rpartition("/")[2]: row for row in rows if row["direction"] == "client"}
    requests = {event["target"].rpartition("/")[2]: event["body"] for event in map(json.loads, shown.splitlines())
                if event["event"] == "http_message" and event["kind"] == "request"}
    if set(sent) != set(UPLOADS) or set(requests) != set(UPLOADS):
        return [f"saved are {sorted(sent)}, shown {sorted(requests)}"]
    faults = []
    for name, (options, framing, coding) in UPLOADS.items():
        received, saved, body = folder / f"received-{name}", target / sent[name]["file"], requests[name]
        plain = TEXT if coding else received.read_bytes()
        if saved.read_bytes() != plain:
            faults.append(f"{name}: {saved.stat().st_size} bytes are saved, {len(plain)} were sent, and they differ")
        if "--form" not in options and received.read_bytes() != (folder / ("coded" if coding else "file")).read_bytes():
            faults.append(f"{name}: nginx received something else than curl sent")
        told = (int(sent[name]["size"]), sent[name]["complete"], body["size"], body["complete"], body["framing"], body.get("coding", ""))
        if told != (len(plain), "yes", received.stat().st_size, True, framing, coding):
            faults.append(f"{name}: told is {told}")
    return faults


def list_faults(binary, folder):
    """The size is that of the answer."""
    listing = subprocess.run([binary, "capture.pcap", "-l", "keys.log", "--list"], cwd=folder, stdout=subprocess.PIPE, check=True).stdout.decode()
    found = {}
    for line in listing.splitlines():
        if "/take/" in line:
            _day, _time, _number, _client, method, status, size, unit, *_, url = line.split()
            found[url] = method, status, f"{size} {unit}"
    wanted = {f"https://127.0.0.1:8082/take/{name}": ("PUT" if "--upload-file" in options else "POST", "200",
                                                      f"{(folder / f'answer-{name}').stat().st_size} bytes") for name, (options, _, _) in UPLOADS.items()}
    return [] if found == wanted else [f"listed is {found}, wanted {wanted}"]


def main():
    binary = harness.tlspeel()
    with tempfile.TemporaryDirectory(prefix="tlspeel-live-") as work:
        harness.skip_unless_permitted(work)
        case.ROOT = pathlib.Path(work)
        begin = time.monotonic()
        made = harness.make("uploads", uploads)
        print(f"made in {time.monotonic() - begin:.1f} s", flush=True)
        return harness.tell(faults_of(binary, case.ROOT / "uploads") if made else ["uploads: could not be made"])


if __name__ == "__main__":
    sys.exit(main())
