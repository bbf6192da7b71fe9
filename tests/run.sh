#!/usr/bin/env bash
# Installs what is missing, builds, and runs the tests. Ends with one line: N passed, N failed[, N skipped]
#   --preset NAME    a configure preset of CMakePresets.json (default: release); builds into build/NAME
#   --label REGEX    only tests with such a label: unit, golden, trouble, live, fuzz-corpus, mutation, bench, install,
#                    checks
#   --without REGEX  no tests with such a label
#   --tests REGEX    only tests with such a name
#   --target NAME    build only this target; may be repeated
#   --quick          unit, golden and trouble tests only
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"

preset=release
selection=()
targets=()
while [[ $# -gt 0 ]]; do
  case $1 in
    --preset) preset=$2 && shift 2 ;;
    --label) selection+=(-L "$2") && shift 2 ;;
    --without) selection+=(-LE "$2") && shift 2 ;;
    --tests) selection+=(-R "$2") && shift 2 ;;
    --target) targets+=(--target "$2") && shift 2 ;;
    --quick) selection+=(-L '^(unit|golden|trouble)$') && shift ;;
    -h | --help) sed -n '2,10s|^# \{0,1\}||p' "$0" && exit 0 ;;
    *)
      echo "run.sh: unknown option $1; see tests/run.sh --help" >&2
      exit 2
      ;;
  esac
done

# Whatever goes wrong before a test could run is one failure, and said so in the closing line.
give_up() {
  echo "run.sh: $1" >&2
  echo "0 passed, 1 failed"
  exit 1
}

groups=(build test)
case $preset in asan | fuzz) groups+=(check) ;; esac
tests/setup.sh "${groups[@]}" || give_up "what is needed could not be installed"

# ThreadSanitizer needs its shadow memory where newer kernels may put the program.
wrapper=()
if [[ $preset == tsan ]] && setarch -R true 2>/dev/null; then wrapper=(setarch -R); fi
if command -v ccache >/dev/null; then
  export CMAKE_CXX_COMPILER_LAUNCHER=${CMAKE_CXX_COMPILER_LAUNCHER-ccache}
fi
export ASAN_OPTIONS=${ASAN_OPTIONS-detect_stack_use_after_return=1:strict_string_checks=1:check_initialization_order=1}
export UBSAN_OPTIONS=${UBSAN_OPTIONS-print_stacktrace=1}
export TSAN_OPTIONS=${TSAN_OPTIONS-halt_on_error=1}

build=build/$preset
mkdir -p "$build"
configure_log=$build/configure.log
cmake --preset "$preset" -DTLSPEEL_TESTS=ON >"$configure_log" 2>&1 || { cat "$configure_log" >&2 && give_up "cmake --preset $preset failed"; }
${wrapper[@]+"${wrapper[@]}"} cmake --build "$build" ${targets[@]+"${targets[@]}"} || give_up "the build failed"

jobs=$(nproc)
report=$root/$build/tests.xml
rm -f "$report"
status=0
${wrapper[@]+"${wrapper[@]}"} ctest --test-dir "$build" --output-on-failure --no-tests=error -j "$jobs" \
  --output-junit "$report" ${selection[@]+"${selection[@]}"} </dev/null || status=$?
[[ -s $report ]] || give_up "ctest ran no test"

# ctest calls a test whose program is missing "skipped" too; only a test that said so itself is.
passed=$(grep -c '<testcase .*status="run"' "$report" || true)
skipped=$(grep -cE '<skipped message="SKIP_' "$report" || true)
all=$(grep -c '<testcase ' "$report" || true)
failed=$((all - passed - skipped))
if [[ $status != 0 && $failed == 0 ]]; then failed=1; fi
closing="$passed passed, $failed failed"
if [[ $skipped -gt 0 ]]; then
  echo
  echo "skipped:"
  awk '/<testcase /{name=$0; sub(/.*<testcase name="/, "", name); sub(/".*/, "", name)}
       /<skipped message="SKIP_/{wanted=1}
       /<system-out>/{ if (wanted) { line=$0; sub(/.*<system-out>/, "", line); print "  " name ": " line } wanted=0 }' "$report"
  closing+=", $skipped skipped"
fi
# The names of what failed, and how each ended, where whoever reads the end of a long output finds them.
if [[ $failed != 0 ]]; then
  echo
  echo "failed:"
  awk -v most=40 '/<testcase /{name=$0; sub(/.*<testcase name="/, "", name); sub(/".*/, "", name)
                   bad=!/status="(run|disabled)"/; skipped=0; count=0}
       /<skipped message="SKIP_/{skipped=1}
       bad && /<system-out>/{inside=1; sub(/.*<system-out>/, "")}
       inside {lines[count++ % most]=$0}
       /<\/system-out>/{inside=0}
       bad && !skipped && /<\/testcase>/{
         print "  " name
         for (i = count > most ? count - most : 0; i < count; ++i) print "    " lines[i % most] }' "$report"
fi
echo
echo "$closing"
[[ $failed == 0 ]]
