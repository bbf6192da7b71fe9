"""The same small exchange on every link type, and in every file format."""
import pathlib
import sys

from lab import clients, host, pcapfile
from lab.case import Case
from lab.servers import OpensslServer

import remake
from cases.matrix import request, served_files

WIRE = pathlib.Path(__file__).resolve().parents[1] / "wire.py"
CASES = {}


def case(function):
    CASES[function.__name__] = function
    return function


def exchange_some(case, address="127.0.0.1"):
    for suite, name, path in (("AES128-GCM-SHA256", "TLS_RSA_WITH_AES_128_GCM_SHA256", "/small.txt"),
                              ("AES256-SHA256", "TLS_RSA_WITH_AES_256_CBC_SHA256", "/large.bin")):
        case.add(clients.s_client(case.work, 4433, request(path), "-tls1_2", "-cipher", suite, address=address),
                 version="TLS 1.2", suite=name)


def on_loopback(name, **options):
    with Case(name) as one:
        host.set_loopback_mtu(1500)
        key, cert = one.identity()
        with OpensslServer(one.work, 4433, key, cert, ["-HTTP"], files=served_files(one)), one.tcpdump(4433, **options):
            exchange_some(one)
        one.finish("-k", "server.key")


@case
def link_cooked_v1():
    on_loopback("link_cooked_v1", interface="any", options=["-y", "LINUX_SLL"])


@case
def link_cooked_v2():
    on_loopback("link_cooked_v2", interface="any", options=["-y", "LINUX_SLL2"])


@case
def nanoseconds():
    on_loopback("nanoseconds", options=["--time-stamp-precision=nano"])


def over_wire(name, kind, interface, *tags):
    with Case(name) as one:
        key, cert = one.identity()
        files = served_files(one)
        host.run(["ip", "link", "set", "lo", "up"])

        class Wire(host.Process):
            def wait_until_ready(self):
                host.wait_for(lambda: self.fail_if_ended() or "ready" in self.log(), "wire.py")
        with Wire([sys.executable, str(WIRE), kind, *tags], one.work / "wire.log") as wire, \
             OpensslServer(one.work, 4433, key, cert, ["-HTTP"], files=files, address="10.9.0.2",
                           prefix=["nsenter", "-t", str(wire.process.pid), "-n", f"--wd={files}"]), \
             one.tcpdump(4433, expression=" ", interface=interface):
            exchange_some(one, "10.9.0.2")
        one.finish("-k", "server.key")


@case
def link_raw_ip():
    over_wire("link_raw_ip", "tun", "near0")


@case
def link_vlan():
    over_wire("link_vlan", "tap", "wire0", "8100:5")


@case
def link_qinq():
    over_wire("link_qinq", "tap", "wire0", "88a8:7", "8100:5")


def converted(name, source, convert, file_name="capture.pcap"):
    """The same exchange in another shape: `convert(source, target)` writes the capture."""
    with Case(name) as one:
        origin = one.folder.parent / source
        convert(origin / "capture.pcap", one.folder / file_name)
        remake.take_over(origin, one.folder)


@case
def big_endian():
    converted("big_endian", "nanoseconds", remake.big_endian)


@case
def link_bsd_loopback():
    converted("link_bsd_loopback", "nanoseconds", remake.bsd_loopback)


def editcap(kind):
    return lambda source, target: host.run(["editcap", "-F", kind, str(source), str(target)])


@case
def pcapng():
    converted("pcapng", "link_cooked_v2", editcap("pcapng"), "capture.pcapng")


@case
def pcapng_nanoseconds():
    converted("pcapng_nanoseconds", "nanoseconds", editcap("pcapng"), "capture.pcapng")


@case
def pcapng_big_endian():
    converted("pcapng_big_endian", "link_vlan", remake.pcapng_big_endian, "capture.pcapng")
