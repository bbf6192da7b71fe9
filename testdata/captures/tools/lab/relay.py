"""TLS (Python's ssl module) in front of a server that speaks in clear, for programs that tell neither their secrets nor their bytes: it
writes the key log, and keeps what went through."""
import socket
import ssl
import threading

from .exchange import Exchange


class TlsRelay:
    """Passes on between its clients and 127.0.0.1:target; `with` ends it. Afterwards `exchanges` is {client port: Exchange}."""

    def __init__(self, port, target, key, cert, key_log, alpn="h2"):
        self.target, self.exchanges = target, {}
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(cert, key)
        self.context.keylog_filename = str(key_log)
        self.context.set_alpn_protocols([alpn])
        self.socket = socket.create_server(("127.0.0.1", port))
        self.threads = []

    def __enter__(self):
        self.start(self.accept)
        return self

    def __exit__(self, *_):
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()
        for thread in self.threads:
            thread.join(10)

    def start(self, function, *arguments):
        self.threads.append(threading.Thread(target=function, args=arguments, daemon=True))
        self.threads[-1].start()

    def accept(self):
        while True:
            try:
                plain, (_, port) = self.socket.accept()
            except OSError:
                return
            self.start(self.serve, plain, port)

    def serve(self, plain, port):
        record = self.exchanges[port] = Exchange(b"", b"", version="TLS 1.3")
        try:
            with self.context.wrap_socket(plain, server_side=True) as secure, \
                 socket.create_connection(("127.0.0.1", self.target)) as server:
                record.suite = secure.cipher()[0]
                self.pump(record, secure, server)
        except (OSError, ssl.SSLError):
            pass  # one of them has left; what came before counts

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
