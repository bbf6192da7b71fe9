#!/usr/bin/env python3
"""A server and a client of WebSocket (python3-websockets), in clear: TLS is lab/relay.py's.

  web_sockets.py serve PORT OFFER        answers text in upper case, binary in reverse, "fragments" in fragments, "leave" with a close
  web_sockets.py visit URL OFFER LEAVES  says all kinds of messages and checks the answers; LEAVES: client or server

OFFER: takeover (permessage-deflate), alone (the same without context takeover), small (windows of 2^9 bytes), none.
"""
import asyncio
import http
import ssl
import sys

import websockets
from websockets.extensions.permessage_deflate import ClientPerMessageDeflateFactory, ServerPerMessageDeflateFactory

from content import noise, text

SERVER = {"takeover": {}, "none": {"compression": None},
          "alone": {"compression": None, "extensions": [ServerPerMessageDeflateFactory(True, True)]},
          "small": {"compression": None, "extensions": [ServerPerMessageDeflateFactory(server_max_window_bits=9, client_max_window_bits=9)]}}
CLIENT = {"takeover": {}, "none": {"compression": None},
          "alone": {"compression": None, "extensions": [ClientPerMessageDeflateFactory(True, True)]},
          "small": {"compression": None, "extensions": [ClientPerMessageDeflateFactory(server_max_window_bits=9, client_max_window_bits=9)]}}
PIECES = ["The first piece, ", "the second one, ", "", "and the last: \u2603."]


# For a browser: the messages of the chat, and their answers. The picture comes late, and the page is not there before it.
BROWSED = """<!DOCTYPE html>
<title>WebSocket</title><p id="heard"></p><img src="/late" alt="late">
<script>
const socket = new WebSocket(`wss://${location.host}/chat`);
const texts = ["hello", "the same over and over", "the same over and over again", "fragments"];
let answers = 0;
socket.binaryType = "arraybuffer";
socket.onopen = () => { for (const text of texts) socket.send(text); socket.send(new Uint8Array([0, 1, 2, 255])); };
socket.onmessage = (message) => {
  const binary = message.data instanceof ArrayBuffer;
  document.getElementById("heard").append(binary ? new Uint8Array(message.data).join(",") : message.data, "; ");
  if (++answers === texts.length + 1) socket.close(1000, "that is all");
};
</script>
"""


async def page(path, _headers):
    """Anything but the chat is HTTP."""
    if path == "/chat":
        return None
    if path == "/late":
        await asyncio.sleep(2)
        return http.HTTPStatus.NOT_FOUND, [], b""
    return http.HTTPStatus.OK, [("Content-Type", "text/html; charset=utf-8")], BROWSED.encode()


async def pieces():
    for piece in PIECES:
        yield piece
        await asyncio.sleep(0.01)


async def answer(socket):
    await socket.ping(b"are you there")
    async for message in socket:
        if message == "leave":
            await socket.close(1001, "the server leaves")
        elif message == "fragments":
            await socket.send(pieces())
        else:
            await socket.send(message.upper() if isinstance(message, str) else message[::-1])


async def serve(port, offer):
    async with websockets.serve(answer, "127.0.0.1", port, ping_interval=None, process_request=page, **SERVER[offer]):
        await asyncio.Future()


async def must_answer(socket, message, expected):
    await socket.send(message)
    answered = await socket.recv()
    if answered != expected:
        raise RuntimeError(f"{answered!r:.80} instead of {expected!r:.80}")


async def visit(url, offer, leaves):
    trust_all = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    trust_all.check_hostname, trust_all.verify_mode = False, ssl.CERT_NONE
    async with websockets.connect(url, ssl=trust_all, ping_interval=None, **CLIENT[offer]) as socket:
        for number in range(3):
            line = f'{{"event": "tick", "number": {number}, "text": "the same over and over"}}'
            await must_answer(socket, line, line.upper())
        page = text(9000).decode()
        await must_answer(socket, page, page.upper())
        await must_answer(socket, noise(3000, 5), noise(3000, 5)[::-1])
        if offer == "none":  # its length has 64 bits
            await must_answer(socket, noise(70_000, 6), noise(70_000, 6)[::-1])
        await must_answer(socket, "", "")
        await must_answer(socket, pieces(), "".join(PIECES).upper())
        await must_answer(socket, "fragments", "".join(PIECES))
        await (await socket.ping(b"ping of the client"))
        await must_answer(socket, "caf\u00e9 \u2603", "CAF\u00c9 \u2603")
        if leaves == "server":
            await socket.send("leave")
            await socket.wait_closed()
        else:
            await socket.close(1000, "that is all")


def main(kind, where, *rest):
    asyncio.run({"serve": serve, "visit": visit}[kind](where, *rest))


if __name__ == "__main__":
    main(*sys.argv[1:])
