#!/usr/bin/env python3
"""gnutls-serv and gnutls-cli: every suite and version that the installed GnuTLS negotiates; and each family's client with
another's server."""
import harness
from cases import matrix, web

NAMES = ["gnutls_matrix", "gnutls_records"]

if __name__ == "__main__":
    harness.run({**{name: matrix.CASES[name] for name in NAMES}, "cross": web.CASES["cross"]})
