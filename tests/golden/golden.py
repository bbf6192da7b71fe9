#!/usr/bin/env python3
"""Runs one case of testdata/captures and holds what comes out against what is expected.

  golden.py text|json|streams|har|chosen|bodies TLSPEEL CASE    one test; exit code 0 or 1
  golden.py update TLSPEEL CASE...                       writes the expectations of the cases anew

A case is a folder with the capture (capture*), the arguments (args, one a line) and what its programs exchanged
(exchanged.tsv, exchanged/; see testdata/captures/README.md). Expected are, each only where it is not empty:
expected.txt (stdout), expected.err (stderr), expected.exit (exit code), expected.jsonl (stdout of --format json).
An expectation of more than 128 kB is kept compressed, as expected.*.gz.
Every run is made with 1, 2, 4 and 8 threads (archives, choices and bodies with 1 and 8), and JSON also from standard input: the bytes must be the same.
"""
import collections
import difflib
import gzip
import hashlib
import json
import pathlib
import subprocess
import sys
import tempfile

import chosen

THREADS = ["1", "2", "4", "8"]
FEW_THREADS = ["1", "8"]  # of what is made from the same events, after they were merged
COMPRESSED_FROM = 128 * 1024
SCHEMA = pathlib.Path(__file__).resolve().parents[2] / "testdata" / "schema" / "tlspeel.schema.json"
DIFFERENCE_SHOWN = 60  # lines

Outcome = collections.namedtuple("Outcome", "stdout stderr code")


class Mismatch(Exception):
    """A sentence, with the difference below it."""


def main(arguments):
    if len(arguments) < 3:
        print(__doc__, file=sys.stderr)
        return 2
    kind, binary, folders = arguments[0], arguments[1], [pathlib.Path(name) for name in arguments[2:]]
    if kind == "update":
        for folder in folders:
            update(binary, folder)
        return 0
    try:
        {"text": check_text, "json": check_json, "streams": check_streams, "har": check_har, "chosen": check_chosen, "bodies": check_bodies}[kind](binary, folders[0])
    except Mismatch as mismatch:
        print(f"{folders[0].name}: {mismatch}")
        return 1
    return 0


# ---- the tests ----------------------------------------------------------------------------------------------------------------------

def check_text(binary, folder):
    outcome = same_for_all_threads(binary, folder)
    expect(folder, "expected.txt", outcome.stdout)
    expect(folder, "expected.err", outcome.stderr)
    expect_code(folder, outcome)


def check_json(binary, folder):
    outcome = same_for_all_threads(binary, folder, "--format", "json")
    check_lines(outcome.stdout)
    expect(folder, "expected.jsonl", outcome.stdout)
    expect_code(folder, outcome)
    captures = capture_files(folder)
    if outcome.code == 0 and len(captures) == 1 and (folder / captures[0]).is_file():
        piped = run(binary, folder, ["--format", "json"], captures=["-"], stdin=folder / captures[0])
        # Secrets that stand in the capture are called by its name.
        expected = outcome.stdout.replace(f"secrets in {captures[0]}".encode(), b"secrets in standard input")
        compare("standard output, capture on standard input", expected, piped.stdout)


def check_streams(binary, folder):
    """What was saved is what the programs say they exchanged, byte for byte."""
    first = None
    for threads in THREADS:
        with tempfile.TemporaryDirectory() as target:
            outcome = run(binary, folder, ["--save-streams", target, "--threads", threads])
            expect_code(folder, outcome)
            saved = {path.name: path.read_bytes() for path in pathlib.Path(target).iterdir()}
        if first is None:
            first = saved
            compare_streams(folder, saved)
        elif saved != first:
            names = sorted(name for name in {**saved, **first} if saved.get(name) != first.get(name))
            raise Mismatch(f"--save-streams with {threads} threads differs from 1 thread in {', '.join(names)}")


