#!/usr/bin/env bash
# Fuzzes every entrance for text that others wrote, for a short fixed time each.
#
#   fuzz.sh [SECONDS [TARGET...]]
#
# What libFuzzer finds worth keeping goes to out/fuzz/TARGET; an input that does harm goes to
# out/fuzz/TARGET.harm-* and makes the exit status 1. `fuzz.sh --keep SECONDS` also merges what was
# found into the corpus of the repository, Tests/Fixtures/fuzz.
set -euo pipefail
cd "$(dirname "$0")/.."

keep=0
if [ "${1:-}" = --keep ]; then
    keep=1
    shift
fi
seconds=${1:-5}
shift || true
targets=("$@")
[ ${#targets[@]} -gt 0 ] || targets=(expression policy wildcard arguments yaml protection)

build=(swift build -c release --product rule-fuzzer --sanitize fuzzer --scratch-path .build-fuzz)
export MINEWARDEN_FUZZ=1
# libFuzzer keeps the input that does harm, unless somebody else takes the signal.
export SWIFT_BACKTRACE=enable=no
"${build[@]}"
fuzzer=$("${build[@]}" --show-bin-path)/rule-fuzzer

failures=0
for target in "${targets[@]}"; do
    corpus=Tests/Fixtures/fuzz/$target
    found=out/fuzz/$target
    mkdir -p "$found" "$corpus"
    log=out/fuzz/$target.log
    if FUZZ_TARGET=$target "$fuzzer" "$found" "$corpus" -max_total_time="$seconds" -max_len=4096 \
        -timeout=10 -rss_limit_mb=2048 -artifact_prefix="out/fuzz/$target.harm-" >"$log" 2>&1; then
        echo "fuzz: $target: $(grep -oE "Done [0-9]+ runs" "$log" || echo finished)"
    else
        echo "fuzz: $target: an input does harm, see $log" >&2
        tail -n 20 "$log" >&2
        failures=1
    fi
    [ "$keep" -eq 0 ] || FUZZ_TARGET=$target "$fuzzer" -merge=1 "$corpus" "$found" >>"$log" 2>&1
done
exit "$failures"
