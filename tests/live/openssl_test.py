#!/usr/bin/env python3
"""openssl s_server and s_client: every suite and version that the installed OpenSSL negotiates, key sizes, resumption, and
what cannot be opened."""
import harness
from cases import closed, matrix, web

NAMES = ["openssl_matrix", "openssl_echo", "rsa_key_sizes", "ipv6_odd_port", "resumed_inside", "resumed_ticket", "resumed_outside",
         "ecdhe", "tls13", "no_key", "wrong_key", "late_start", "one_direction"]

if __name__ == "__main__":
    every = {**web.CASES, **matrix.CASES, **closed.CASES}
    harness.run({name: every[name] for name in NAMES})
