#!/usr/bin/env bash
# Runs clang-tidy over the sources, as many at once as there are processors.
#   tests/checks/tidy.sh BUILD [REGEX]    BUILD holds compile_commands.json of a clang build; REGEX chooses among its files
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
build=${1:?which build?}
pattern=${2-^$root/(src|tests/fuzz)/}
log=$build/tidy.log
if run-clang-tidy -quiet -p "$build" -j "$(nproc)" "$pattern" >"$log" 2>&1; then
  echo "clang-tidy: $(grep -c '^clang-tidy' "$log") sources, nothing to complain about"
else
  grep -vE '^clang-tidy|^[0-9]+ warnings? generated|^$' "$log" >&2
  exit 1
fi
