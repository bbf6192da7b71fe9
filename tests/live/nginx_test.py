#!/usr/bin/env python3
"""nginx; curl, wget and openssl s_client as clients."""
import harness
from cases import web

if __name__ == "__main__":
    harness.run({"nginx_rsa": web.CASES["nginx_rsa"]})
