"""Connections of SSL 3.0 to TLS 1.2 whose key exchange is Diffie-Hellman in one of its forms (RFC 5246 section 7.4.3, RFC 8422
section 5.4), with halves that are known or not. Signatures are random bytes: whoever only reads along cannot check them."""
import struct

from lab import agreement
from lab.tls_messages import message, vector
from lab.tls_suites import TLS12

from synth_tls import CLIENT, SERVER, Connection


class Certificates:
    """A chain whose key takes no part in encryption."""

    def __init__(self, chain):
        self.chain = chain


class AgreedConnection(Connection):
    """Further options: half (lab.agreement.Half of the server), static (it stands in the certificate), client_half."""

    def server_key_exchange(self):
        half = self.options["half"]
        if self.options.get("static"):
            return []
        if half.group == "dh":
            width = half.size
            body = b"".join(vector(2, part) for part in (half.prime.to_bytes(width, "big"), bytes([half.base]), half.public))
        else:
            body = b"\3" + struct.pack("!H", agreement.GROUPS[half.group]) + vector(1, half.public)
        algorithm = b"\4\1" if self.version == TLS12 else b""
        return [message(12, body + algorithm + vector(2, self.chance.randbytes(256)))]

    def client_key_exchange(self, premaster):
        half = self.options["half"]
        client = self.options.get("client_half") or half.other(self.chance)
        shared = half.agree(client.public)
        if half.group == "dh":
            # RFC 5246 section 8.1.2: leading zero bytes are left out, other than in TLS 1.3.
            return shared.lstrip(b"\0"), message(16, vector(2, client.public))
        return shared, message(16, vector(1, client.public))


class Talkative(Connection):
    """Goes on sending application data while it renegotiates (RFC 5246 section 6.2.1 lets the two be interleaved)."""

    def handshake(self, side, *messages):
        super().handshake(side, *messages)
        if self.writers[CLIENT] and self.writers[SERVER] and messages[0][0] != 20:
            for speaker in (CLIENT, SERVER):
                self.send_chunk(speaker, f"between the messages: {len(self.plain[speaker])} bytes were sent\n".encode())

    def send_chunk(self, side, data):
        """RFC 9112 section 7.1; an empty one is the last."""
        self.send(side, f"{len(data):x}\r\n".encode() + data + b"\r\n")

    def renegotiate_amid(self, code):
        """In the middle of a request and its answer, both in chunks."""
        head = b"Content-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n"
        self.send(CLIENT, b"POST /upload HTTP/1.1\r\nHost: www.example.com\r\n" + head)
        self.send(SERVER, b"HTTP/1.1 200 OK\r\n" + head)
        self.renegotiate(code)
        for side in (CLIENT, SERVER):
            self.send_chunk(side, b"")
