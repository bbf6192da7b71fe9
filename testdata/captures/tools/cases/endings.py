"""How a TCP connection may end, and IPv6 packets with extension headers."""
import socket
import ssl
import struct

import remake
from lab import host
from lab.case import Case
from lab.exchange import Exchange
from lab.servers import OpensslServer

from cases.matrix import request, served_files

AGREED = {"version": "TLS 1.2", "suite": "TLS_RSA_WITH_AES_128_GCM_SHA256", "programs": "Python ssl"}


def connect(port):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("AES128-GCM-SHA256")
    context.options |= getattr(ssl, "OP_IGNORE_UNEXPECTED_EOF", 0)
    return context.wrap_socket(socket.create_connection(("127.0.0.1", port)))


def read_to_end(connection):
    received = b""
    while part := connection.recv(65536):
        received += part
    return received


def reset_by_client(case):
    with connect(4433) as connection:
        connection.sendall(request("/small.txt"))
        received = read_to_end(connection)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    case.add(Exchange(request("/small.txt"), received), **AGREED, reason="the client resets the connection")


def refused():
    with socket.socket() as connection:
        if connection.connect_ex(("127.0.0.1", 4435)) == 0:
            raise RuntimeError("port 4435 is in use")


def silent():
    socket.create_connection(("127.0.0.1", 4433)).close()


def hello_only(case):
    """The client goes away when it has said hello."""
    outgoing = ssl.MemoryBIO()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    session = context.wrap_bio(ssl.MemoryBIO(), outgoing, server_hostname="www.example.com")
    try:
        session.do_handshake()
    except ssl.SSLWantReadError:
        pass
    with socket.create_connection(("127.0.0.1", 4433)) as connection:
        connection.sendall(outgoing.read())
        connection.recv(65536)
    case.add(Exchange(b"", b"", programs="Python ssl"), expected="closed", reason="the client leaves during the handshake")


def tcp_ends():
    with Case("tcp_ends") as case:
        host.set_loopback_mtu(1500)
        key, cert = case.identity()
        with OpensslServer(case.work, 4433, key, cert, ["-HTTP"], files=served_files(case)), case.tcpdump(4433, 4435):
            reset_by_client(case)
            refused()
            case.add(Exchange(b"", b"", programs="Python ssl"), expected="closed", reason="not TLS")
            silent()
            case.add(Exchange(b"", b"", programs="Python ssl"), expected="closed", reason="the client leaves without a word")
            hello_only(case)
            reset_by_client(case)
        case.finish("-k", "server.key")


def ipv6_extension_headers():
    """Re-made from ipv6_odd_port: hop-by-hop and destination options before TCP, and larger packets in fragments."""
    with Case("ipv6_extension_headers") as case:
        origin = case.folder.parent / "ipv6_odd_port"
        remake.take_over(origin, case.folder)
        remake.ipv6_extensions(origin / "capture.pcap", case.folder / "capture.pcap")


CASES = {function.__name__: function for function in (tcp_ends, ipv6_extension_headers)}
