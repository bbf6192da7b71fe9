#!/usr/bin/env python3
"""Apache httpd, set up as README.md tells; curl as client."""
import harness
from cases import web

NAMES = ["apache_rsa", "client_cert", "renegotiation", "plain_mixed"]

if __name__ == "__main__":
    harness.run({name: web.CASES[name] for name in NAMES})
