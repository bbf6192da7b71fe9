"""What the live tests share: make a case of testdata/captures anew, with the servers, clients and tcpdump of this machine, give
it to tlspeel, and hold the outcome against what the programs exchanged and against tshark.

A test ends with 0, with 1 and the reasons, or with 77 and one line "SKIP: ..." where it may not capture.
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import traceback

ROOT = pathlib.Path(__file__).resolve().parents[2]
CAPTURES = ROOT / "testdata" / "captures"
sys.path[:0] = [str(CAPTURES / "tools"), str(ROOT / "tests" / "golden")]
import check_with_tshark  # noqa: E402
import golden  # noqa: E402
from cases import secrets12  # noqa: E402
from lab import capture, case, exchange, host, tls_suites, tshark  # noqa: E402

START_LINE = re.compile(r"^ +\d+\.\d{6} +(?:(?P<method>[A-Z]+) (?P<target>\S+) HTTP/\d\.\d|HTTP/\d\.\d (?P<status>\d{3})\b.*)$")
HEADING = re.compile(r"^#\d+  (?P<client>\S+) -> (?P<server>\S+)(?P<rest>.*)$")


def tlspeel():
    """The command under test: the first argument or $TLSPEEL."""
    path = sys.argv[1] if len(sys.argv) > 1 else os.environ.get("TLSPEEL")
    if not path or not os.access(path, os.X_OK):
        sys.exit("give the tlspeel command as argument, or in $TLSPEEL")
    return os.path.abspath(path)


def skip_unless_permitted(work):
    """Ends the test with 77 where this process may not capture; missing programs are a failure."""
    missing = host.missing_programs(["tcpdump", "tshark", "openssl", "ip"])
    if missing:
        sys.exit(f"not installed: {' '.join(missing)} (tests/setup.sh test)")
    reason = capture.why_not_permitted(pathlib.Path(work))
    if reason:
        print(f"SKIP: capturing on loopback is not permitted here: {reason.splitlines()[-1]}")
        sys.exit(77)


def run(functions):
    """Entry point of a test file: each of the given case functions is made anew and checked."""
    binary = tlspeel()
    faults = []
    with tempfile.TemporaryDirectory(prefix="tlspeel-live-") as work:
        skip_unless_permitted(work)
        case.ROOT = pathlib.Path(work)
        for name, function in functions.items():
            found = check(binary, case.ROOT / name) if make(name, function) else [f"{name}: could not be made"]
            print(f"{'FAILED' if found else 'ok'}  {name}", flush=True)
            faults += found
    for fault in faults:
        print(f"  {fault}")
    sys.exit(1 if faults else 0)


def anew_and_recorded(name, function, faults_of):
    """Entry point of a test of one case, as it is made anew and as it was recorded: faults_of(binary, folder) are the sentences about either.
    The exit status."""
    binary = tlspeel()
    with tempfile.TemporaryDirectory(prefix="tlspeel-live-") as work:
        skip_unless_permitted(work)
        case.ROOT = pathlib.Path(work)
        if not make(name, function):
            return tell([f"{name}: could not be made"])
        faults = check(binary, case.ROOT / name)
        for folder in (case.ROOT / name, CAPTURES / name):
            found = faults_of(binary, folder)
            print(f"{'FAILED' if found else 'ok'}  {folder}", flush=True)
            faults += found
    return tell(faults)


TRIES = 3


def make(name, function):
    """Whether the programs could be brought to it. On a loaded machine tcpdump may lose a packet, a server may print its own words into
    the midst of what it received, or a program may not answer in time: what they did is made again then. What tlspeel makes of a case
    that could be made is asked once."""
    for attempt in range(1, TRIES + 1):
        shutil.rmtree(case.ROOT / name, ignore_errors=True)
        keep_large_keys(name)
        if in_child(function):
            return True
        print(f"{name}: attempt {attempt} of {TRIES} to make it failed", flush=True)
    return False


def keep_large_keys(name):
    """Keys of 8192 and 16384 bits take minutes to make; the recorded case has some."""
    (case.ROOT / name).mkdir()
    for key in (CAPTURES / name).glob("*.key"):
        if key.stat().st_size > 6000:
            shutil.copy(key, case.ROOT / name)


def in_child(function):
    """In a process of its own, because it enters a network namespace where that is permitted."""
    sys.stdout.flush()
    child = os.fork()
    if child:
        return os.waitpid(child, 0)[1] == 0
    try:
        host.enter_namespace()
        function()
    except BaseException:
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def may_enter_namespace():
    """Whether this process may have a network namespace and tun devices."""
    child = os.fork()
    if child:
        return os.waitpid(child, 0)[1] == 0
    permitted = host.enter_namespace() and os.access("/dev/net/tun", os.R_OK | os.W_OK)
    os._exit(0 if permitted else 1)


def check(binary, folder, with_exit_code=True):
    """The faults of one case, as sentences. For damaged captures the exit code says more than opened or not."""
    try:
        with tempfile.TemporaryDirectory() as target:
            outcome = golden.run(binary, folder, ["--save-streams", target])
            saved = {path.name: path.read_bytes() for path in pathlib.Path(target).iterdir()}
        golden.compare_streams(folder, saved)
    except golden.Mismatch as mismatch:
        return [f"{folder.name}: {mismatch}"]
    rows = exchange.read(folder)
    faults = exit_code_faults(folder, rows, outcome) if with_exit_code else []
    shown = parse_text(outcome.stdout.decode(errors="replace"))
    lost = beyond_tshark(folder, rows)
    asked = any(row["expected"] != "partial" and int(row["conn"]) not in lost for row in rows)
    seen = ask_tshark(folder, rows) if asked else {}
    for pair in zip(rows[::2], rows[1::2]):
        # Of one direction only, the other cannot be opened.
        row = next((each for each in pair if each["expected"] == "opened"), pair[0])
        ends = row["client"], row["server"]
        faults += connection_faults(row, shown.get(ends))
        if int(row["conn"]) not in lost:
            # Where the client's packets are missing, tshark takes the server for it.
            faults += tshark_faults(row, shown.get(ends), seen.get(ends, seen.get(ends[::-1])))
    return [f"{folder.name}: {fault}" for fault in faults]


def over_recorded(check, least, what, cases="*/exchanged.tsv"):
    """check(binary, folder, work) of every recorded case says how many `what` it saw, and the faults as sentences; work is an empty folder
    of its own. All faults; that there were fewer than `least` in all is one, too."""
    binary, faults, total = tlspeel(), [], 0
    for folder in sorted(path.parent for path in CAPTURES.glob(cases)):
        with tempfile.TemporaryDirectory() as work:
            try:
                count, found = check(binary, folder, pathlib.Path(work))
            except (golden.Mismatch, subprocess.CalledProcessError) as fault:
                count, found = 0, [str(fault)]
        total += count
        print(f"{'FAILED' if found else 'ok'}  {folder.name}  {count} {what}", flush=True)
        faults += [f"{folder.name}: {fault}" for fault in found]
    return faults if total >= least else [*faults, f"only {total} {what} in all"]


def tell(faults):
    """The exit code of a test."""
    for fault in faults:
        print(f"  {fault}")
    return 1 if faults else 0


SECRETS = {"-k", "-l", "--psk", "--psk-file", "--ticket-key"}


def exit_code_faults(folder, rows, outcome):
    opened = any(row["expected"] in ("opened", "partial") for row in rows)
    # Who gives no secret wants to see the handshakes: that nothing is opened is no failure then.
    wanted = 0 if opened or not SECRETS & set(golden.case_arguments(folder)) else 3
    return [] if outcome.code == wanted else [f"exit code {outcome.code}: {outcome.stderr.decode(errors='replace').strip()}"]


def beyond_tshark(folder, rows):
    """Numbers of the connections that tshark is known not to follow: all where it has no use for the secrets, or no way to read the files."""
    if folder.name in check_with_tshark.ASKED_WHEN_MADE:
        return {int(row["conn"]) for row in rows}
    with tempfile.TemporaryDirectory() as work:
        if not tshark.secrets_of(folder, pathlib.Path(work)):
            return {int(row["conn"]) for row in rows if row["expected"] == "opened"}
    lines = (CAPTURES / "tools" / "tshark_differs.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    return {int(number) for row in rows if row[0] == folder.name for number in row[1].split(",")}


def connection_faults(row, shown):
    """One connection: what tlspeel's text shows against the programs."""
    what = f"connection {row['conn']} ({row['version']} {row['suite']})"
    if row["expected"] == "partial":
        return []
    if shown is None:
        return [] if row["reason"] == "not TLS" else [f"{what}: not in the output"]
    if row["version"] == "-":  # a handshake that failed is neither opened nor closed
        return []
    # In TLS 1.3 each direction and the handshake have secrets of their own; what is expected is about the data, which was compared.
    if row["version"] == "TLS 1.3" and "partly opened with" in shown["heading"]:
        return []
    opened, closed = "opened with" in shown["heading"], "closed" in shown["heading"]
    if opened != (row["expected"] == "opened") or closed == opened:
        return [f"{what}: expected is {row['expected']} ({row['reason']}), the heading is {shown['heading']}"]
    return []