def check_har(binary, folder):
    """The archive has every exchange of the JSON, and no other, and is one that its readers take."""
    outcome = same_for_all_threads(binary, folder, "--format", "har", numbers=FEW_THREADS)
    expect_code(folder, outcome)
    archive = json.loads(outcome.stdout)
    fault = next(har_validator().iter_errors(archive), None)
    if fault is not None:
        raise Mismatch(f"breaks the schema at '{'/'.join(map(str, fault.absolute_path))}': {fault.message[:400]}")
    archived = collections.Counter((int(entry["connection"]), entry["request"]["method"], entry["response"]["status"])
                                   for entry in archive["log"]["entries"])
    expected = collections.Counter((connection, message["request"].get("method", ""), message["response"].get("status", 0))
                                   for (connection, _), message in exchanges(json_messages(binary, folder)).items())
    if archived != expected:
        raise Mismatch(f"archived, but not in the JSON: {archived - expected}; not archived: {expected - archived}")


def har_validator():
    sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "unit" / "output"))
    import validate_har
    return validate_har.validator()


def check_chosen(binary, folder):
    """What is chosen is what the same criteria find in the JSON of the whole run."""
    whole = run(binary, folder, ["--format", "json"])
    everything = json_lines(whole)
    for choice in chosen.choices(everything):
        options = chosen.options(choice)
        outcome = same_for_all_threads(binary, folder, "--format", "json", *options, numbers=FEW_THREADS)
        check_lines(outcome.stdout)
        faults = chosen.faults_of(everything, choice, json_lines(outcome))
        if outcome.code != whole.code:
            faults.append(f"exit code {outcome.code}, without it {whole.code}")
        if faults:
            raise Mismatch("\n  ".join([" ".join(options) + ":", *faults[:DIFFERENCE_SHOWN]]))


def json_lines(outcome):
    return [json.loads(line) for line in outcome.stdout.splitlines()]


def json_messages(binary, folder):
    return [event for event in json_lines(run(binary, folder, ["--format", "json"])) if event["event"] == "http_message"]


def exchanges(messages):
    """By connection and number: request and final response, each {} where there is none."""
    found = collections.defaultdict(lambda: {"request": {}, "response": {}})
    for message in messages:
        if not message.get("interim"):
            found[message["connection"], message["exchange"]][message["kind"]] = message
    return found
def check_bodies(binary, folder):
    """The list says what is there: each file once, with its size; and every body that JSON tells of has a file."""
    first = None
    for threads in FEW_THREADS:
        with tempfile.TemporaryDirectory() as target:
            outcome = run(binary, folder, ["--save-bodies", target, "--format", "json", "--threads", threads])
            expect_code(folder, outcome)
            saved = {path.name: path.read_bytes() for path in pathlib.Path(target).iterdir()}
        if first is None:
            first = saved
            compare_bodies(dict(saved), [json.loads(line) for line in outcome.stdout.splitlines()])
        elif saved != first:
            names = sorted(name for name in {**saved, **first} if saved.get(name) != first.get(name))
            raise Mismatch(f"--save-bodies with {threads} threads differs from 1 thread in {', '.join(names)}")


def compare_bodies(saved, events):
    lines = saved.pop("index.tsv", b"").decode().splitlines()
    head = lines[0].split("\t") if lines else []
    rows = [dict(zip(head, line.split("\t"), strict=True)) for line in lines[1:]]
    messages = {(event["connection"], event["exchange"], event["direction"]): event["body"] for event in events
                if event["event"] == "http_message" and event["body"].get("size")}
    faults = []
    for row in rows:
        data = saved.pop(row["file"], None)
        body = messages.pop((int(row["connection"]), int(row["exchange"]), row["direction"]), None)
        if data is None or len(data) != int(row["size"]):
            faults.append(f"{row['file']}: {'no such file' if data is None else f'it has {len(data)} bytes'}, {row['size']} are listed")
        elif body and body.get("body_text") and not data.startswith(body["body_text"].encode()) \
                and not body.get("holes") and "converted_from" not in body:
            faults.append(f"{row['file']} does not begin as it is shown")
    faults += [f"{name}: is not listed" for name in saved] + [f"{message}: has no file" for message in messages]
    if faults:
        raise Mismatch("\n  ".join(["saved bodies are not what is listed or told:", *faults]))


