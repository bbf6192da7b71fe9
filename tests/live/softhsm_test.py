#!/usr/bin/env python3
"""A private key that never leaves its token: SoftHSM holds the key that Apache httpd and s_server have in a file, and tlspeel opens
their connections with `-k pkcs11:...` and the PIN in a password file, by OpenSSL's engine for PKCS#11."""
import os
import pathlib
import subprocess
import sys
import tempfile

import harness
import golden
from cases.matrix import request, served_files
from cases.web import HOST, URL, fill_apache
from lab import case, clients, host, pki
from lab.servers import Apache, OpensslServer

URI = "pkcs11:token=tlspeel-live;object=server"
PIN = "4711"


def make_token(folder, key):
    """A token with the key in it; gives the environment in which PKCS#11 finds it."""
    (folder / "tokens").mkdir()
    configuration = folder / "softhsm2.conf"
    configuration.write_text(f"directories.tokendir = {folder}/tokens\nobjectstore.backend = file\nlog.level = ERROR\n")
    environment = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "SOFTHSM2_CONF": str(configuration), **golden.sanitizer_options()}
    pkcs8 = folder / "server.p8"
    host.run(["openssl", "pkcs8", "-topk8", "-nocrypt", "-in", str(key), "-out", str(pkcs8)])
    host.run(["softhsm2-util", "--init-token", "--free", "--label", "tlspeel-live", "--pin", PIN, "--so-pin", "0815"], env=environment)
    host.run(["softhsm2-util", "--import", str(pkcs8), "--token", "tlspeel-live", "--label", "server", "--id", "01", "--pin", PIN],
             env=environment)
    listing = host.run(["pkcs11-tool", "--module", "/usr/lib/softhsm/libsofthsm2.so", "--token-label", "tlspeel-live", "--login",
                        "--pin", PIN, "--list-objects", "--type", "privkey"], env=environment).stdout.decode()
    if "sensitive" not in listing:
        raise RuntimeError(f"the token gives its key away: {listing}")
    return environment


def capture(one, key):
    cert = pki.self_signed(key, one.work / "server.crt")
    with Apache(one.work, 443, key, cert, fill=fill_apache), \
         OpensslServer(one.work, 4433, key, cert, ["-HTTP"], files=served_files(one)), one.tcpdump(443, 4433):
        one.add(clients.curl(one.work, *HOST, f"{URL}/", f"{URL}/page.txt", "--output", "/dev/null"))
        for version, flag, suite in (("TLS 1.2", "-tls1_2", "AES128-GCM-SHA256"), ("TLS 1.0", "-tls1", "AES256-SHA")):
            one.add(clients.s_client(one.work, 4433, request("/large.txt"), flag, "-cipher", f"{suite}:@SECLEVEL=0"), version=version)
    one.finish("-k", URI, "--password-file", "pin")


def peel(one, environment, uri, *options):
    command = [harness.tlspeel(), "capture.pcap", "-k", uri, *options]
    return subprocess.run(command, cwd=one.folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True, timeout=60, check=False)


def opened(one, environment, uri, *options):
    """Fails unless every byte that the programs exchanged was saved."""
    with tempfile.TemporaryDirectory() as target:
        done = peel(one, environment, uri, *options, "--save-streams", target)
        saved = {path.name: path.read_bytes() for path in pathlib.Path(target).iterdir()}
    if done.returncode != 0:
        raise AssertionError(f"{uri}: exit code {done.returncode}: {done.stderr.decode(errors='replace')}")
    golden.compare_streams(one.folder, saved)


def check():
    with case.Case("softhsm") as one:
        host.set_loopback_mtu(1500)
        key = pki.make_key(one.work / "server.key")
        environment = make_token(one.work, key)
        capture(one, key)
        (one.folder / "pin").write_text(f"{PIN}\n")
        (one.folder / "wrong-pin").write_text("1234\n")
        for threads in ("1", "4"):
            opened(one, environment, URI, "--password-file", "pin", "--threads", threads)
        opened(one, environment, f"{URI}?pin-value={PIN}")
        for uri, options in ((URI, ("--password-file", "wrong-pin")),
                             ("pkcs11:token=tlspeel-live;object=nobody", ("--password-file", "pin"))):
            done = peel(one, environment, uri, *options)
            if done.returncode != 2 or b"no private key there" not in done.stderr:
                raise AssertionError(f"{uri} {options}: exit code {done.returncode}: {done.stderr.decode(errors='replace')}")


if __name__ == "__main__":
    harness.tlspeel()
    missing = host.missing_programs(["softhsm2-util", "pkcs11-tool", "apache2"])
    if missing:
        sys.exit(f"not installed: {' '.join(missing)} (tests/setup.sh test)")
    with tempfile.TemporaryDirectory(prefix="tlspeel-live-") as work:
        harness.skip_unless_permitted(work)
        case.ROOT = pathlib.Path(work)
        good = harness.in_child(check)
    print("ok" if good else "FAILED")
    sys.stdout.flush()
    os._exit(0 if good else 1)
