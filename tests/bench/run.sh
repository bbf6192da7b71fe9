#!/usr/bin/env bash
# Times tlspeel beside tshark, ssldump, the bare read of tcpdump and the bare RSA operations, on captures made for it.
#   --megabytes N     size of the download (default 500)
#   --connections N   number of short connections (default 3000)
#   --runs N          runs of each program, of which the fastest counts (default 3)
#   --threads N       threads of tlspeel (default: its own choice)
#   --binary FILE     the tlspeel to time (default: build/release/src/cli/tlspeel, built if need be)
#   --work DIR        where the captures are kept and found again (default: build/bench)
# Needs root for making the captures: they are recorded on a loopback interface of their own.
set -euo pipefail
# shellcheck source=tests/bench/launch.sh
source "$(dirname "${BASH_SOURCE[0]}")/launch.sh"
launch compare.py build/bench "$@"
