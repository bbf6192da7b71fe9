#!/usr/bin/env bash
# Sourced by run.sh and loss.sh, which differ in the script that they start:
#   launch PROGRAM WORK ARGUMENT...    builds what is lacking, then starts PROGRAM of this folder, with WORK as its folder;
#   --binary and --help are taken from the arguments. Help is the caller's opening comment.
launch() {
  local program=$1 work=$2 root binary='' python=/usr/bin/python3
  shift 2
  root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
  local arguments=()
  while [[ $# -gt 0 ]]; do
    case $1 in
      --binary) binary=$(realpath "$2") && shift 2 ;;
      -h | --help) sed -n '2,${/^#/!q;s|^# \{0,1\}||p}' "$0" && exit 0 ;;
      *) arguments+=("$1") && shift ;;
    esac
  done
  "$root/tests/setup.sh" build bench
  if [[ -z $binary ]]; then
    binary=$root/build/release/src/cli/tlspeel
    (cd "$root" && cmake --preset release && cmake --build build/release --target tlspeel) >&2
  fi
  [[ -x $python ]] || python=python3
  exec "$python" -B "$root/tests/bench/$program" --binary "$binary" --work "$root/$work" ${arguments[@]+"${arguments[@]}"}
}
