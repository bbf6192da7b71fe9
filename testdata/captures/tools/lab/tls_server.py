"""A TLS server (Python's ssl module) on 127.0.0.1 with a thread for each connection; what each does is its subclass's."""
import socket
import ssl
import threading

from .exchange import Exchange


class TlsServer:
    """`with` ends it. Afterwards `exchanges` is {client port: Exchange}."""

    def __init__(self, port, key, cert, key_log=None):
        self.exchanges = {}
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(cert, key)
        if key_log:
            self.context.keylog_filename = str(key_log)
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
            self.talk(record, plain)
        except (OSError, ssl.SSLError):
            pass  # one of them has left; what came before counts

    def talk(self, record, plain):
        """All of one connection, from its handshake on: what the client and the server say goes into `record`."""
        raise NotImplementedError
