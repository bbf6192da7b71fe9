#!/usr/bin/env python3
"""TLS 1.3 by key log, pre-shared key and ticket key: OpenSSL, GnuTLS, curl, wget, Apache httpd and nginx; what stays closed."""
import harness
from cases import tls13, tls13_programs, tls13_records, tls13_secrets

NAMES = ["tls13_openssl", "tls13_retry", "tls13_early", "tls13_resumed", "tls13_key_update", "tls13_client_cert", "tls13_padding",
         "tls13_gnutls", "tls13_web", "tls13_server_log", "tls13_external_psk", "tls13_ticket_key", "tls13_first_logged",
         "tls13_private_key", "tls13_other_log", "tls13_late_start"]

if __name__ == "__main__":
    every = {**tls13.CASES, **tls13_records.CASES, **tls13_programs.CASES, **tls13_secrets.CASES}
    harness.run({name: every[name] for name in NAMES})
