#!/usr/bin/env python3
"""A server and a client of gRPC (python3-grpcio), the server in clear: TLS is lab/relay.py's. Messages are bytes, no schema is needed.

  grpc_peers.py serve PORT             the service `peers.Echo`
  grpc_peers.py visit PORT CERT PLAN   makes the calls of PLAN (plain or gzip) over one connection, checks the answers, and prints each call as
                                       the client saw it: a line of JSON with path, status, message and the lengths of what was sent and received
"""
import concurrent.futures
import json
import pathlib
import sys
import time

import grpc

from content import noise, text

SERVICE = "peers.Echo"
REFUSAL = "no such thing: caf\u00e9, 100%"


# ---- the server: each method is named by what it does -------------------------------------------------------------------------------

def upper(request, context):
    if dict(context.invocation_metadata()).get("answer-with") == "gzip":
        context.set_compression(grpc.Compression.Gzip)
    context.set_trailing_metadata((("counted", str(len(request))), ("digest-bin", bytes((0, 255, 7)))))
    return request.upper()


def refuse(_request, context):
    context.abort(grpc.StatusCode.NOT_FOUND, REFUSAL)


def repeat(request, context):
    """As often as the first byte says; then an error, where the second one is not zero."""
    for number in range(request[0]):
        yield request[2:] * (number + 1)
    if request[1]:
        context.abort(grpc.StatusCode.RESOURCE_EXHAUSTED, "enough of it")


def total(requests, _context):
    return str(sum(map(len, requests))).encode()


def chat(requests, _context):
    for request in requests:
        yield request[::-1]


def sleep(_request, context):
    while context.is_active():
        time.sleep(0.01)
    return b"too late"


def endless(request, context):
    yield request
    yield request
    while context.is_active():
        time.sleep(0.01)


def serve(port):
    unary, streaming = grpc.unary_unary_rpc_method_handler, grpc.unary_stream_rpc_method_handler
    handlers = {"Upper": unary(upper), "Refuse": unary(refuse), "Sleep": unary(sleep), "Repeat": streaming(repeat), "Endless": streaming(endless),
                "Total": grpc.stream_unary_rpc_method_handler(total), "Chat": grpc.stream_stream_rpc_method_handler(chat)}
    server = grpc.server(concurrent.futures.ThreadPoolExecutor(4), options=[("grpc.so_reuseport", 0)])
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(SERVICE, handlers),))
    if server.add_insecure_port(f"127.0.0.1:{port}") != int(port):
        sys.exit(f"port {port} is taken")
    server.start()
    server.wait_for_termination()


# ---- the client ---------------------------------------------------------------------------------------------------------------------

class Client:
    def __init__(self, channel):
        self.channel = channel

    def call(self, method, sent, received=None, status="OK", message="", leave_after=None, **options):
        """One call, and what has to come of it. sent, received: lists of messages; leave_after: so many of them, and
        the client cancels."""
        answers, call = [], None
        path = f"/{SERVICE}/{method}"
        try:
            if method in ("Upper", "Refuse", "Sleep", "Nothing"):
                answer, call = self.channel.unary_unary(path).with_call(sent[0], **options)
                answers.append(answer)
            elif method == "Total":
                answer, call = self.channel.stream_unary(path).with_call(iter(sent), **options)
                answers.append(answer)
            else:
                call = self.channel.unary_stream(path)(sent[0], **options) if method in ("Repeat", "Endless") else \
                    self.channel.stream_stream(path)(iter(sent), **options)
                self.read(call, answers, leave_after)
        except grpc.RpcError as error:
            call = error
        got = call.code().name, call.details() or ""
        if got != (status, message) or answers != (received or []):
            raise RuntimeError(f"{path}: {got}, {[answer[:20] for answer in answers]}")
        print(json.dumps({"path": path, "status": call.code().value[0], "message": got[1], "sent": [len(each) for each in sent],
                          "received": [len(each) for each in answers]}), flush=True)

    @staticmethod
    def read(call, answers, leave_after):
        for answer in call:
            answers.append(answer)
            if len(answers) == leave_after:
                call.cancel()


def plain(client):
    large = noise(20_000, 8)
    client.call("Upper", [b"hello"], [b"HELLO"], metadata=(("asked-by", "the lab"), ("token-bin", bytes(range(8)))))
    client.call("Upper", [b""], [b""])
    client.call("Upper", [large], [large.upper()])
    client.call("Refuse", [b"thing"], status="NOT_FOUND", message=REFUSAL)
    client.call("Nothing", [b"at all"], status="UNIMPLEMENTED", message="Method not found!")
    client.call("Repeat", [b"\3\0again"], [b"again", b"againagain", b"againagainagain"])
    client.call("Repeat", [b"\2\1more"], [b"more", b"moremore"], status="RESOURCE_EXHAUSTED", message="enough of it")
    client.call("Repeat", [b"\0\0nothing"], [])
    client.call("Total", [b"one", b"", b"three", large], [b"20008"])
    client.call("Chat", [b"first", b"second", b""], [b"tsrif", b"dnoces", b""])
    client.call("Chat", [b"tick"] * 300, [b"kcit"] * 300)
    client.call("Sleep", [b"for ever"], status="DEADLINE_EXCEEDED", message="Deadline Exceeded", timeout=0.3)
    client.call("Endless", [b"and on"], [b"and on"] * 2, status="CANCELLED", message="Locally cancelled by application!", leave_after=2)


def gzip(client):
    """What would not become smaller is sent as it is."""
    page = text(3000)
    client.call("Upper", [page], [page.upper()], metadata=(("answer-with", "gzip"),))
    client.call("Chat", [page, b"short", page[:900]], [page[::-1], b"trohs", page[899::-1]])
    client.call("Upper", [page], [page.upper()], compression=grpc.Compression.Deflate)


def visit(port, certificate, plan):
    credentials = grpc.ssl_channel_credentials(pathlib.Path(certificate).read_bytes())
    options = [("grpc.ssl_target_name_override", "www.example.com"), ("grpc.enable_retries", 0)]
    compression = grpc.Compression.Gzip if plan == "gzip" else grpc.Compression.NoCompression
    with grpc.secure_channel(f"127.0.0.1:{port}", credentials, options, compression) as channel:
        {"plain": plain, "gzip": gzip}[plan](Client(channel))


if __name__ == "__main__":
    {"serve": serve, "visit": visit}[sys.argv[1]](*sys.argv[2:])
