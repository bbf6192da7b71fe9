#!/usr/bin/env python3
"""HTTP Archives: of captures made anew with nginx and nghttpd, curl, wget, nghttp and Chromium. Each is valid, has the bodies that the
servers sent, is the same for any number of threads, and is what the network panel of Chromium then shows.

  har_test.py TLSPEEL [DIRECTORY]    DIRECTORY: for pictures of the panel
"""
import base64
import json
import pathlib
import subprocess
import sys
import tempfile
import urllib.parse

import devtools
import harness
from cases import http2, tls13_browsers, web
from content import site
from lab import case, host

sys.path.insert(0, str(harness.ROOT / "tests" / "unit" / "output"))
import validate_har  # noqa: E402

CASES = {"nginx_rsa": web.CASES["nginx_rsa"], "http2": http2.CASES["http2"], "tls13_chromium": tls13_browsers.CASES["tls13_chromium"]}


def main():
    binary = harness.tlspeel()
    pictures = pathlib.Path(sys.argv[2]) if len(sys.argv) > 2 else None
    missing = host.missing_programs(["chromium"])
    if missing:
        sys.exit("not installed: chromium (tests/setup.sh test)")
    faults = []
    with tempfile.TemporaryDirectory(prefix="tlspeel-live-") as work:
        harness.skip_unless_permitted(work)
        case.ROOT = pathlib.Path(work)
        for name, function in CASES.items():
            found = faults_of(binary, name, function, pictures)
            print(f"{'FAILED' if found else 'ok'}  {name}", flush=True)
            faults += [f"{name}: {fault}" for fault in found]
    for fault in faults:
        print(f"  {fault}")
    return 1 if faults else 0


def faults_of(binary, name, function, pictures):
    if not harness.make(name, function):
        return ["could not be made"]
    archives = {archive_of(binary, case.ROOT / name, threads) for threads in harness.golden.THREADS}
    if len(archives) != 1:
        return ["depends on the number of threads"]
    text = archives.pop()
    archive = json.loads(text)
    found = [f"breaks the schema: {error.message[:300]}" for error in validate_har.validator().iter_errors(archive)]
    entries = archive["log"]["entries"]
    found += body_faults(entries, served(name))
    with devtools.Browser() as browser:
        rows = browser.import_archive(text, pictures / f"{name}.png" if pictures else None)
    return found + panel_faults(entries, rows)


def archive_of(binary, folder, threads):
    with tempfile.TemporaryDirectory() as target:
        path = pathlib.Path(target) / "requests.har"
        arguments = harness.golden.case_arguments(folder)
        if "--max-body" in arguments:  # it is about what is shown
            at = arguments.index("--max-body")
            del arguments[at:at + 2]
        command = [binary, *harness.golden.capture_files(folder), *arguments, "-o", "/dev/null", "--har", str(path),
                   "--threads", threads]
        subprocess.run(command, cwd=folder, check=True)
        if path.stat().st_mode & 0o777 != 0o600:
            raise RuntimeError(f"{path.name} has mode {path.stat().st_mode:o}")
        return path.read_text(encoding="utf-8")


def body_of(content):
    text = content.get("text", "")
    return base64.b64decode(text) if content.get("encoding") == "base64" else text.encode()


def served(name):
    """What the servers of a case have, by path."""
    if name == "tls13_chromium":
        return {path: body for path, (_, body) in tls13_browsers.PAGES.items()}
    files = case.ROOT / "site"
    files.mkdir(exist_ok=True)
    site(files)
    return {f"/{path.name}": path.read_bytes() for folder in (files, case.ROOT / name) for path in folder.iterdir() if path.is_file()}


def body_faults(entries, files):
    """Every download of a whole file."""
    faults, compared = [], 0
    for entry in entries:
        path = urllib.parse.urlsplit(entry["request"]["url"]).path
        if path not in files or entry["request"]["method"] != "GET" or entry["response"]["status"] != 200:
            continue
        compared += 1
        content = entry["response"]["content"]
        if body_of(content) != files[path] or content["size"] != len(files[path]):
            faults.append(f"the body of {path} is not the server's file ({content['size']} bytes, {content.get('comment')})")
    return faults if compared >= 2 else [*faults, f"only {compared} bodies could be compared"]


def panel_faults(entries, rows):
    expected = [(entry["request"]["method"], entry["request"]["url"], entry["response"]["status"], body_of(entry["response"]["content"]))
                for entry in entries]
    shown = [(row["method"], row["url"], row["status"],
              row["text"].encode() if row["text"] is not None else base64.b64decode(row["base64"])) for row in rows]
    if len(rows) != len(entries):
        return [f"the panel shows {len(rows)} requests of {len(entries)}"]
    return [f"the panel shows {there[:3]} with {len(there[3])} bytes, the archive has {here[:3]} with {len(here[3])}"
            for here, there in zip(sorted(expected), sorted(shown)) if here != there]


if __name__ == "__main__":
    sys.exit(main())
