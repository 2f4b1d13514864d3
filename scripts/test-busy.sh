#!/usr/bin/env bash
# Ordinary work under the agent with the shipped rules: no rule may find anything in it.
#
#   test-busy.sh PATH_OF_MINEWARDEND
#
# The work (busy-work.sh) runs in an overlay over this host's root, in a private mount namespace; the
# agent holds execs on that overlay only, which no process outside of it uses. A harmless program
# under the name of a miner at the end shows that the agent saw what ran. What cannot be done here is
# left out and said, and is a failure under CI=true. Needs root and 3 GB of memory; some minutes.
set -euo pipefail
cd "$(dirname "$0")/.."

daemon=$(realpath "$1")
checkout=$PWD
cannot_run() {
    echo "test-busy: not run: $*" >&2
    if [ "${CI:-}" = true ] || [ "${MINEWARDEN_REQUIRE_LIVE:-0}" = 1 ]; then exit 1; fi
    exit 0
}
as_root=()
if [ "$(id -u)" -ne 0 ]; then
    sudo -n true 2>/dev/null || cannot_run "needs root"
    as_root=(sudo -n)
fi

if [ "${MINEWARDEN_BUSY_INSIDE:-}" = "" ]; then
    stage=$(mktemp -d /tmp/minewarden-busy-XXXXXX)
    # The mounts are in the private namespace: here it stays an empty directory.
    trap 'rmdir "$stage"' EXIT
    "${as_root[@]}" env MINEWARDEN_BUSY_INSIDE="$stage" PATH="$PATH" timeout --kill-after=5 1800 \
        unshare --mount --propagation private "$checkout/scripts/test-busy.sh" "$daemon"
    exit
fi

stage=$MINEWARDEN_BUSY_INSIDE
mount -t tmpfs -o mode=755,size=6g tmpfs "$stage"
mkdir -p "$stage"/{upper,work,host,config/rules.d,state,run}
mount -t overlay overlay -o "lowerdir=/,upperdir=$stage/upper,workdir=$stage/work" "$stage/host" ||
    cannot_run "cannot mount an overlay over /"
host=$stage/host
mount -t proc proc "$host/proc"
mount --rbind /dev "$host/dev"
mount --rbind /sys "$host/sys"
mkdir -p "$host/srv/work" "$host/run" "$host/tmp"

log=$stage/signals
touch "$log"
"$daemon" --watch "$host" --rules-dir "$checkout/rules" --config-dir "$stage/config" \
    --state-dir "$stage/state" --runtime-dir "$stage/run" --output json >>"$log" 2>"$stage/messages" &
daemon_pid=$!
trap 'kill -KILL $daemon_pid 2>/dev/null || true' EXIT
fail() {
    echo "test-busy: $*" >&2
    grep -F '"rule_id"' "$log" >&2 || cat "$log" "$stage/messages" >&2
    exit 1
}
await() {
    for _ in $(seq 100); do
        grep -q -- "$1" "$log" && return 0
        kill -0 "$daemon_pid" 2>/dev/null || fail "the daemon ended"
        sleep 0.1
    done
    fail "no signal with $1"
}
await '"kind":"started"'

# The checkout, for the compile; the packages it depends on come from where this checkout has them.
scripts/export-tree.sh "$host/srv/work/project"
cp scripts/busy-work.sh "$host/srv/work/"
began=$SECONDS
chroot "$host" /usr/bin/env -i PATH="$PATH" HOME="${HOME:-/root}" CI="${CI:-}" \
    bash /srv/work/busy-work.sh || fail "the work itself failed"

await 'cryptominer_name'
sleep 1
found=$(grep -oE '"rule_id":"[a-z_]+"' "$log" | sort | uniq -c | sort -rn)
[ "$(grep -c '"rule_id"' "$log")" -eq 1 ] || fail "rules found something in ordinary work: $found"
judged=$("$(dirname "$daemon")/minewarden" status --json --runtime-dir "$stage/run" |
    sed -n 's/.*"judged":\([0-9]*\).*/\1/p')
[ "${judged:-0}" -ge 1000 ] || fail "the agent judged ${judged:-no} execs only"
echo "test-busy: $judged execs in $((SECONDS - began)) s: the one program that bears a miner's name was" \
    "seen, and nothing else"
