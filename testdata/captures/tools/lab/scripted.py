"""Both ends of a connection whose last words in clear and first of TLS are one segment: written here by the protocol's document, with
real TLS (Python's ssl module) behind them."""
import socket
import ssl
import threading

from .exchange import Exchange, suite_name


class Wire:
    """A socket with TLS on top that leaves it to the caller what goes into one segment with what."""

    def __init__(self, plain, context, server_side):
        self.plain, self.incoming, self.outgoing = plain, ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls = context.wrap_bio(self.incoming, self.outgoing, server_side=server_side,
                                    server_hostname=None if server_side else "www.example.com")
        plain.settimeout(10)
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def say(self, data):
        self.plain.sendall(data)

    def hear(self, size):
        heard = b""
        while len(heard) < size:
            piece = self.plain.recv(size - len(heard))
            if not piece:
                raise RuntimeError("the other end has left")
            heard += piece
        return heard

    def run(self, step, before=b""):
        """One step of TLS, with `before` in the segment of what it sends first."""
        while True:
            try:
                result = step()
            except ssl.SSLWantReadError:
                result = None
            if out := before + self.outgoing.read():
                self.plain.sendall(out)
                before = b""
            if result is not None:
                return result
            piece = self.plain.recv(16384)
            self.incoming.write(piece) if piece else self.incoming.write_eof()

    def handshake(self, before=b""):
        self.run(lambda: self.tls.do_handshake() or True, before)

    def send(self, data):
        self.run(lambda: self.tls.write(data))

    def receive(self):
        return self.run(lambda: self.tls.read(16384))


def talk(port, identity, key_log, steps, line):
    """steps: (what the client says, what the server answers) in clear; each side says its last and begins TLS at once. In TLS `line`
    comes back in capitals."""
    server_context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server_context.load_cert_chain(identity[1], identity[0])
    client_context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    client_context.check_hostname, client_context.verify_mode = False, ssl.CERT_NONE
    client_context.keylog_filename = str(key_log)
    *before, (last_question, last_answer) = steps

    def serve(listener):
        plain, _ = listener.accept()
        with plain:
            wire = Wire(plain, server_context, True)
            for question, answer in before:
                wire.hear(len(question))
                wire.say(answer)
            wire.hear(len(last_question))
            wire.handshake(last_answer)
            wire.send(wire.receive().upper())
            plain.shutdown(socket.SHUT_WR)
            plain.recv(100)

    with socket.create_server(("127.0.0.1", port)) as listener:
        server = threading.Thread(target=serve, args=(listener,), daemon=True)
        server.start()
        with socket.create_connection(("127.0.0.1", port)) as plain:
            wire = Wire(plain, client_context, False)
            for question, answer in before:
                wire.say(question)
                wire.hear(len(answer))
            # The answer is not waited for, and is no TLS: it is read before TLS is.
            first(wire, last_question, last_answer)
            wire.send(line)
            if (heard := wire.receive()) != line.upper():
                raise RuntimeError(f"{heard} came back")
            suite = suite_name(wire.tls.cipher()[0])
        server.join(10)
    return Exchange(line, line.upper(), version="TLS 1.3", suite=suite, programs="Python ssl, by script")


def first(wire, question, answer):
    try:
        wire.tls.do_handshake()
    except ssl.SSLWantReadError:
        wire.say(question + wire.outgoing.read())
    wire.hear(len(answer))
    wire.handshake()
