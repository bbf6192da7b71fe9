#!/usr/bin/env python3
"""The recorded cases of testdata/captures: tshark opens what exchanged.tsv calls opened, byte for byte, and tlspeel shows the suites,
requests and answers that tshark shows. Needs no permission to capture."""
import subprocess
import sys

import harness

# One pair of addresses for several connections - in tls_in_tls they are inside each other -: the comparison goes by addresses.
LEFT_OUT = {"tcp_port_reuse", "tls_in_tls"}


def main():
    binary = harness.tlspeel()
    witness = subprocess.run([sys.executable, "-B", str(harness.CAPTURES / "tools" / "check_with_tshark.py")], check=False)
    faults = ["tshark does not agree with what was exchanged"] if witness.returncode else []
    for folder in sorted(path.parent for path in harness.CAPTURES.glob("*/exchanged.tsv")):
        if folder.name not in LEFT_OUT:
            faults += harness.check(binary, folder, with_exit_code=False)
    for fault in faults:
        print(f"  {fault}")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
