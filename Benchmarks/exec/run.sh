#!/usr/bin/env bash
# Measures what holding an exec costs, interleaved in one run, and prints the ratios.
#
#   run.sh PATH_OF_MINEWARDEND [--json] [--rounds N] [--count N]
#
# Each round measures, one after the other and in a different order each time: no listener; allow.c,
# which only allows; read.c, which reads what a judge must read and then allows; minewardend with the
# shipped rules; fapolicyd, if it is installed, with one deny rule. The numbers are medians over the
# rounds. Everything is on a tmpfs in a private mount namespace; no filesystem of this host is marked.
#
# Read it like this: "p50/none" is what a user of the host pays; "p50/allow" is what judging adds to
# holding; "p50/read" is what our own code has of that: the rest is the kernel's part, whoever judges.
# Known ways to be wrong: another load on the machine (the load average is printed), a laptop's
# frequency scaling, fewer than five rounds, a debug build. The least of the rounds' medians is printed
# as well: other load only ever adds.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)

daemon=
json=0
rounds=10
count=500
while [ $# -gt 0 ]; do
    case $1 in
    --json) json=1 ;;
    --rounds) rounds=$2 && shift ;;
    --count) count=$2 && shift ;;
    *) daemon=$(realpath "$1") ;;
    esac
    shift
done
[ -n "$daemon" ] || { echo "usage: run.sh MINEWARDEND [--json] [--rounds N] [--count N]" >&2; exit 2; }

if [ "${MINEWARDEN_BENCH_INSIDE:-}" != 1 ]; then
    as_root=()
    [ "$(id -u)" -eq 0 ] || as_root=(sudo)
    options=(--rounds "$rounds" --count "$count")
    [ "$json" -eq 0 ] || options+=(--json)
    exec "${as_root[@]}" env MINEWARDEN_BENCH_INSIDE=1 \
        FAPOLICYD="${FAPOLICYD:-$(command -v fapolicyd || true)}" \
        unshare --mount --propagation private "$here/run.sh" "$daemon" "${options[@]}"
fi

# shellcheck source=Benchmarks/exec/listeners.sh
. "$here/listeners.sh"

stage=$(mktemp -d /var/tmp/minewarden-bench-XXXXXX)
root=$stage/host
listener=
clean_up() {
    trap - EXIT INT TERM
    stop_listener
    umount -l "$root" 2>/dev/null || true
    rm -rf "$stage"
}
trap clean_up EXIT
trap 'clean_up; exit 130' INT TERM

mkdir -p "$root" "$stage"/{bin,config/rules.d,state,run}
mount -t tmpfs -o mode=755 tmpfs "$root"
for name in allow read; do
    cc -O2 -Wall -Wextra -Werror -o "$stage/bin/$name" "$here/$name.c"
done
cc -O2 -Wall -Wextra -Werror -pthread -o "$stage/bin/spawnbench" "$here/spawnbench.c"
cc -O2 -static -o "$root/static" "$here/empty.c"
loader=$(readelf -lW "$stage/bin/allow" | sed -n 's/.*interpreter: \(.*\)\]/\1/p')
cp "$(readlink -f "$loader")" "$root/ld.so"
cc -O2 -Wl,--dynamic-linker="$root/ld.so" -o "$root/dynamic" "$here/empty.c"

read -r -a kinds <<<"${KINDS:-none allow read minewarden}"
if fapolicyd_usable; then kinds+=(fapolicyd); fi

measure() {
    local kind=$1 before after static dynamic many execs
    start_listener "$kind"
    before=$(listener_cpu_ns)
    static=$("$stage/bin/spawnbench" latency "$root/static" "$count")
    dynamic=$("$stage/bin/spawnbench" latency "$root/dynamic" "$count")
    many=$("$stage/bin/spawnbench" throughput "$root/static" "$count")
    after=$(listener_cpu_ns)
    let_listener_settle "$kind"
    execs=$((3 * count + 2 * 50))
    echo "$kind $static $dynamic $many $(((after - before) / execs)) $(listener_rss_kib)"
    stop_listener
}

load_before=$(cut -d' ' -f1-3 /proc/loadavg)
for ((round = 0; round < rounds; round++)); do
    for ((i = 0; i < ${#kinds[@]}; i++)); do
        measure "${kinds[(i + round) % ${#kinds[@]}]}" >>"$stage/results"
    done
    [ "$json" -eq 1 ] || echo "round $((round + 1)) of $rounds done" >&2
done

awk -v json="$json" -v cores="$(nproc)" -v load_average="$load_before" -v kernel="$(uname -r)" \
    -v rounds="$rounds" -v count="$count" -f "$here/report.awk" "$stage/results"
