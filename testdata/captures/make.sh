#!/bin/sh
# Makes the captures of this folder anew, from real programs on a loopback interface of their own.
#   make.sh            every case
#   make.sh CASE...    only these
#   make.sh --list     the names
# Needs root (network namespaces, tcpdump) and: apache2-bin nginx-light openssl gnutls-bin libnss3-tools curl wget tcpdump tshark
# iproute2 nftables python3; for some cases more (tests/setup.sh captures installs all). Nothing is started as a service; servers are stopped by their process id.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
exec /usr/bin/env python3 -B "$here/tools/make.py" "$@"
