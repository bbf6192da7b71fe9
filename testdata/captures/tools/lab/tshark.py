"""tshark as a witness: what it decrypts with the given RSA keys."""
import os
import subprocess
import tempfile


def decrypted_streams(capture, keys, ports, extra=(), limit=None):
    """{(client, server, "client" or "server"): [plaintext, one entry per connection of this pair]}; addresses as in
    exchanged.tsv. `ports` are those of the servers: tshark is told that they speak TLS. Raises subprocess.TimeoutExpired where one of
    its two runs takes more than `limit` seconds."""
    options = [*extra, *(option for port in sorted(ports) for option in ("-d", f"tcp.port=={port},tls"))]
    streams = endpoints(run_tshark(capture, keys, [*options, "-Y", "tcp", "-T", "fields", "-E", "occurrence=l"] + [
        option for name in ("tcp.stream", "ip.src", "ipv6.src", "tcp.srcport", "ip.dst", "ipv6.dst", "tcp.dstport")
        for option in ("-e", name)], limit))
    follow = [option for number in streams for option in ("-z", f"follow,tls,raw,{number}")]
    found = {}
    for block in run_tshark(capture, keys, [*options, "-q", *follow], limit).split("=" * 67 + "\n"):
        lines = block.strip().splitlines()
        if lines and lines[0].startswith("Follow:"):
            pair, sides = plaintext(lines, streams)
            for direction, data in sides.items():
                found.setdefault((*pair, direction), []).append(data)
    return found


def run_tshark(capture, keys, arguments, limit=None):
    """stdout of tshark, with an empty configuration of its own and the given keys."""
    with tempfile.TemporaryDirectory() as home:
        command = ["tshark", "-n", "-o", "tcp.reassemble_out_of_order:TRUE", "-r", str(capture)]
        for key in keys:
            command += ["-o", f'uat:rsa_keys:"{key}",""']
        environment = dict(os.environ, XDG_CONFIG_HOME=home, HOME=home)
        done = subprocess.run(command + list(arguments), env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=limit)
        if done.returncode and b"cut short" not in done.stderr:  # a capture that ends in a packet is normal life
            raise subprocess.CalledProcessError(done.returncode, command, done.stdout, done.stderr)
        return done.stdout.decode(errors="replace")


def endpoints(listing):
    """{stream number: (client, server)} by the first packet of each stream, which the client sends."""
    streams = {}
    for line in listing.splitlines():
        number, source4, source6, source_port, target4, target6, target_port = (line + "\t" * 6).split("\t")[:7]
        if number.isdigit():
            pair = (name(source4, source6, source_port), name(target4, target6, target_port))
            streams.setdefault(int(number), pair)
    return streams


def name(ipv4, ipv6, port):
    return f"{ipv4}:{port}" if ipv4 else f"[{ipv6}]:{port}"


def plaintext(lines, streams):
    """One block of `follow,tls,raw`: what node 0 sent stands on the left, the answers are indented by a tab."""
    number = int(lines[1].split()[-1])
    client, server = streams[number]
    node0 = lines[2].split(": ", 1)[1]
    sides = [[], []]
    for line in lines[4:]:
        sides[line.startswith("\t")].append(line.strip())
    left, right = (bytes.fromhex("".join(side)) for side in sides)
    if node0.rpartition(":")[2] == server.rpartition(":")[2]:
        left, right = right, left
    return (client, server), {"client": left, "server": right}


def secrets_of(folder, work):
    """[(RSA keys, options)] of a case, one for each run of tshark; it takes keys without password only, one key log, and one PSK.
    witness.log is a key log for tshark, kept where it cannot use the secrets that the case is about."""
    arguments = (folder / "args").read_text().splitlines()
    given = {flag: [folder / value for name, value in zip(arguments, arguments[1:]) if name == flag]
             for flag in ("-k", "-l", "--psk-file", "--password-file")}
    passwords = ["", *(line for path in given["--password-file"] for line in path.read_text().splitlines())]
    paths = [one for path in given["-k"] for one in (sorted(path.iterdir()) if path.is_dir() else [path])]
    keys = [key for path in paths if (key := as_plain_rsa(path, passwords, work / path.name))]
    options = []
    logs = given["-l"] + [path for path in [folder / "witness.log"] if path.exists()]
    if logs:
        joined = work / "keys.log"
        joined.write_bytes(b"\n".join(path.read_bytes() for path in logs))
        options = ["-o", f"tls.keylog_file:{joined}"]
    psks = {line.rpartition(":")[2] for path in given["--psk-file"] for line in path.read_text().splitlines()}
    inside = not arguments and any(folder.glob("*.pcapng"))  # Decryption Secrets Blocks
    if psks:
        return [(keys, [*options, "-o", f"tls.psk:{psk}"]) for psk in sorted(psks)]
    return [(keys, options)] if keys or options or inside else []


def as_plain_rsa(path, passwords, target):
    """A copy in PEM without password; None for other keys - ephemeral ones, those of a token -, which tshark does not take."""
    if not path.is_file():
        return None
    for password in passwords:
        done = subprocess.run(["openssl", "pkey", "-provider", "legacy", "-provider", "default", "-in", str(path), "-passin",
                               f"pass:{password}", "-out", str(target), "-traditional"], capture_output=True)
        if done.returncode == 0 and b"BEGIN RSA PRIVATE KEY" in target.read_bytes():
            return target
    return None


def captures(folder):
    """The files of a case, also those that are named with a number at the end, or lie in a folder."""
    found = [*folder.glob("capture*.pcap*"), *folder.glob("captures/*.pcap*")]
    return sorted(path for path in found if path.is_file() and not path.name.startswith("."))


def capture_of(folder, work):
    """The capture of a case; several files are put together by the time of their packets."""
    paths = captures(folder)
    if len(paths) == 1:
        return paths[0]
    whole = work / "whole.pcapng"
    subprocess.run(["mergecap", "-w", str(whole), *map(str, paths)], check=True, capture_output=True)
    return whole
