#!/usr/bin/env python3
"""Key logs of curl, wget, s_client and gnutls-cli, pre-shared keys, ticket keys of nginx and Apache httpd, private keys in every kind of
file, secrets in the capture itself, and secrets that do not fit: all made anew with the programs of this machine."""
import harness
from cases import closed12, keys12, options12, psk12, renegotiation12, resumption, secrets12, secrets_inside

NAMES = ["keylog_openssl", "keylog_gnutls", "keylog_curl_wget", "psk", "psk_keylog", "psk_not_enough", "srp_keylog", "keys_formats",
         "nss", "renegotiation_keylog", "renegotiation_rsa", "keylog_options", "heartbeat", "keylog_other_day", "keylog_gap",
         "keylog_resumed", "keylog_late_start", "ticket_key_other", "ticket_key_nginx", "ticket_key_apache", "resumed_nginx",
         "secrets_at_start", "secrets_in_two_blocks", "secrets_between", "secrets_big_endian"]

if __name__ == "__main__":
    modules = (closed12, keys12, options12, psk12, renegotiation12, resumption, secrets12, secrets_inside)
    every = {name: function for module in modules for name, function in module.CASES.items()}
    harness.run({name: every[name] for name in NAMES})
