#!/usr/bin/env bash
# Makes the vectors in this folder anew: plain.txt, and what gzip, compress (ncompress), brotli, zstd and Python's zlib make of it.
# The name of a vector without its ending says what it is; its ending says how it is coded.
set -euo pipefail
cd "$(dirname "$0")"

# Words first, then digits that share nothing with them: a table of compress(1) that is full stops paying, and is cleared.
python3 - <<'PYTHON' >plain.txt
import hashlib
words = "the record layer fragments information blocks into plaintext records carrying data in chunks".split()
for line in range(200):
    print(line, " ".join(words[(line * k + k * k) % len(words)] for k in range(7)))
for line in range(180):
    print(hashlib.sha256(str(line).encode()).hexdigest())
PYTHON

gzip -9nc plain.txt >one.gz
{ head -c 9000 plain.txt | gzip -nc; gzip -nc </dev/null; tail -c +9001 plain.txt | gzip -1nc; } >members.gz
python3 - <<'PYTHON'
import zlib
plain = open("plain.txt", "rb").read()
open("wrapped.deflate", "wb").write(zlib.compress(plain, 9))
raw = zlib.compressobj(6, zlib.DEFLATED, -15)
open("raw.deflate", "wb").write(raw.compress(plain) + raw.flush())
stored = zlib.compressobj(0, zlib.DEFLATED, -15)
open("stored.deflate", "wb").write(stored.compress(plain[:100]) + stored.flush())
PYTHON
brotli -c -q 11 plain.txt >best.br
brotli -c -q 1 -w 10 plain.txt >fast.br
zstd -qc -19 --check plain.txt >checked.zst
{ head -c 9000 plain.txt | zstd -qc; tail -c +9001 plain.txt | zstd -qc --no-check; } >frames.zst
for bits in 10 12 16; do compress -c -b "$bits" plain.txt >"bits$bits.Z"; done
gzip -nc plain.txt | brotli -c >stacked.gz.br
head -c 268435456 /dev/zero | brotli -9 -w 24 -c >zeros.bomb.br
