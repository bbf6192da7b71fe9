"""A small HTTPS server (Python's ssl module) that keeps what it received and sent on each connection: for clients that do not tell."""
import socket
import ssl
import threading

from .exchange import Exchange


class Recorder:
    """Serves `pages` {path: (media type, body)}, one request per connection unless the client goes on; `with` ends it. Afterwards
    `exchanges` is {client port: Exchange}."""

    def __init__(self, port, key, cert, pages, curve=None, key_log=None):
        self.pages, self.exchanges = pages, {}
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.minimum_version = ssl.TLSVersion.TLSv1_3
        self.context.load_cert_chain(cert, key)
        if curve:
            self.context.set_ecdh_curve(curve)
        if key_log:
            self.context.keylog_filename = str(key_log)
        self.socket = socket.create_server(("127.0.0.1", port))
        self.threads = []

    def __enter__(self):
        self.threads.append(threading.Thread(target=self.accept, daemon=True))
        self.threads[0].start()
        return self

    def __exit__(self, *_):
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()
        for thread in self.threads:
            thread.join(10)

    def accept(self):
        while True:
            try:
                plain, (_, port) = self.socket.accept()
            except OSError:
                return
            thread = threading.Thread(target=self.serve, args=(plain, port), daemon=True)
            self.threads.append(thread)
            thread.start()

    def serve(self, plain, port):
        record = self.exchanges[port] = Exchange(b"", b"", version="TLS 1.3")
        plain.settimeout(20)
        try:
            with self.context.wrap_socket(plain, server_side=True) as secure:
                record.suite = secure.cipher()[0]
                pending = b""
                while piece := secure.recv(16384):
                    record.client += piece
                    pending += piece
                    while b"\r\n\r\n" in pending:
                        request, _, pending = pending.partition(b"\r\n\r\n")
                        answer = self.answer(request)
                        record.server += answer
                        secure.sendall(answer)
        except (OSError, ssl.SSLError):
            pass  # the client has left; what came before counts

    def answer(self, request):
        path = request.split(b" ")[1].decode()
        kind, body = self.pages.get(path, (None, b"There is no such page.\n"))
        status = "200 OK" if kind else "404 Not Found"
        head = f"HTTP/1.1 {status}\r\nContent-Type: {kind or 'text/plain'}\r\nContent-Length: {len(body)}\r\n\r\n"
        return head.encode() + body
