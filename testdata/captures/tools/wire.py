#!/usr/bin/env python3
"""A wire between this network namespace and a new one, for link layers that the kernel at hand may lack drivers for.

    wire.py tun               two tun devices (raw IP: no link layer); packets are passed from one to the other
    wire.py tap [TAG...]      two tap devices (Ethernet); between them a veth pair `wire0`-`wire1`, over which every frame
                              goes with the given tags, outermost first, each as PROTOCOL:VLAN (8100:5, 88a8:7)

The near side is 10.9.0.1 on `near0`, the far side 10.9.0.2 on `far0` in the namespace that this process then lives in:
run programs there with `nsenter -t PID -n`. Prints "ready" and works until it is ended.
"""
import ctypes
import fcntl
import os
import select
import socket
import struct
import subprocess
import sys

TUNSETIFF, IFF_TUN, IFF_TAP, IFF_NO_PI = 0x400454CA, 1, 2, 0x1000
ETH_P_ALL, PACKET_OUTGOING, CLONE_NEWNET = 3, 4, 0x40000000
TAG_PROTOCOLS = (b"\x81\x00", b"\x88\xa8")


def ip(*arguments):
    subprocess.run(["ip", *arguments], check=True)


def device(name, mode, address):
    descriptor = os.open("/dev/net/tun", os.O_RDWR)
    fcntl.ioctl(descriptor, TUNSETIFF, struct.pack("16sH", name.encode(), mode | IFF_NO_PI))
    ip("link", "set", name, "up", "mtu", "1500")
    ip("addr", "add", f"{address}/24", "dev", name)
    return descriptor


def packet_socket(name):
    link = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
    link.bind((name, ETH_P_ALL))
    return link


def tagged(frame, tags):
    return frame[:12] + b"".join(tags) + frame[12:]


def untagged(frame):
    while frame[12:14] in TAG_PROTOCOLS:
        frame = frame[:12] + frame[16:]
    return frame


def pass_packets(near, far):
    while True:
        for ready in select.select([near, far], [], [])[0]:
            os.write(far if ready == near else near, os.read(ready, 65536))


def pass_frames(near, far, near_wire, far_wire, tags):
    outgoing = {near: near_wire, far: far_wire}
    incoming = {near_wire: near, far_wire: far}
    while True:
        for ready in select.select([near, far, near_wire, far_wire], [], [])[0]:
            if ready in outgoing:
                outgoing[ready].send(tagged(os.read(ready, 65536), tags))
                continue
            frame, source = ready.recvfrom(65536)
            if source[2] != PACKET_OUTGOING:
                os.write(incoming[ready], untagged(frame))


def main(kind, tag_names):
    mode = IFF_TAP if kind == "tap" else IFF_TUN
    near = device("near0", mode, "10.9.0.1")
    if kind == "tap":
        ip("link", "add", "wire0", "type", "veth", "peer", "name", "wire1")
        for name in ("wire0", "wire1"):
            ip("link", "set", name, "up", "mtu", "1600")
        wires = packet_socket("wire0"), packet_socket("wire1")
    if ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWNET) != 0:
        sys.exit("wire.py: a network namespace needs root")
    ip("link", "set", "lo", "up")
    far = device("far0", mode, "10.9.0.2")
    print("ready", flush=True)
    if kind == "tun":
        pass_packets(near, far)
    tags = [bytes.fromhex(protocol) + struct.pack("!H", int(number))
            for protocol, number in (name.split(":") for name in tag_names)]
    pass_frames(near, far, *wires, tags)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
