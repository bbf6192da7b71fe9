"""tshark as a witness: what it decrypts with the given RSA keys and key logs."""
import os
import pathlib
import subprocess
import tempfile


def decrypted_streams(capture, keys, ports, logs=()):
    """{(client, server, "client" or "server"): [plaintext, one entry per connection of this pair]}; addresses as in
    exchanged.tsv. `ports` are those of the servers: tshark is told that they speak TLS."""
    options = [option for port in sorted(ports) for option in ("-d", f"tcp.port=={port},tls")]
    streams = endpoints(run_tshark(capture, keys, [*options, "-Y", "tcp", "-T", "fields", "-E", "occurrence=f"] + [
        option for name in ("tcp.stream", "ip.src", "ipv6.src", "tcp.srcport", "ip.dst", "ipv6.dst", "tcp.dstport")
        for option in ("-e", name)], logs))
    follow = [option for number in streams for option in ("-z", f"follow,tls,raw,{number}")]
    found = {}
    for block in run_tshark(capture, keys, [*options, "-q", *follow], logs).split("=" * 67 + "\n"):
        lines = block.strip().splitlines()
        if lines and lines[0].startswith("Follow:"):
            pair, sides = plaintext(lines, streams)
            for direction, data in sides.items():
                found.setdefault((*pair, direction), []).append(data)
    return found


def run_tshark(capture, keys, arguments, logs=()):
    """stdout of tshark, with an empty configuration of its own, the given keys and key logs."""
    with tempfile.TemporaryDirectory() as home:
        command = ["tshark", "-n", "-o", "tcp.reassemble_out_of_order:TRUE", "-r", str(capture)]
        for key in keys:
            command += ["-o", f'uat:rsa_keys:"{key}",""']
        if logs:  # tshark takes one
            merged = pathlib.Path(home) / "keys.log"
            merged.write_bytes(b"\n".join(log.read_bytes() for log in logs))
            command += ["-o", f"tls.keylog_file:{merged}"]
        environment = dict(os.environ, XDG_CONFIG_HOME=home, HOME=home)
        done = subprocess.run(command + list(arguments), env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
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
