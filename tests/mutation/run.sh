#!/usr/bin/env bash
# Damages the sample captures in many ways - bytes overwritten, cut out and put in: in headers of the file, of packets, of TLS records,
# anywhere - and runs each through the whole of tlspeel, built with ASan and UBSan. Ends with 1 when one crashes, takes too long or too
# much memory, or shows something else with several threads. Such a mutant is written to a file, and the command to run it again is told.
#   --count N     mutants of each case (default 10000)
#   --seed N      other mutants (default 1)
#   --case NAME   only this case of testdata/captures; may be given several times
#   --first N     number of the first mutant (default 0)
#   --jobs N      processes at the same time (default: one for each processor)
#   --preset NAME a configure preset of CMakePresets.json (default: asan)
#   --write       write the first mutant to a file, and run nothing
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cd "$root"
preset=asan
jobs=$(nproc)
count=10000
arguments=()
cases=()
while [[ $# -gt 0 ]]; do
  case $1 in
    --count) count=$2 && shift 2 ;;
    --seed | --first) arguments+=("$1" "$2") && shift 2 ;;
    --case) cases+=("testdata/captures/$2") && shift 2 ;;
    --jobs) jobs=$2 && shift 2 ;;
    --preset) preset=$2 && shift 2 ;;
    --write) arguments+=(--write) && shift ;;
    -h | --help) sed -n '2,11s|^# \{0,1\}||p' "$0" && exit 0 ;;
    *)
      echo "run.sh: unknown option $1; see tests/mutation/run.sh --help" >&2
      exit 2
      ;;
  esac
done
if [[ ${#cases[@]} == 0 ]]; then
  for arguments_file in testdata/captures/*/args; do cases+=("$(dirname "$arguments_file")"); done
fi

tests/setup.sh build test check
cmake --preset "$preset" >&2
cmake --build "build/$preset" --target mutants >&2
# Freed memory is kept from use for a while only, or the bound on memory would measure the sanitizer.
export ASAN_OPTIONS=quarantine_size_mb=8:malloc_context_size=10:max_allocation_size_mb=1024
printf '%s\0' "${cases[@]}" | xargs -0 -n 1 -P "$jobs" "build/$preset/tests/mutation/mutants" --count "$count" \
  --failed "build/$preset/mutants" ${arguments[@]+"${arguments[@]}"} || exit 1
