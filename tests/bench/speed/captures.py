"""The captures of the speed bench: one row for each kind, and where a capture lies once it is made.

`amount` is mebibytes of plaintext for downloads, and a number of connections for all others; it stands in the name of the file, so
that a capture of another size is another capture.
"""
import dataclasses
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
FULL_HANDSHAKE_EVERY = 100  # connections of `resumed`


@dataclasses.dataclass(frozen=True)
class Kind:
    name: str
    traffic: str  # what the clients do: one of record.TRAFFIC
    suite: str  # as OpenSSL calls it
    tls13: bool = False
    key_log: bool = False  # ephemeral: the server's key is not enough
    at_once: int = 1  # connections that are busy at the same time


KINDS = {one.name: one for one in (
    Kind("aes128-gcm", "download", "AES128-GCM-SHA256"),
    Kind("aes128-gcm-eight", "download", "AES128-GCM-SHA256", at_once=8),
    Kind("chacha20", "download", "ECDHE-RSA-CHACHA20-POLY1305", key_log=True),
    Kind("tls13-aes256-gcm", "download", "TLS_AES_256_GCM_SHA384", tls13=True, key_log=True),
    Kind("aes256-cbc-sha", "download", "AES256-SHA"),
    Kind("aes128-cbc-sha256", "download", "AES128-SHA256"),
    Kind("short", "short", "AES128-GCM-SHA256", at_once=4),
    Kind("resumed", "resumed", "AES128-GCM-SHA256", at_once=4),
    Kind("mixed", "mixed", "ALL", key_log=True, at_once=4),
    Kind("small", "short", "AES128-GCM-SHA256"),
    Kind("idle", "idle", "ECDHE-RSA-AES128-GCM-SHA256", key_log=True),
)}


@dataclasses.dataclass(frozen=True)
class Capture:
    kind: Kind
    amount: int
    path: pathlib.Path
    secret: tuple  # the option that opens it, for tlspeel
    key: pathlib.Path  # the server's
    connections: int
    plaintext: int  # bytes of the bodies; of downloads only

    @property
    def size(self):
        return self.path.stat().st_size


def capture(work, name, amount):
    kind = KINDS[name]
    path = work / f"{name}-{amount}.pcap"
    key = work / "server.key"
    download = kind.traffic == "download"
    return Capture(kind, amount, path, ("-l", path.with_suffix(".keys")) if kind.key_log else ("-k", key), key,
                   kind.at_once if download else amount, amount << 20 if download else 0)


def make(work, wanted):
    """Records what of [(name, amount)] is not there yet."""
    lacking = [(name, amount) for name, amount in dict.fromkeys(wanted) if not capture(work, name, amount).path.exists()]
    for name, amount in lacking:
        print(f"recording {name}-{amount}", file=sys.stderr, flush=True)
        subprocess.run([sys.executable, "-B", HERE / "record.py", work, name, str(amount)], check=True)
    if lacking:
        subprocess.run(["sync"], check=True)  # what is still to be written shall not disturb what is timed


def warm(path):
    """Every program finds the capture in the page cache."""
    with open(path, "rb") as file:
        while file.read(1 << 24):
            pass
