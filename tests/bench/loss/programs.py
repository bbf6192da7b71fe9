"""What tlspeel, tshark and ssldump make of a capture, counted in bytes of what the programs at both ends really exchanged.

A plaintext: {(client, server, direction): bytes}, endpoints as in exchanged.tsv. Nothing in it comes twice, so that a piece has one place.
"""
import pathlib
import re
import subprocess
import sys
import tempfile

from lab import host, tshark

import golden

ANCHOR = 24  # bytes: what is equal so long is the same place
LONE_BYTES = 5  # so many records in a row of which nothing but the first byte is left
NEW_CONNECTION = re.compile(r"^New TCP connection #(\d+): (\S+)\((\d+)\) <-> (\S+)\((\d+)\)")
RECORD = re.compile(r"^(\d+) +\d+ .* (C>S|S>C)  (\S+)")
DASHES = "-" * 63
STOPPED, CRASHED = "stopped", "crashed"
ENDINGS = {124: STOPPED, -6: CRASHED, -11: CRASHED}  # of timeout(1): by time; by SIGABRT or SIGSEGV, as the program


class WrongBytes(Exception):
    """A program showed what nobody sent."""


def by_tlspeel(binary, capture, secrets, plaintext, split=False):
    """Bytes that were opened; raises WrongBytes where one is not the right one in its right place. split: records of one byte."""
    options = [word for option, path in secrets for word in (option, str(path))]
    with tempfile.TemporaryDirectory() as target:
        done = subprocess.run([binary, str(capture), *options, "--save-streams", target, "--output", "/dev/null"], capture_output=True,
                              check=False)
        if done.returncode not in (0, 3):
            raise RuntimeError(f"tlspeel ended with {done.returncode}: {done.stderr.decode(errors='replace')}")
        paths = [path for path in pathlib.Path(target).iterdir() if path.suffix != ".holes"]
        saved = [(path.name, path.read_bytes(), holes_of(path)) for path in paths]
    names = {f"{golden.file_name_part(client)}-{golden.file_name_part(server)}.{direction}": data
             for (client, server, direction), data in plaintext.items()}
    total = 0
    for name, data, holes in saved:
        wanted = names.get(name.partition("_")[2])
        if wanted is None:
            raise WrongBytes(f"{name}: nobody exchanged that")
        total += checked(name, data, holes, wanted, split)
    return total


def holes_of(path):
    """[(offset, length, how it is known)]: where the saved stream was filled with zeros."""
    note = path.with_name(path.name + ".holes")
    if not note.exists():
        return []
    rows = [line.split() for line in note.read_text().splitlines() if line and not line.startswith("#")]
    return [(int(offset), int(length) if length.isdigit() else 0, known) for offset, length, known in rows]


def checked(name, data, holes, wanted, split=False):
    """How many bytes of `data` are not holes; each is compared with what was sent. While every hole before it is exact, a piece must
    stand at its own offset; behind an estimated one, anywhere further on."""
    at = place = total = 0
    exact = True
    for offset, length, known in [*holes, (len(data), 0, "exact")]:
        piece = data[at:offset]
        total += len(piece)
        if exact and holes:
            if wanted[at:offset] != piece:
                raise WrongBytes(f"{name}: the bytes from {at} to {offset} are not those that were sent there")
            place = offset
        else:
            place = in_order(name, piece, wanted, place, split)
        if any(data[offset:offset + length]):
            raise WrongBytes(f"{name}: the hole at {offset} is filled with something")
        exact, at = exact and known == "exact", offset + length
    return total


def in_order(name, piece, wanted, place, split=False):
    """Where in `wanted` the last byte of the piece stands, every part of it being found behind the one before it."""
    at = 0
    while at < len(piece):
        found = wanted.find(piece[at:at + ANCHOR], place)
        if found < 0 and split:  # what was in the record behind the one of one byte is missing
            found = lone_byte(piece, at, wanted, place)
        if found < 0:
            raise WrongBytes(f"{name}: byte {at} and the following are not what was sent behind {place}")
        same = equal_length(piece, at, wanted, found)
        at, place = at + same, found + same
    return place


