"""What one TLS connection carried, as its programs tell it, and the table it is kept in.

exchanged.tsv has two rows per connection, one per direction. `conn` counts the connections in the order of their
first packet in the capture; `expected` is opened, partial (only a part can be had) or closed, `reason` says why.
"""
import dataclasses
import functools
import hashlib

from . import host

COLUMNS = ["conn", "client", "server", "version", "suite", "expected", "reason", "programs", "direction", "bytes", "sha256"]
KEPT_AS_FILE = 4096  # longer plaintext is kept as its digest only
KEPT_CONNECTIONS = 30  # and in the large matrices all of it


@dataclasses.dataclass
class Exchange:
    client: bytes
    server: bytes
    version: str = "-"
    suite: str = "-"
    programs: str = "-"
    expected: str = "opened"
    reason: str = "-"


@functools.lru_cache
def iana_names():
    """OpenSSL's suite names and the IANA's, from the installed OpenSSL."""
    listing = host.run(["openssl", "ciphers", "-provider", "legacy", "-provider", "default", "-stdname",
                        "ALL:COMPLEMENTOFALL:eNULL:@SECLEVEL=0"]).stdout.decode()
    rows = [line.split() for line in listing.splitlines()]
    return {row[2]: row[0] for row in rows}


def suite_name(openssl_name):
    return iana_names().get(openssl_name, openssl_name)


def version_name(name):
    """TLSv1.2 -> TLS 1.2, TLSv1 -> TLS 1.0"""
    number = name.replace("TLSv", "").replace("TLS", "").strip()
    return "TLS " + (number if "." in number else number + ".0")


def write(folder, rows):
    """rows: (Exchange, client address, server address), in the order of the capture."""
    files = folder / "exchanged"
    files.mkdir(exist_ok=True)
    for old in files.iterdir():
        old.unlink()
    lines = ["\t".join(COLUMNS)]
    for number, (exchange, client, server) in enumerate(rows, 1):
        for direction, data in (("client", exchange.client), ("server", exchange.server)):
            lines.append("\t".join([str(number), client, server, exchange.version, exchange.suite, exchange.expected,
                                    exchange.reason, exchange.programs, direction, str(len(data)),
                                    hashlib.sha256(data).hexdigest()]))
            if data and len(data) <= KEPT_AS_FILE and len(rows) <= KEPT_CONNECTIONS:
                (files / f"{number}.{direction}").write_bytes(data)
    (folder / "exchanged.tsv").write_text("\n".join(lines) + "\n")
    if not any(files.iterdir()):
        files.rmdir()


def read(folder):
    """[{column: value}] of a case."""
    lines = (folder / "exchanged.tsv").read_text().splitlines()
    names = lines[0].split("\t")
    return [dict(zip(names, line.split("\t"))) for line in lines[1:]]
