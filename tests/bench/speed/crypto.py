"""What the cryptography alone costs, as `openssl speed` tells it: to be run among the programs in each round."""
import os
import re
import subprocess
import sys

from timing import Measured

RECORD = 16384  # bytes of plaintext in a full record (RFC 8446 section 5.1)

# Kind of capture -> (name, what `openssl speed` is asked for): every part works on each byte of plaintext.
CIPHERS = {
    "aes128-gcm": ("AES-128-GCM", (("-aead", "-decrypt", "-evp", "aes-128-gcm"),)),
    "aes128-gcm-eight": ("AES-128-GCM", (("-aead", "-decrypt", "-evp", "aes-128-gcm"),)),
    "tls13-aes256-gcm": ("AES-256-GCM", (("-aead", "-decrypt", "-evp", "aes-256-gcm"),)),
    "chacha20": ("ChaCha20-Poly1305", (("-aead", "-decrypt", "-evp", "chacha20-poly1305"),)),
    "aes256-cbc-sha": ("AES-256-CBC + HMAC-SHA1", (("-decrypt", "-evp", "aes-256-cbc"), ("-hmac", "sha1"))),
    "aes128-cbc-sha256": ("AES-128-CBC + HMAC-SHA256", (("-decrypt", "-evp", "aes-128-cbc"), ("-hmac", "sha256"))),
}


class Cipher:
    """The seconds that one core needs for the plaintext of a capture. `openssl speed` counts its own processor time, and not the wall
    clock: on a busy machine this is what a quiet one would show."""
    once = False

    def __init__(self, kind, plaintext):
        algorithm, self.parts = CIPHERS[kind]
        self.name, self.plaintext = f"{algorithm} alone, 1 core", plaintext

    def measure(self):
        return Measured(sum(self.plaintext / bytes_per_second(part) for part in self.parts), None)


class PrivateKey:
    """The seconds that all cores together need for the RSA-2048 private operations of so many handshakes."""
    once = False

    def __init__(self, operations):
        self.operations = operations
        self.name = f"{operations:,} RSA-2048 operations alone, {os.cpu_count()} cores"

    def measure(self):
        return Measured(self.operations / operations_per_second(), None)


def bytes_per_second(arguments):
    told = speed("-seconds", "1", "-bytes", str(RECORD), *arguments)
    return float(figure(r"^\+F:\d+:[^:]+:([0-9.]+)$", told))


def operations_per_second():
    told = speed("-seconds", "2", "-multi", str(os.cpu_count()), "rsa2048")
    value = float(figure(r"^\+F2:\d+:2048:([0-9.]+):", told))
    return 1 / value if value < 1 else value  # seconds each, or operations a second


def speed(*arguments):
    return subprocess.run(["openssl", "speed", "-mr", *arguments], check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                          text=True).stdout


def figure(pattern, told):
    found = re.findall(pattern, told, re.M)
    if not found:
        sys.exit(f"no figure in the output of openssl speed:\n{told}")
    return found[-1]
