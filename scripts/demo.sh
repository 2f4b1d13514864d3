#!/usr/bin/env bash
# Shows the main job in a minute: a miner is seen, then denied before it runs.
#
#   demo.sh PATH_OF_MINEWARDEND
#
# Everything happens in a private mount namespace on a tmpfs under a temporary directory; the daemon
# watches that tmpfs only. The "miner" is a copy of /bin/true: it does nothing and needs no network.
# Exit status 1 if what the demo says did not really happen.
set -euo pipefail
cd "$(dirname "$0")/.."

daemon=$(realpath "$1")

if [ "${MINEWARDEN_DEMO_INSIDE:-}" != 1 ]; then
    as_root=()
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || { echo "demo: needs root, and there is no sudo" >&2; exit 2; }
        echo "The demo needs root for a private mount namespace and for fanotify."
        as_root=(sudo)
    fi
    exec "${as_root[@]}" env MINEWARDEN_DEMO_INSIDE=1 \
        unshare --mount --propagation private "$PWD/scripts/demo.sh" "$daemon"
fi

stage=$(mktemp -d /tmp/minewarden-demo-XXXXXX)
daemon_pid=
clean_up() {
    trap - EXIT INT TERM
    [ -z "$daemon_pid" ] || kill -KILL "$daemon_pid" 2>/dev/null || true
    umount -l "$stage/host" 2>/dev/null || true
    rm -rf "$stage"
}
trap clean_up EXIT
trap 'clean_up; exit 130' INT TERM

mkdir -p "$stage"/{host,config/rules.d,state,run}
log=$stage/signals
touch "$log"

step() { printf '\n\033[1m%s\033[0m\n' "$*"; }
[ -t 1 ] || step() { printf '\n%s\n' "$*"; }

fail() {
    printf '\nThe demo failed: %s\n' "$*" >&2
    printf -- '--- signals\n' >&2
    cat "$log" >&2
    printf -- '--- messages of the daemon\n' >&2
    cat "$stage/messages" >&2 2>/dev/null || true
    exit 1
}

set_protection() {
    local rule
    {
        printf 'active_protection: true\nrules:\n'
        sed -n 's/^  - id: \([a-z][a-z0-9_]*\)$/\1/p' rules/*.yaml | while read -r rule; do
            printf '  %s:\n    protection: %s\n' "$rule" \
                "$([ "$rule" = cryptominer_args ] && echo "$1" || echo disabled)"
        done
    } >"$stage/config/protection.yaml"
}

# Waits until the log has more than $2 lines with $1.
await() {
    for _ in $(seq 100); do
        [ "$(grep -c -- "$1" "$log" || true)" -le "$2" ] || return 0
        kill -0 "$daemon_pid" 2>/dev/null || fail "the daemon ended"
        sleep 0.05
    done
    fail "no signal with \"$1\" came"
}

# Runs the stand-in; sets $status and $answer, and $seen to the signals that came of it.
mine() {
    local before
    before=$(wc -l <"$log")
    status=0
    answer=$("$miner" "${arguments[@]}" 2>&1) || status=$?
    await "$1" "$(head -n "$before" "$log" | grep -c -- "$1" || true)"
    sleep 0.3
    seen=$(tail -n "+$((before + 1))" "$log")
    printf '%s\n' "$seen" | sed 's/^/   | /'
}

step "1. A tmpfs of its own, with a harmless stand-in: a copy of /bin/true named xmrig"
mount -t tmpfs -o mode=755 tmpfs "$stage/host"
miner=$stage/host/xmrig
cp "$(readlink -f /bin/true)" "$miner"
arguments=(-o stratum+tcp://pool.supportxmr.com:3333 -u 48edfHu7V9Z84YzzMa6fUueoELZ9ZRXq9VetWzYGzKt52XU5xvqgzYnDK9URnRoJMk1j8nLwEVsaSWJ4fhdUyZijBGUicoD
    -p x --donate-level=1)
echo "   $miner -o stratum+tcp://pool.supportxmr.com:3333 -u WALLET -p x --donate-level=1"

step "2. The daemon starts with the shipped rules: cryptominer_args in monitoring, the others off"
set_protection monitoring
"$daemon" --config-dir "$stage/config" --state-dir "$stage/state" --runtime-dir "$stage/run" \
    --rules-dir "$PWD/rules" --watch "$stage/host" --output console >"$log" 2>"$stage/messages" &
daemon_pid=$!
await started 0
sed 's/^/   | /' "$log"

step "3. Monitoring: the stand-in runs, and a signal appears"
mine MONITORED
[ "$status" -eq 0 ] || fail "the stand-in ended with status $status: $answer"
[ "$(grep -c MONITORED <<<"$seen")" -eq 1 ] || fail "not exactly one signal came"
echo "   The program ran (exit status 0)."

step "4. Blocking: protection.yaml says blocking, the daemon reads it again"
loaded=$(grep -c 'is active' "$log" || true)
set_protection blocking
kill -HUP "$daemon_pid"
for _ in $(seq 100); do
    [ "$(grep -c 'is active' "$log" || true)" -le "$loaded" ] || break
    sleep 0.05
done

step "5. The same command again: refused before its first instruction"
mine DENIED
[ "$status" -eq 126 ] || fail "the stand-in was not refused (exit status $status)"
case $answer in
*"Operation not permitted"*) ;;
*) fail "the shell did not report EPERM: $answer" ;;
esac
[ "$(grep -c "denied before it ran" <<<"$seen")" -eq 1 ] || fail "the signal does not say that it never ran"
echo "   The shell says: ${answer##*: } (EPERM). The program never ran."

kill -TERM "$daemon_pid"
wait "$daemon_pid" || true
daemon_pid=

step "What you saw"
cat <<END
   With monitoring the miner ran and minewarden recorded it.
   With blocking the kernel refused the same command before it ran, and the signal says so.
   Nothing of this host was touched: the tmpfs and its mount namespace are gone now.
END
