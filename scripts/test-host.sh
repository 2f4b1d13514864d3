#!/usr/bin/env bash
# Shows the daemon as it runs in service: without --watch, on a whole host of its own. The host is a
# tmpfs made the root of private mount and pid namespaces; nothing else is mounted there when the
# daemon starts, so no filesystem of this machine can be marked.
#
#   test-host.sh PATH_OF_RELEASED_MINEWARDEND PATH_OF_STATIC_STANDIN
#
# Checked: what is on the root is denied; a filesystem that is mounted later is held as well, also if
# only another mount namespace sees it, and from a namespace of the service's own; what is harmless runs;
# the marks are followed when it goes.
# The pid namespace matters: mount namespaces are found through /proc.
set -euo pipefail
cd "$(dirname "$0")/.."

daemon=$(realpath "$1")
standin=$(realpath "$2")
cannot_run() {
    echo "test-host: not run: $*" >&2
    if [ "${CI:-}" = true ] || [ "${MINEWARDEN_REQUIRE_LIVE:-0}" = 1 ]; then exit 1; fi
    exit 0
}
command -v busybox >/dev/null || cannot_run "needs busybox (apt-get install busybox-static)"
as_root=()
if [ "$(id -u)" -ne 0 ]; then
    sudo -n true 2>/dev/null || cannot_run "needs root"
    as_root=(sudo -n)
fi

if [ "${MINEWARDEN_HOST_INSIDE:-}" = "" ]; then
    root=$(mktemp -d /tmp/minewarden-host-XXXXXX)
    # The mounts are in the private namespace: here it stays an empty directory.
    trap 'rmdir "$root"' EXIT
    "${as_root[@]}" env MINEWARDEN_HOST_INSIDE="$root" PATH="$PATH" timeout --kill-after=5 60 \
        unshare --mount --pid --fork --propagation private \
        "$PWD/scripts/test-host.sh" "$daemon" "$standin"
    exit
fi

root=$MINEWARDEN_HOST_INSIDE
mount -t tmpfs -o mode=755 tmpfs "$root"
mkdir -p "$root"/{bin,etc,proc,dev,old,more,tmp,rules,config/rules.d}
cp "$(command -v busybox)" "$root/bin/busybox"
cp "$daemon" "$root/bin/minewardend"
# The loader and the libraries, where the daemon looks for them.
ldd "$daemon" | grep -o '/[^ )]*' | while read -r library; do
    mkdir -p "$root$(dirname "$library")"
    cp "$(realpath "$library")" "$root$library"
done
cp "$standin" "$root/xmrig"
cat >"$root/rules/test.yaml" <<'RULES'
rules:
  - id: test_pool
    description: A program is told to connect to a pool
    expression: exec.args =~ "*stratum+tcp://*"
    actions:
      - kill: {signal: SIGKILL}
RULES
printf 'active_protection: true\nrules:\n  test_pool:\n    protection: blocking\n' \
    >"$root/config/protection.yaml"
mknod -m 666 "$root/dev/null" c 1 3

cat >"$root/inside.sh" <<'INSIDE'
fail() { echo "test-host: $*" >&2; cat /signals /messages >&2; exit 1; }
await() {
    for _ in $(seq 100); do
        grep -q -- "$1" /signals && return 0
        sleep 0.1
    done
    fail "no signal with $1"
}
denied() {
    "$1" -o stratum+tcp://pool.example.com:3333 2>/answer && fail "$1 ran"
    grep -q "Operation not permitted" /answer || fail "$1: $(cat /answer)"
}
mount -t proc proc /proc
umount -l /old
# The last line of defence of this machine: nothing but what was made here may be seen.
awk '{ for (i = 1; i < NF; i++) if ($i == "-") print $(i + 1) }' /proc/self/mountinfo |
    grep -vxE 'tmpfs|proc' && fail "a filesystem of the machine is still mounted"
touch /signals
minewardend --rules-dir /rules --config-dir /config --output json >>/signals 2>/messages &
await '"kind":"started"'
denied /xmrig
/xmrig || fail "a harmless program does not run"
mount -t tmpfs tmpfs /more
cp /xmrig /more/xmrig
await '"kind":"coverage_changed"'
denied /more/xmrig
# The file of a denied exec stays open until its digest is recorded.
for _ in $(seq 50); do
    umount /more 2>/answer && break
    sleep 0.1
done
for _ in $(seq 50); do
    [ "$(grep -c '"kind":"coverage_changed"' /signals)" -ge 2 ] && break
    sleep 0.1
done
[ "$(grep -c '"kind":"coverage_changed"' /signals)" -ge 2 ] || fail "the unmount was not noticed"
[ "$(grep -c '"outcome":"denied"' /signals)" -eq 2 ] || fail "not one signal per denied exec"

# A filesystem in a namespace of its own: nobody else sees the mount.
mkdir /hidden
cat >/elsewhere.sh <<'ELSEWHERE'
mount -t tmpfs tmpfs /hidden
cp /xmrig /hidden/xmrig
touch /mounted
while [ ! -e /marked ]; do sleep 0.1; done
/hidden/xmrig -o stratum+tcp://pool.example.com:3333 2>/elsewhere.answer
touch /tried
while [ ! -e /over ]; do sleep 0.1; done
ELSEWHERE
unshare -m sh /elsewhere.sh &
elsewhere=$!
for _ in $(seq 300); do
    grep -q 'held on .*now on /hidden' /signals && break
    sleep 0.1
done
[ -e /mounted ] || fail "there is no other namespace"
grep -q hidden /proc/self/mountinfo && fail "the mount of the other namespace is seen here"
grep -q 'held on .*now on /hidden' /signals ||
    fail "the filesystem of another namespace was not noticed"
touch /marked
for _ in $(seq 100); do
    [ -e /tried ] && break
    sleep 0.1
done
grep -q "Operation not permitted" /elsewhere.answer || fail "in another namespace: $(cat /elsewhere.answer)"
touch /over
wait "$elsewhere"
for _ in $(seq 300); do
    grep -q 'held on .*no longer on /hidden' /signals && break
    sleep 0.1
done
grep -q 'held on .*no longer on /hidden' /signals ||
    fail "the end of another namespace was not noticed"
[ "$(grep -c '"outcome":"denied"' /signals)" -eq 3 ] || fail "not one signal per denied exec"
kill %1 && wait %1
grep -q '"kind":"stopped"' /signals || fail "it did not stop in order"

# The service has a namespace of its own, to which a container engine's mounts do not propagate: those
# of the first process, which is this shell, are noticed at once, long before the next look at others.
mkdir /engine
: >/signals
unshare -m minewardend --rules-dir /rules --config-dir /config --output json >>/signals 2>/messages &
separate=$!
await '"kind":"started"'
sleep 2
mount -t tmpfs tmpfs /engine
cp /xmrig /engine/xmrig
for _ in $(seq 10); do
    grep -q 'held on .*now on /engine' /signals && break
    sleep 0.1
done
grep -q 'held on .*now on /engine' /signals || fail "a mount of the host was not noticed at once"
denied /engine/xmrig
kill "$separate" && wait "$separate" || fail "it did not end in order in a namespace of its own"
grep -q '"kind":"stopped"' /signals || fail "it did not say that it stopped in a namespace of its own"
echo "test-host: denied on the root, on a filesystem mounted later, in another namespace, and in the" \
    "host's from another"
INSIDE

cd "$root"
pivot_root . old
exec /bin/busybox env -i PATH=/bin /bin/busybox sh -c \
    '/bin/busybox --install -s /bin && . /inside.sh'
