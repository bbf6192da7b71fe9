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
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
binary=
arguments=()
while [[ $# -gt 0 ]]; do
  case $1 in
    --binary) binary=$(realpath "$2") && shift 2 ;;
    -h | --help) sed -n '2,9s|^# \{0,1\}||p' "$0" && exit 0 ;;
    *) arguments+=("$1") && shift ;;
  esac
done

"$root/tests/setup.sh" build bench
if [[ -z $binary ]]; then
  binary=$root/build/release/src/cli/tlspeel
  (cd "$root" && cmake --preset release && cmake --build build/release --target tlspeel) >&2
fi
python=/usr/bin/python3
[[ -x $python ]] || python=python3
exec "$python" -B "$root/tests/bench/compare.py" --binary "$binary" --work "$root/build/bench" ${arguments[@]+"${arguments[@]}"}
