#!/usr/bin/env bash
# Writes the expectations of cases of testdata/captures anew; look at the difference before it is committed.
#   tests/golden/update.sh [--binary TLSPEEL] CASE...      CASE is a name in testdata/captures; --all: every case
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
binary=$root/build/release/src/cli/tlspeel
if [[ ${1-} == --binary ]]; then binary=$(realpath "$2") && shift 2; fi
captures=$root/testdata/captures
cases=()
for name in "$@"; do
  if [[ $name == --all ]]; then
    for arguments in "$captures"/*/args; do cases+=("${arguments%/args}"); done
  else
    [[ -f $captures/$name/args ]] || { echo "update.sh: $name is no case of testdata/captures" >&2 && exit 2; }
    cases+=("$captures/$name")
  fi
done
[[ ${#cases[@]} -gt 0 ]] || { echo "update.sh: which cases?" >&2 && exit 2; }
python=/usr/bin/python3
[[ -x $python ]] || python=python3
exec "$python" -B "$root/tests/golden/golden.py" update "$binary" "${cases[@]}"
