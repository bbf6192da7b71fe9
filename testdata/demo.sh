#!/usr/bin/env bash
# Installs what is missing, builds tlspeel into build/release, and opens a sample capture with its server's RSA key.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"

if [[ -t 1 && -z ${NO_COLOR-} ]]; then bold=$'\e[1m' plain=$'\e[0m' color=always; else bold='' plain='' color=never; fi
say() { printf '\n%s%s%s\n\n' "$bold" "$1" "$plain"; }

tests/setup.sh build
if command -v ccache >/dev/null; then
  export CMAKE_CXX_COMPILER_LAUNCHER=${CMAKE_CXX_COMPILER_LAUNCHER-ccache}
fi
build=build/release
mkdir -p "$build"
echo "building into $build (the first time takes a few minutes)"
if ! { cmake --preset release -DTLSPEEL_TESTS=OFF && cmake --build "$build" --target tlspeel; } >"$build/demo.log" 2>&1; then
  tail -n 40 "$build/demo.log" >&2
  echo "demo.sh: the build failed; all of its output is in $build/demo.log" >&2
  exit 1
fi

tlspeel=$root/$build/src/cli/tlspeel
cd testdata/captures/apache_rsa
say "1. The whole capture: how TLS was agreed, and the HTTP inside:  tlspeel capture.pcap -k server.key --max-body 300"
"$tlspeel" capture.pcap -k server.key --max-body 300
say "2. The first connection again, told step by step:  tlspeel capture.pcap -k server.key --explain --show handshake"
"$tlspeel" capture.pcap -k server.key --explain --show handshake --color "$color" | awk '/^(\033\[[0-9;]*m)?#/ && seen++ { exit } { print }'
say "Go on from here:"
cat <<END
  cd testdata/captures/apache_rsa
  PATH=$root/$build/src/cli:\$PATH
  tlspeel capture.pcap -k server.key -v                      every field of every message
  tlspeel capture.pcap -k server.key --explain --show-secrets
  tlspeel capture.pcap -k server.key --format json           one object a line
  tlspeel capture.pcap                                       without the key: what it tells then
  tlspeel --help

README.md shows how to make such a capture with your own web server.
END
