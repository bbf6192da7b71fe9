"""TLS (Python's ssl module) in front of a server that speaks in clear, for programs that tell neither their secrets nor their bytes: it
writes the key log, and keeps what went through."""
import contextlib
import socket
import ssl

from .tls_server import TlsServer


class TlsRelay(TlsServer):
    """Passes on between its clients and 127.0.0.1:target."""

    def __init__(self, port, target, key, cert, key_log, alpn="h2"):
        super().__init__(port, key, cert, key_log)
        self.target = target
        self.context.set_alpn_protocols([alpn])

    def talk(self, record, plain):
        with self.context.wrap_socket(plain, server_side=True) as secure, \
             socket.create_connection(("127.0.0.1", self.target)) as server:
            record.suite = secure.cipher()[0]
            try:
                self.pump(record, secure, server)
            finally:
                self.drain(record, secure)

    @staticmethod
    def pump(record, secure, server):
        """One thread for both ways: an SSL object takes one call at a time."""
        secure.settimeout(0.02)
        server.settimeout(0.02)
        while True:
            for source, target, side in ((secure, server, "client"), (server, secure, "server")):
                try:
                    piece = source.recv(16384)
                except (TimeoutError, ssl.SSLWantReadError):
                    continue
                if not piece:
                    return
                setattr(record, side, getattr(record, side) + piece)
                target.settimeout(20)
                target.sendall(piece)
                target.settimeout(0.02)

    @staticmethod
    def drain(record, secure):
        """Where the server has left: what the client says before it sees that is in the capture, too."""
        secure.settimeout(0.3)
        with contextlib.suppress(OSError):
            while piece := secure.recv(16384):
                record.client += piece