def lone_byte(piece, at, wanted, place):
    """The place of one byte, when the following ones are found behind it, other lone bytes between them; else -1."""
    first = found = wanted.find(piece[at:at + 1], place)
    for following in range(at + 1, at + LONE_BYTES):
        if found < 0 or wanted.find(piece[following:following + ANCHOR], found + 1) >= 0:
            break
        found = wanted.find(piece[following:following + 1], found + 1)
    else:
        return -1
    return first if found >= 0 else -1


def equal_length(left, left_at, right, right_at):
    """Length of the longest common beginning of left[left_at:] and right[right_at:]."""
    low, high = 0, min(len(left) - left_at, len(right) - right_at)
    while low < high:
        middle = (low + high + 1) // 2
        if left[left_at:left_at + middle] == right[right_at:right_at + middle]:
            low = middle
        else:
            high = middle - 1
    return low


def by_tshark(capture, secrets, plaintext, port, limit):
    """(right bytes, wrong bytes, how it ended where not well: STOPPED after `limit` seconds, CRASHED) of what `follow,tls` shows."""
    keys = [path for option, path in secrets if option == "-k"]
    logs = [word for option, path in secrets if option == "-l" for word in ("-o", f"tls.keylog_file:{path}")]
    try:
        streams = tshark.decrypted_streams(capture, keys, {port}, logs, limit)
    except subprocess.TimeoutExpired:
        return 0, 0, STOPPED
    return *counted({ends: b"".join(parts) for ends, parts in streams.items()}, plaintext), ""


def by_ssldump(capture, secrets, plaintext, limit):
    """As by_tshark(): of what it prints of application data, without line ends, which it changes."""
    options = [word for option, path in secrets for word in (option, str(path))]
    done = subprocess.run(["timeout", str(limit), "ssldump", "-n", "-d", "-r", str(capture), *options], capture_output=True, check=False)
    shown, pairs, inside, ends = {}, {}, False, None
    for line in done.stdout.decode("latin-1").split("\n"):
        if inside:  # what ends without a line end has the dashes behind it
            shown.setdefault(ends, []).append(line.removesuffix(DASHES).removeprefix("    ").encode("latin-1"))
            inside = not line.endswith(DASHES)
        elif line.endswith(DASHES):
            inside = True
        elif match := NEW_CONNECTION.match(line):
            pairs[match[1]] = f"{match[2]}:{match[3]}", f"{match[4]}:{match[5]}"
        elif match := RECORD.match(line):
            ends = (*pairs.get(match[1], ("?", "?")), "client" if match[2] == "C>S" else "server")
    without = {key: re.sub(rb"[\r\n]", b"", data) for key, data in plaintext.items()}
    right, wrong = counted({key: b"".join(lines) for key, lines in shown.items()}, without)
    lines = sum(map(len, plaintext.values())) / max(1, sum(map(len, without.values())))
    return int(right * lines), int(wrong * lines), ENDINGS.get(done.returncode, "")


def counted(shown, plaintext):
    right = wrong = 0
    for ends, data in shown.items():
        client, server, direction = ends
        # A program that took the answer to a SYN for a SYN has the two sides the wrong way round; that is not held against it.
        turned = (server, client, "server" if direction == "client" else "client")
        good = matched(data, plaintext.get(ends, plaintext.get(turned, b"")))
        right, wrong = right + good, wrong + len(data) - good
    return right, wrong


def matched(data, wanted):
    """Bytes of `data` that lie in runs of at least ANCHOR bytes that `wanted` has, too."""
    if data == wanted:
        return len(data)
    places = {wanted[at:at + ANCHOR]: at for at in range(0, len(wanted) - ANCHOR + 1, ANCHOR)}
    at = done = total = 0
    while at + ANCHOR <= len(data):
        place = places.get(data[at:at + ANCHOR])
        if place is None:
            at += 1
            continue
        before = 0
        while at - before > done and place > before and data[at - before - 1] == wanted[place - before - 1]:
            before += 1
        same = equal_length(data, at, wanted, place)
        total += before + same
        at = done = at + same
    return total


def available():
    return {name for name in ("tshark", "ssldump") if not host.missing_programs([name])}
