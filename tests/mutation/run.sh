#!/usr/bin/env bash
# Damages the sample captures in many ways - bytes overwritten, cut out and put in: in headers of the file, of packets, of TLS records,
# anywhere - and runs each through the whole of tlspeel, built with ASan and UBSan. Ends with 1 when one crashes, takes too long or too
# much memory, or shows something else with several threads. Such a mutant is written to a folder, and two commands are told: the one
# that runs it again here, and the one that shows it with tlspeel. Most mutants are of a few connections of a case's captures, and of up
# to three of its files; one in 32 is of all. A mutant is a function of seed, case and number: a run may be made in parts, by --case and
# --first, and a case's line comes when it is done.
#   --count N     mutants of each case (default 10000)
#   --seed N      other mutants (default 1)
#   --case NAME   only this case of testdata/captures; may be given several times
#   --from NAME   this case and those behind it in the alphabet: goes on with a run that was ended
#   --first N     number of the first mutant (default 0)
#   --jobs N      processes at the same time (default: one for each processor)
#   --preset NAME a configure preset of CMakePresets.json (default: mutants)
#   --write       write the first mutant to a folder, and run nothing
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cd "$root"
preset=mutants
jobs=$(nproc)
count=10000
from=
arguments=()
cases=()
while [[ $# -gt 0 ]]; do
  case $1 in
    --count) count=$2 && shift 2 ;;
    --seed | --first) arguments+=("$1" "$2") && shift 2 ;;
    --case) cases+=("testdata/captures/$2") && shift 2 ;;
    --from) from=$2 && shift 2 ;;
    --jobs) jobs=$2 && shift 2 ;;
    --preset) preset=$2 && shift 2 ;;
    --write) arguments+=(--write) && shift ;;
    -h | --help) sed -n '2,17s|^# \{0,1\}||p' "$0" && exit 0 ;;
    *)
      echo "run.sh: unknown option $1; see tests/mutation/run.sh --help" >&2
      exit 2
      ;;
  esac
done
if [[ ${#cases[@]} == 0 ]]; then
  for arguments_file in testdata/captures/*/args; do
    folder=$(dirname "$arguments_file")
    [[ $folder < testdata/captures/$from ]] || cases+=("$folder")
  done
fi

tests/setup.sh build test check
cmake --preset "$preset" >&2
cmake --build "build/$preset" --target mutants >&2
# Freed memory is kept from use for a while only, or the bound on memory would measure the sanitizer.
# Three callers of each allocation are kept, as that is quick; the mutant run again with another ASAN_OPTIONS tells more.
export ASAN_OPTIONS=${ASAN_OPTIONS:-quarantine_size_mb=8:malloc_context_size=3:max_allocation_size_mb=1024}
printf '%s\0' "${cases[@]}" | xargs -0 -n 1 -P "$jobs" "build/$preset/tests/mutation/mutants" --count "$count" \
  --failed "build/$preset/mutants" ${arguments[@]+"${arguments[@]}"} || exit 1