def tshark_faults(row, shown, seen):
    """One connection: what tlspeel's text shows against tshark."""
    what = f"connection {row['conn']} ({row['version']} {row['suite']})"
    if row["expected"] == "partial" or shown is None:
        return []
    if seen is None:
        return [f"{what}: tshark does not know it"]
    faults = []
    if seen["suites"] and not any(name in shown["heading"] for name in seen["suites"]):
        faults.append(f"{what}: tshark saw {seen['suites']}, the heading is {shown['heading']}")
    if row["expected"] == "opened" and "ARIA" not in row["suite"]:  # which tshark cannot decrypt
        for part in ("requests", "answers"):
            if shown[part] != seen[part]:
                faults.append(f"{what}: {part}: tshark shows {seen[part]}, tlspeel {shown[part]}")
    return faults


def parse_text(output):
    """{(client, server): heading, requests as (method, target), status codes}"""
    found, current = {}, None
    for line in output.splitlines():
        heading, start = HEADING.match(line), START_LINE.match(line)
        if heading:
            current = found.setdefault((heading["client"], heading["server"]), {"requests": [], "answers": []})
            current["heading"] = heading["rest"]
        elif start and current and start["status"]:
            current["answers"].append(start["status"])
        elif start and current:
            current["requests"].append((start["method"], start["target"]))
    return found