def compare_streams(folder, saved):
    rows = exchanged_rows(folder)
    maps = {name.removesuffix(".holes"): saved[name].decode() for name in saved if name.endswith(".holes")}
    saved = {name: without_holes(name, data, maps.pop(name, "")) for name, data in saved.items()
             if not name.endswith(".holes")}
    left = collections.defaultdict(list)
    for name in sorted(saved):  # names begin with the number of the connection
        ends, direction = name.partition("_")[2].rsplit(".", 1)
        left[ends, direction].append(name)
    faults = []
    for row in rows:
        ends = f"{file_name_part(row['client'])}-{file_name_part(row['server'])}"
        names = left[ends, row["direction"]]
        what = f"connection {row['conn']} ({row['version']} {row['suite']}), {row['direction']}"
        if row["expected"] == "closed" or (row["expected"] == "opened" and row["bytes"] == "0"):
            if row["reason"] != "not TLS" and names:
                faults.append(f"{what}: nothing was expected, {names.pop(0)} was saved")
            continue
        if not names:
            if row["expected"] == "opened":
                faults.append(f"{what}: {row['bytes']} bytes were exchanged, nothing was saved")
            continue
        faults += stream_fault(row, what, saved[names.pop(0)], folder)
    faults += [f"{name}: nobody exchanged that" for names in left.values() for name in names]
    if faults:
        raise Mismatch("\n  ".join(["saved streams are not what was exchanged:", *faults]))


def stream_fault(row, what, data, folder):
    if row["expected"] == "partial":
        full = folder / "exchanged" / f"{row['conn']}.{row['direction']}"
        if len(data) > int(row["bytes"]):
            return [f"{what}: {len(data)} bytes were saved, only {row['bytes']} were exchanged"]
        if full.is_file() and not is_made_of(data, full.read_bytes()):
            return [f"{what}: saved bytes that were not exchanged"]
        return []
    if hashlib.sha256(data).hexdigest() == row["sha256"]:
        return []
    return [f"{what}: {len(data)} bytes were saved, {row['bytes']} were exchanged, and they differ"]


def without_holes(name, data, holes):
    """The bytes that were captured. holes: the map beside the stream."""
    for line in reversed([line for line in holes.splitlines() if not line.startswith("#")]):
        offset, length, certainty = line.split()
        if certainty == "unknown":
            continue
        begin, end = int(offset), int(offset) + int(length)
        if data[begin:end] != bytes(end - begin):
            raise Mismatch(f"{name}: no zeros where bytes {begin} to {end} are missing")
        data = data[:begin] + data[end:]
    return data


def is_made_of(part, whole):
    """Whether `part` is `whole` with bytes left out."""
    rest = iter(whole)
    return all(byte in rest for byte in part)


def check_lines(output):
    """Each line is an object that the schema knows."""
    import jsonschema  # from Debian's python3-jsonschema
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    validator = jsonschema.Draft202012Validator(schema)
    lines = output.decode("utf-8").splitlines()
    if output and not output.endswith(b"\n"):
        raise Mismatch("the last line of JSON does not end")
    for number, line in enumerate(lines, 1):
        try:
            value = json.loads(line)
        except ValueError as error:
            raise Mismatch(f"line {number} is not JSON: {error}\n{line[:400]}") from error
        fault = next(validator.iter_errors(value), None)
        if fault is not None:
            where = "/".join(map(str, fault.absolute_path))
            raise Mismatch(f"line {number} breaks the schema at '{where}': {fault.message[:400]}\n{line[:400]}")


# ---- running ------------------------------------------------------------------------------------------------------------------------

def same_for_all_threads(binary, folder, *options, numbers=THREADS):
    first = None
    for threads in numbers:
        outcome = run(binary, folder, [*options, "--threads", threads])
        if first is None:
            first = outcome
            continue
        compare(f"standard output with {threads} threads, against 1", first.stdout, outcome.stdout)
        compare(f"standard error with {threads} threads, against 1", first.stderr, outcome.stderr)
        if outcome.code != first.code:
            raise Mismatch(f"exit code {outcome.code} with {threads} threads, {first.code} with 1")
    return first


