"""What the servers of the captures serve: small text, and some larger text and binary, always the same."""
import random
import struct
import zlib

LOREM = ("The quick brown fox jumps over the lazy dog. Sphinx of black quartz, judge my vow. "
         "Pack my box with five dozen liquor jugs. How vexingly quick daft zebras jump. ")

INDEX = """<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>It works</title><link rel="stylesheet" href="/style.css"></head>
<body><h1>It works</h1><p>This page went through TLS and back to text.</p><img src="/logo.png" alt="logo"></body>
</html>
"""


def text(size):
    """Numbered lines, so that a lost or doubled piece is seen."""
    lines, length, number = [], 0, 1
    while length < size:
        lines.append(f"{number:05d} {LOREM[number % 40:]}\n")
        length += len(lines[-1])
        number += 1
    return "".join(lines)[:size - 1].encode() + b"\n"


def noise(size, seed=1):
    return random.Random(seed).randbytes(size)


def png(width, height, seed=7):
    """A picture of noise: valid PNG that does not compress."""
    def chunk(kind, data):
        return struct.pack("!I", len(data)) + kind + data + struct.pack("!I", zlib.crc32(kind + data))
    rows = b"".join(b"\0" + noise(width * 3, seed + row) for row in range(height))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack("!IIBBBBB", width, height, 8, 2, 0, 0, 0)) +
            chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def site(documents):
    (documents / "index.html").write_text(INDEX)
    (documents / "style.css").write_text("body { font-family: sans-serif }\n" * 8)
    (documents / "hello.txt").write_text("Hello, world!\n")
    (documents / "page.txt").write_bytes(text(24000))
    (documents / "logo.png").write_bytes(png(60, 40))
    (documents / "data.json").write_text('{"name": "tlspeel", "numbers": [' + ", ".join(map(str, range(200))) + "]}\n")
