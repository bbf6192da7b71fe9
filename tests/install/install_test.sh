#!/usr/bin/env bash
# Installs a build to a folder, moves the folder, and builds a program against what is there as somebody else would.
#   install_test.sh CMAKE BUILD CXX
set -euo pipefail
cmake=$1 build=$2 compiler=$3
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$cmake" --install "$build" --prefix "$work/first" >"$work/install.log"
mv "$work/first" "$work/prefix"
prefix=$work/prefix

fail() {
  echo "install: $1" >&2
  exit 1
}

for file in bin/tlspeel share/tlspeel/tlspeel.schema.json share/doc/tlspeel/LICENSE include/tlspeel/event/event.hpp; do
  [[ -f $prefix/$file ]] || fail "$file was not installed"
done
if grep -rlF -e "$root" -e "$work/first" "$prefix/lib" --include='*.cmake'; then
  fail "the CMake package names folders of the machine that built it"
fi

"$prefix/bin/tlspeel" --version
case=$root/testdata/captures/apache_rsa
"$prefix/bin/tlspeel" "$case/capture.pcap" -k "$case/server.key" >"$work/command.txt"

# Every installed header must stand on its own.
while IFS= read -r header; do
  printf '#include "%s"\n#include "%s"\n' "$header" "$header"
  printf 'int main() {}\n'
done < <(cd "$prefix/include" && find tlspeel -name '*.hpp' | sort) >"$work/headers.txt"
mkdir "$work/headers"
(cd "$work/headers" && split -l 3 -d -a 3 --additional-suffix=.cpp ../headers.txt h)
find "$work/headers" -name '*.cpp' -print0 | xargs -0 -n 4 -P "$(nproc)" "$compiler" -std=c++20 -fsyntax-only -Wall -Wextra \
  -Wno-pragma-once-outside-header -I "$prefix/include" || fail "a header does not compile on its own"

"$cmake" -G Ninja -S "$here/consumer" -B "$work/consumer" -DCMAKE_PREFIX_PATH="$prefix" -DCMAKE_CXX_COMPILER="$compiler" \
  -DCMAKE_BUILD_TYPE=Debug >"$work/configure.log" || { cat "$work/configure.log" >&2 && fail "find_package(tlspeel) failed"; }
"$cmake" --build "$work/consumer" -j "$(nproc)" >"$work/build.log" || { cat "$work/build.log" >&2 && fail "the program does not build"; }
"$work/consumer/consumer" "$case/capture.pcap" "$case/server.key" >"$work/consumer.txt" || fail "the program does not run"
grep -q '^127.0.0.1:443: GET /' "$work/consumer.txt" || fail "the program found no request"
cat "$work/consumer.txt"