def ask_tshark(folder, rows):
    """{(client, server): suites of the ServerHellos, requests and status codes that tshark shows}"""
    with tempfile.TemporaryDirectory() as work:
        work = pathlib.Path(work)
        ways = tshark.secrets_of(folder, work) or [([], [])]
        whole = tshark.capture_of(folder, work)
        answers = [ask_tshark_with(whole, rows, keys, options) for keys, options in ways]
    # With several PSKs, each run opens some of the connections.
    return {ends: max((answer[ends] for answer in answers), key=lambda entry: len(entry["requests"]) + len(entry["answers"]))
            for ends in answers[0]}


def ask_tshark_with(capture_file, rows, keys, secrets):
    ports = {row["server"].rpartition(":")[2] for row in rows if row["reason"] != "not TLS"}
    # Joining bodies, tshark does not show an answer without Content-Length before TCP ends.
    options = [*secrets, "-o", "http.desegment_body:FALSE"]
    options += [option for port in sorted(ports) for option in ("-d", f"tcp.port=={port},tls", "-d", f"tls.port=={port},http")]
    listing = tshark.run_tshark(capture_file, keys, [
        *options, "-Y", "tcp", "-T", "fields", "-E", "occurrence=a", "-E", "aggregator= ",
        *(option for name in FIELDS for option in ("-e", name))])
    return conversations(listing)


FIELDS = ["tcp.stream", "frame.protocols", "ip.src", "ipv6.src", "tcp.srcport", "ip.dst", "ipv6.dst", "tcp.dstport", "tls.handshake.type",
          "tls.handshake.ciphersuite", "http.request.method", "http.request.uri", "http.response.code"]


def conversations(listing):
    """What tshark listed, by connection."""
    names, streams, found = code_names(), {}, {}
    for line in listing.splitlines():
        value = dict(zip(FIELDS, line.split("\t")))
        if not value.get("tcp.stream", "").isdigit():
            continue
        source, target = ends_of(value)
        entry = found.setdefault(streams.setdefault(value["tcp.stream"], (source, target)),
                                 {"suites": [], "requests": [], "answers": []})
        if "2" in value["tls.handshake.type"].split() and "1" not in value["tls.handshake.type"].split():
            entry["suites"] += [names.get(int(code, 16), code) for code in value["tls.handshake.ciphersuite"].split()]
        if "tls" not in value["frame.protocols"].split(":"):  # in clear, before TLS
            continue
        entry["requests"] += zip(value["http.request.method"].split(), value["http.request.uri"].split())
        entry["answers"] += value["http.response.code"].split()
    return found


def ends_of(value):
    """Of the innermost packet where one is inside another."""
    last = {name: text.split()[-1] if text else "" for name, text in value.items()}
    return (tshark.name(last[f"ip.{end}"], last[f"ipv6.{end}"], last[f"tcp.{end}port"]) for end in ("src", "dst"))


def code_names():
    """{code: IANA name} from the installed OpenSSL and GnuTLS, and those they have not any more."""
    names = {suite.code: suite.name for suite in tls_suites.SUITES}
    names.update((row[0], row[1]) for row in secrets12.gnutls_listing())
    listing = host.run(["openssl", "ciphers", "-provider", "legacy", "-provider", "default", "-psk", "-srp", "-V", "-stdname",
                        "-ciphersuites", "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:"
                        "TLS_AES_128_CCM_SHA256:TLS_AES_128_CCM_8_SHA256", "ALL:COMPLEMENTOFALL:eNULL:@SECLEVEL=0"]).stdout.decode()
    for high, low, name in re.findall(r"0x(..),0x(..) - (\S+)", listing):
        names[int(high + low, 16)] = name
    return names
