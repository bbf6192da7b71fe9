#!/usr/bin/env bash
# Holds every C++ source against .clang-format. tests/checks/format.sh --fix rewrites them.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
if ! command -v clang-format >/dev/null; then
  echo "clang-format is not installed: tests/setup.sh test"
  exit 77
fi
mode=(--dry-run -Werror)
[[ ${1-} == --fix ]] && mode=(-i)
find src include tests -name '*.[ch]pp' -print0 | xargs -0 -n 20 -P "$(nproc)" clang-format "${mode[@]}"
echo "every source is formatted as .clang-format says"