def run(binary, folder, options, captures=None, stdin=None):
    command = [binary, *(captures or capture_files(folder)), *case_arguments(folder), *options]
    with open(stdin or "/dev/null", "rb") as source:
        done = subprocess.run(command, cwd=folder, stdin=source, capture_output=True, timeout=500, check=False,
                              env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", **sanitizer_options()})
    if done.returncode < 0 or done.returncode > 3:
        raise Mismatch(f"{' '.join(command)}: ended with {done.returncode}\n{done.stderr.decode(errors='replace')}")
    return Outcome(done.stdout, done.stderr, done.returncode)


def sanitizer_options():
    import os
    return {name: value for name, value in os.environ.items() if name.endswith("SAN_OPTIONS")}


def capture_files(folder):
    names = sorted(path.name for path in folder.glob("capture*"))  # a folder is a capture, too
    if not names:
        raise Mismatch("there is no capture*")
    return names


def case_arguments(folder):
    return (folder / "args").read_text(encoding="utf-8").splitlines()


def exchanged_rows(folder):
    path = folder / "exchanged.tsv"
    if not path.is_file():
        raise Mismatch("exchanged.tsv is missing: nobody says what was exchanged")
    lines = path.read_text(encoding="utf-8").splitlines()
    names = lines[0].split("\t")
    return [dict(zip(names, line.split("\t"))) for line in lines[1:]]


def file_name_part(address):
    """127.0.0.1:443 -> 127.0.0.1.443; [::1]:443 -> --1.443"""
    host, _, port = address.rpartition(":")
    return f"{host.strip('[]').replace(':', '-')}.{port}"


# ---- expectations -------------------------------------------------------------------------------------------------------------------

def expect(folder, name, actual):
    wanted = read_expectation(folder, name)
    if wanted is None and actual:
        raise Mismatch(f"{name} is missing; tests/golden/update.sh {folder.name} writes it. There is now:\n"
                       + actual.decode(errors="replace")[:4000])
    compare(name, wanted or b"", actual)


def expect_code(folder, outcome):
    wanted = int((read_expectation(folder, "expected.exit") or b"0").decode())
    if outcome.code != wanted:
        raise Mismatch(f"exit code {outcome.code}, expected {wanted}\n{outcome.stderr.decode(errors='replace')}")


def compare(what, wanted, actual):
    if wanted == actual:
        return
    old, new = (text.decode(errors="backslashreplace").splitlines() for text in (wanted, actual))
    lines = list(difflib.unified_diff(old, new, "expected", "actual", lineterm="", n=2))
    more = [f"... {len(lines) - DIFFERENCE_SHOWN} more lines"] if len(lines) > DIFFERENCE_SHOWN else []
    raise Mismatch("\n".join([f"{what} differs", *(line[:300] for line in lines[:DIFFERENCE_SHOWN]), *more]))


def read_expectation(folder, name):
    path = folder / name
    if path.is_file():
        return path.read_bytes()
    compressed = folder / f"{name}.gz"
    return gzip.decompress(compressed.read_bytes()) if compressed.is_file() else None


def write_expectation(folder, name, content):
    if read_expectation(folder, name) == content:
        return
    for old in (folder / name, folder / f"{name}.gz"):
        old.unlink(missing_ok=True)
    if len(content) > COMPRESSED_FROM:
        (folder / f"{name}.gz").write_bytes(gzip.compress(content, mtime=0))
    elif content:
        (folder / name).write_bytes(content)


def update(binary, folder):
    text = same_for_all_threads(binary, folder)
    lines = same_for_all_threads(binary, folder, "--format", "json")
    check_lines(lines.stdout)
    if lines.code != text.code:
        raise SystemExit(f"{folder.name}: exit code {text.code} as text and {lines.code} as JSON")
    write_expectation(folder, "expected.txt", text.stdout)
    write_expectation(folder, "expected.err", text.stderr)
    write_expectation(folder, "expected.jsonl", lines.stdout)
    write_expectation(folder, "expected.exit", f"{text.code}\n".encode() if text.code else b"")
    print(f"{folder.name}: {len(text.stdout)} bytes of text, {len(lines.stdout)} bytes of JSON, exit code {text.code}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
