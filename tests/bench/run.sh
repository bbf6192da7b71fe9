#!/usr/bin/env bash
# Times tlspeel beside tshark, ssldump, the bare read of tcpdump and the bare cryptography, on captures that it makes for it, and looks
# at its memory. Prints one set of tables; each row is a ratio measured side by side, with the goal where there is one.
#   --megabytes N     size of a download, in MiB (default 500); growth is measured from a thousandth of it up to all of it
#   --connections N   number of short connections (default 30000); likewise; a tenth of it is what tshark and ssldump get
#   --idle N          number of connections that are open at once (default 100000), of which a hundredth is real
#   --stream N        length of the shortest capture through standard input, in MB (default 500); the next one is ten times as long
#   --long            and another one a hundred times as long
#   --runs N          rounds, of which the fastest run counts (default 3); tshark and ssldump, which are slow, run once
#   --threads N       threads of tlspeel (default: its own choice)
#   --no-peers        without tshark and ssldump: a fraction of the time
#   --only TABLE      only this one of bulk, connections, handshake, small, memory, idle, growth; may be given several times
#   --binary FILE     the tlspeel to time (default: build/release/src/cli/tlspeel, built if need be)
#   --work DIR        where the captures are kept and found again (default: build/bench); at the defaults about 6 GB
# Needs root for making the captures: they are recorded on a loopback interface of their own.
set -euo pipefail
# shellcheck source=tests/bench/launch.sh
source "$(dirname "${BASH_SOURCE[0]}")/launch.sh"
launch speed.py build/bench "$@"
