#!/usr/bin/env bash
# Checks the released daemon: no Foundation and no ICU inside, under 12 MB when stripped, only the
# expected shared libraries, no run path, all symbols bound at start.
set -euo pipefail

daemon=$1
limit=$((12 * 1000 * 1000))
expected="ld-linux-aarch64.so.1 ld-linux-x86-64.so.2 libc.so.6 libgcc_s.so.1 libm.so.6 libmd.so.0
libnl-3.so.200 libnl-genl-3.so.200 libre2.so.9 libstdc++.so.6 libyaml-0.so.2"

stripped=$(mktemp)
trap 'rm -f "$stripped"' EXIT
strip -o "$stripped" "$daemon"

failures=0
problem() {
    echo "check-size: $*" >&2
    failures=$((failures + 1))
}

size=$(stat -c %s "$stripped")
[ "$size" -lt "$limit" ] || problem "the stripped daemon has $size bytes, the limit is $limit"
foundation=$(strings "$stripped" | grep -cE 'icudt|FoundationEssentials|swift-corelibs-foundation' || true)
[ "$foundation" -eq 0 ] || problem "Foundation or ICU is linked in ($foundation strings)"

dynamic=$(readelf -dW "$stripped")
while read -r library; do
    case " $(echo "$expected" | tr '\n' ' ') " in
    *" $library "*) ;;
    *) problem "links an unexpected library: $library" ;;
    esac
done < <(sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' <<<"$dynamic")
if grep -qE '\((RUNPATH|RPATH)\)' <<<"$dynamic"; then problem "has a run path"; fi
grep -qE 'BIND_NOW|FLAGS_1.*NOW' <<<"$dynamic" || problem "is not linked with -z now"

[ "$failures" -eq 0 ] || exit 1
echo "check-size: $size bytes stripped, libraries as expected, no Foundation"
