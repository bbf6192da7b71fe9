#!/usr/bin/env python3
"""Runs the case functions of tools/cases, each in a network namespace of its own."""
import importlib
import os
import pathlib
import sys
import time
import traceback

TOOLS = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(TOOLS))
from lab import host  # noqa: E402

MODULES = ["web", "matrix", "closed", "network", "trouble", "endings", "resumption", "secrets12", "psk12", "keys12", "renegotiation12",
           "closed12", "links", "files", "pcap_variants", "options12", "secrets_inside", "synthetic", "synthetic12", "synthetic13", "tls13",
           "tls13_records", "tls13_programs", "tls13_secrets", "tls13_browsers", "starttls", "mirror", "many_files", "one_sided", "http2", "codings", "websocket", "bodies", "grpc_calls", "h2c", "spoken", "raw_public_keys"]
NEEDED = ["apache2", "nginx", "openssl", "gnutls-cli", "gnutls-serv", "curl", "wget", "tcpdump", "tshark", "editcap", "mergecap", "ip",
          "nft", "psktool", "srptool", "certutil", "pk12util", "selfserv", "tstclnt", "chromium"]
NEEDED_BY_SOME = {"files": ["gzip", "zstd", "xz", "lz4", "bzip2", "lzip"],
                  "http2": ["nghttp", "nghttpd"],
                  "codings": ["gzip", "brotli", "zstd", "compress"],
                  "websocket": ["haproxy"],
                  "h2c": ["nghttp", "nghttpd", "nghttpx", "stunnel4", "socat"],
                  "spoken": ["redis-server", "redis-cli", "mosquitto", "mosquitto_pub", "mosquitto_sub", "socat"],
                  "bodies": ["pnmtojpeg", "ppmtogif", "ppmtobmp", "ppmtowinicon", "cwebp"],
                  "starttls": ["postfix", "dovecot", "vsftpd", "slapd", "runuser", "mariadbd", "prosody", "haproxy", "squid", "microsocks",
                               "/usr/lib/news/bin/nnrpd", "inspircd", "irssi", "script", "xrdp", "xfreerdp", "Xvfb", "sshd", "ssh"]}


def case_functions():
    """{name: function} in the order in which they can be made; some are re-made from an earlier one."""
    return {name: function for module in MODULES
            for name, function in importlib.import_module(f"cases.{module}").CASES.items()}


def needed_by(names):
    return [program for module, programs in NEEDED_BY_SOME.items() if set(names) & set(importlib.import_module(f"cases.{module}").CASES)
            for program in programs]


def make(name, function):
    """In a child process, because a namespace once entered is not left again."""
    child = os.fork()
    if child:
        return os.waitpid(child, 0)[1] == 0
    try:
        if not host.enter_namespace():
            raise RuntimeError("network namespaces need root (CAP_SYS_ADMIN)")
        function()
    except BaseException:
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def main(wanted):
    functions = case_functions()
    if wanted == ["--list"]:
        print("\n".join(functions))
        return 0
    unknown = [name for name in wanted if name not in functions]
    absent = host.missing_programs(NEEDED + needed_by(wanted or functions))
    if unknown or absent:
        print(f"make.sh: no such case: {unknown}" if unknown else f"make.sh: not installed: {' '.join(absent)}", file=sys.stderr)
        return 2
    failed = []
    for name in wanted or functions:
        started = time.monotonic()
        good = make(name, functions[name])
        print(f"{'made' if good else 'FAILED'}  {name}  {time.monotonic() - started:.1f} s", flush=True)
        failed += [] if good else [name]
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
