#!/usr/bin/env bash
# Holds every shell script against shellcheck.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
if ! command -v shellcheck >/dev/null; then
  echo "shellcheck is not installed: tests/setup.sh test"
  exit 77
fi
mapfile -t scripts < <(find .ci src tests testdata -type f -size -64k -exec sh -c \
  'for f; do head -c 64 "$f" | head -n 1 | grep -aqE "^#!.*\b(ba)?sh\b" && echo "$f"; done' sh {} +)
shellcheck "${scripts[@]}"
echo "${#scripts[@]} scripts, nothing to complain about"
