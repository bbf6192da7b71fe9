#!/usr/bin/env bash
# Leaves packets out of real captures, shuffles and doubles them, and tells how much of the application data tlspeel, tshark and
# ssldump still open; ends with 1 when tlspeel shows one wrong byte, or opens too little (tests/bench/loss.py says what is expected).
#   --binary FILE     the tlspeel to try (default: build/release/src/cli/tlspeel, built if need be)
#   --work DIR        where the captures are kept and found again (default: build/bench/loss)
#   --family NAME     only this one of tests/bench/loss/families.py; may be given several times
#   --framing NAME    only `wire` (packets of 1500 bytes) or `loopback` (of up to 64 kB)
#   --variant WORDS   only what is done to the packets under a name that begins so, such as '1 % lost' or shuffled; several times, too
#   --seed N          another choice of the packets (default 1)
#   --only-tlspeel    without tshark and ssldump: a tenth of the time
#   --limit SECONDS   how long tshark and ssldump may take for one capture (default 120)
#   --markdown FILE   the percentages once more, as a table
# Needs root for making the captures: they are recorded on a loopback interface of their own.
set -euo pipefail
# shellcheck source=tests/bench/launch.sh
source "$(dirname "${BASH_SOURCE[0]}")/launch.sh"
launch loss.py build/bench/loss "$@"
