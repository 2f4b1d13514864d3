# shellcheck shell=bash disable=SC2154
# The listeners that run.sh compares: how to start, measure and stop each.
# Uses $stage, $root, $daemon, $here of run.sh; sets $listener to the process of the listener.

await_line() {
    local file=$1 text=$2
    for _ in $(seq 200); do
        if grep -q -- "$text" "$file" 2>/dev/null; then return 0; fi
        kill -0 "$listener" 2>/dev/null || break
        sleep 0.05
    done
    echo "run.sh: the listener did not get ready:" >&2
    tail -n 20 "$file" >&2
    exit 1
}

start_listener() {
    local output=$stage/listener.log
    rm -f "$output"
    listener_started=$SECONDS
    case $1 in
    none) return ;;
    allow | read)
        "$stage/bin/$1" "$root" >"$output" 2>&1 &
        listener=$!
        await_line "$output" ready
        ;;
    minewarden)
        echo 'active_protection: true' >"$stage/config/protection.yaml"
        "$daemon" --config-dir "$stage/config" --state-dir "$stage/state" \
            --runtime-dir "$stage/run" --rules-dir "$here/../../rules" --watch "$root" \
            --output json >"$output" 2>&1 &
        listener=$!
        await_line "$output" '"kind":"started"'
        ;;
    fapolicyd)
        "$FAPOLICYD" --debug >"$output" 2>&1 &
        listener=$!
        await_line "$output" "Starting to listen for events"
        expect_only_our_mount
        ;;
    esac
    sleep 0.5
}

stop_listener() {
    [ -n "${listener:-}" ] || return 0
    kill -KILL "$listener" 2>/dev/null || true
    wait "$listener" 2>/dev/null || true
    listener=
}

# The processes of the listener: minewardend has a guardian, which does nothing, and a child of it
# that does all the work.
listener_processes() { echo "$listener" "$(pgrep -P "$listener" || true)"; }

# Nanoseconds on a processor, all processes and threads together.
listener_cpu_ns() {
    local process
    [ -n "${listener:-}" ] || { echo 0; return; }
    for process in $(listener_processes); do cat "/proc/$process/task/"*/schedstat; done |
        awk '{ sum += $1 } END { printf "%.0f\n", sum }'
}

# minewardend gives back what loading rules took a few seconds after its start: a run that ends before
# that would show what does not stay.
let_listener_settle() {
    [ "$1" = minewarden ] || return 0
    while [ $((SECONDS - listener_started)) -lt 6 ]; do sleep 0.5; done
}

# Resident memory of the largest process; the guardian's pages are nearly all shared with it.
listener_rss_kib() {
    local process
    [ -n "${listener:-}" ] || { echo 0; return; }
    for process in $(listener_processes); do cat "/proc/$process/status"; done |
        awk '/^VmRSS:/ && $2 > most { most = $2 } END { print most }'
}

# fapolicyd marks every mount of the types in watch_fs that it finds in its mount namespace. Here the
# only tmpfs left in the namespace is ours, so that is all it can mark.
fapolicyd_usable() {
    [ -n "${FAPOLICYD:-}" ] && [ -x "$FAPOLICYD" ] || return 1
    local mounted left
    # Out of the private namespace only: the host keeps its mounts.
    while read -r mounted; do
        [ "$mounted" = "$root" ] || umount -l "$mounted" 2>/dev/null || true
    done < <(findmnt -rn -t tmpfs -o TARGET | sort -r)
    left=$(findmnt -rn -t tmpfs -o TARGET)
    if [ "$left" != "$root" ]; then
        echo "run.sh: fapolicyd left out: it would mark other filesystems too: $left" >&2
        return 1
    fi
    # Its pipe and pid file go to /run, which may have been one of those.
    mount -t ramfs ramfs /run
    mkdir /run/fapolicyd
    fapolicyd_configure
}

fapolicyd_configure() {
    mkdir -p "$stage"/fapolicyd/{etc/rules.d,etc/trust.d,lib}
    cat >"$stage/fapolicyd/etc/fapolicyd.conf" <<'CONF'
permissive = 0
nice_val = 14
q_size = 800
uid = root
gid = root
do_stat_report = 0
detailed_report = 0
db_max_size = 50
subj_cache_size = 1549
obj_cache_size = 8191
watch_fs = tmpfs
trust = file
integrity = none
syslog_format = rule,dec,perm,auid,pid,exe,:,path,ftype,trust
rpm_sha256_only = 0
allow_filesystem_mark = 0
CONF
    printf '%s\n' 'deny_syslog perm=execute all : path=/usr/bin/xmrig' 'allow perm=any all : all' \
        >"$stage/fapolicyd/etc/compiled.rules"
    cp "$stage/fapolicyd/etc/compiled.rules" "$stage/fapolicyd/etc/fapolicyd.rules"
    : >"$stage/fapolicyd/etc/fapolicyd.trust"
    local pair
    for pair in etc:/etc/fapolicyd lib:/var/lib/fapolicyd; do
        if [ ! -d "${pair#*:}" ]; then
            echo "run.sh: fapolicyd left out: no ${pair#*:} (install the package)" >&2
            return 1
        fi
        mount --bind "$stage/fapolicyd/${pair%%:*}" "${pair#*:}"
    done
}

# Ends the run at once if fapolicyd holds a mark on anything but our tmpfs.
expect_only_our_mount() {
    local ours marks
    ours=$(awk -v root="$root" '$5 == root { print $1 }' /proc/self/mountinfo)
    marks=$(cat "/proc/$listener/fdinfo/"* | awk '/^fanotify (mnt_id|sdev|ino)/ { print $2 }' | sort -u)
    if [ "$marks" != "mnt_id:$(printf '%x' "$ours")" ]; then
        stop_listener
        echo "run.sh: fapolicyd marked something else than the tmpfs: $marks" >&2
        exit 1
    fi
}
