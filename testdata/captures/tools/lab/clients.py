"""Real clients. Each call is one run of a program and returns what it sent and received inside TLS."""
import os
import re
import socket
import subprocess

from . import host
from .exchange import Exchange, suite_name, version_name
from .servers import openssl_environment


def with_environment(env):
    return {"env": dict(os.environ, **env)} if env else {}


def curl(work, *arguments, check=True, env=None):
    """Exchanges of one curl run, one per connection, from curl's own --trace. `env` is added to the environment."""
    trace = work / "curl.trace"
    trace.unlink(missing_ok=True)
    host.run(["curl", "--silent", "--insecure", "--http1.1", "--trace", str(trace), "--output", "/dev/null", *arguments],
             check=check, **with_environment(env))
    return parse_curl_trace(trace.read_text(errors="replace"))


def parse_curl_trace(text):
    found, order, current, target = {}, [], None, None
    for line in text.splitlines():
        if line.startswith("== Info:"):
            target = None
            opened = re.search(r"Connected to .* \(#(\d+)\)", line)
            reused = re.search(r"Re-using existing connection #(\d+)", line)
            if opened:
                current = int(opened.group(1))
                found[current] = Exchange(b"", b"", programs="curl")
                order.append(current)
            elif reused:
                current = int(reused.group(1))
            agreed = re.search(r"SSL connection using (\S+) / (\S+)", line)
            if agreed:
                found[current].version = version_name(agreed.group(1))
                found[current].suite = suite_name(agreed.group(2))
        elif line.startswith(("=> Send header", "=> Send data")):
            target = "client"
        elif line.startswith(("<= Recv header", "<= Recv data")):
            target = "server"
        elif line.startswith(("=>", "<=")):
            target = None  # "SSL data": the records of the handshake
        elif target:
            octets = bytes.fromhex(line[6:6 + 48])
            setattr(found[current], target, getattr(found[current], target) + octets)
    for one in found.values():
        # curl's trace leaves out the empty line that ends an interim response (nginx counts it).
        one.server = re.sub(rb"(HTTP/1\.1 1\d\d [^\r\n]*\r\n)(?=HTTP/1)", rb"\1\r\n", one.server)
    return [found[number] for number in order]


def wget(work, *arguments, urls, env=None):
    """One connection (kept alive over all urls); requests from the debug output, responses from --save-headers.
    Good for responses with Content-Length: wget takes the chunks of a chunked one apart."""
    sent, received, environment = b"", b"", {"LC_ALL": "C", "PATH": "/usr/bin:/bin", "HOME": str(work)}
    environment.update({name: value for name, value in os.environ.items() if name == "SSLKEYLOGFILE"})
    output = work / "wget.out"
    output.unlink(missing_ok=True)
    done = host.run(["wget", "--no-config", "--no-hsts", "--debug", "--save-headers", "--no-check-certificate", "--tries=1",
                     *arguments, "--output-document", str(output), *urls], env={**environment, **(env or {})})
    for request in re.findall(rb"---request begin---\n(.*?)---request end---", done.stderr, re.S):
        sent += request
    received = output.read_bytes()
    return [Exchange(sent, received, programs="wget")]


def s_client(work, port, request, *arguments, extended_master_secret=True, address="127.0.0.1", check=True, permissive=True,
             source=None):
    """openssl s_client: sends `request`, reads until the server closes; `source` is the client's address."""
    arguments = [*arguments, *(("-bind", f"{source}:0") if source else ())]
    where = f"[{address}]:{port}" if ":" in address else f"{address}:{port}"
    done = host.run(["openssl", "s_client", "-connect", where, "-quiet", *arguments], input=request, check=check,
                    env=dict(openssl_environment(work, extended_master_secret) if permissive else {},
                             PATH="/usr/bin:/bin"), timeout=30)
    return Exchange(request, done.stdout, programs="openssl s_client")


def gnutls_cli(work, port, request, priority, *arguments, check=True, host_name="127.0.0.1", env=None):
    """gnutls-cli: sends `request` (text), reads until the server closes."""
    log = work / "gnutls-cli.log"
    log.unlink(missing_ok=True)
    done = host.run(["gnutls-cli", "--insecure", "--logfile", str(log), "--port", str(port), "--priority", priority, *arguments,
                     host_name], input=request, check=check, timeout=30, **with_environment(env))
    return Exchange(request, done.stdout, programs="gnutls-cli")


def s_client_interactive(work, port, *arguments, extended_master_secret=True):
    """A started s_client whose caller writes the request piece by piece; see `finish`."""
    return subprocess.Popen(["openssl", "s_client", "-connect", f"127.0.0.1:{port}", "-quiet", *arguments],
                            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                            env=dict(openssl_environment(work, extended_master_secret), PATH="/usr/bin:/bin"))


def socket_from(source, port, address="127.0.0.1"):
    """A TCP connection from the given address of the loopback interface."""
    return socket.create_connection((address, port), timeout=30, source_address=(source, 0))


def next_address(case):
    """One of a hundred addresses of the loopback interface in turn. With hundreds of connections from one address, the kernel would
    use a client's port again, and in a capture that is another connection of the same name."""
    return f"127.0.0.{2 + len(case.exchanges) % 100}"
