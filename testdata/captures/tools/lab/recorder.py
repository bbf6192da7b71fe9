"""A small HTTPS server (Python's ssl module) that keeps what it received and sent on each connection: for clients that do not tell."""
import ssl

from .tls_server import TlsServer


class Recorder(TlsServer):
    """Serves `pages` {path: (media type, body)}, one request per connection unless the client goes on."""

    def __init__(self, port, key, cert, pages, curve=None, key_log=None):
        super().__init__(port, key, cert, key_log)
        self.pages = pages
        self.context.minimum_version = ssl.TLSVersion.TLSv1_3
        if curve:
            self.context.set_ecdh_curve(curve)

    def talk(self, record, plain):
        plain.settimeout(20)
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

    def answer(self, request):
        path = request.split(b" ")[1].decode()
        kind, body = self.pages.get(path, (None, b"There is no such page.\n"))
        status = "200 OK" if kind else "404 Not Found"
        head = f"HTTP/1.1 {status}\r\nContent-Type: {kind or 'text/plain'}\r\nContent-Length: {len(body)}\r\n\r\n"
        return head.encode() + body
