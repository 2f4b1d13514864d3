# shellcheck shell=bash disable=SC2154
# After a reboot: still blocking. Then an upgrade, and what may happen to a daemon.

still_blocking() {
    is_active
    signalled MINEWARDEN_OUTCOME=denied MINEWARDEN_UNIT=miner-at-boot.service
    not systemctl is-active --quiet miner-at-boot.service
    blocks
    # The host is as it should be, but for the unit that was refused.
    [ "$(systemctl --failed --no-legend --plain | awk '{ print $1 }')" = miner-at-boot.service ]
}

# Before anything that is not needed to mount filesystems.
early() {
    local ours basic
    ours=$(systemctl show -P ActiveEnterTimestampMonotonic minewardend.service)
    basic=$(systemctl show -P ActiveEnterTimestampMonotonic basic.target)
    [ "$ours" -gt 0 ] && [ "$ours" -lt "$basic" ]
}

upgrade() {
    local before
    before=$(cat /etc/minewarden/protection.yaml)
    timeout 300 apt-get install -q -y -o Dpkg::Options::=--force-confdef /mnt/higher/minewarden_*.deb
    is_active
    dpkg-query -W -f '${Version}\n' minewarden | grep next
    [ "$(cat /etc/minewarden/protection.yaml)" = "$before" ]
    cmp /mnt/own.yaml /etc/minewarden/rules.d/own.yaml
    [ "$(stat -c '%A %U %G' /etc/minewarden/protection.yaml)" = "-rw-rw---- root minewarden-actions" ]
    refused_with --walk-own-rule
    blocks
}

step "still blocking after a reboot, from early boot on" still_blocking
step "it starts before basic.target" early
step "an upgrade keeps rules and protection, and blocks" upgrade

# All of its processes: nobody is left but the service manager's watchdog.
stopped() {
    local before started_at=$SECONDS
    before=$(systemctl show -P MainPID minewardend.service)
    systemctl kill -s SIGSTOP minewardend.service
    # This exec is held by nobody who could answer.
    timeout 60 /bin/true
    remark "an exec waited $((SECONDS - started_at)) s for a stopped daemon"
    [ $((SECONDS - started_at)) -le 30 ]
    within 30 is_active
    [ "$(systemctl show -P MainPID minewardend.service)" != "$before" ]
    within 30 blocks
}

# Execs all the time, from several processes at once.
load() {
    while [ ! -e /run/walk-load-ends ]; do /bin/true || echo "an exec failed"; done
}

killed_under_load() {
    local before pids=()
    rm -f /run/walk-load-ends
    for _ in 1 2 3 4; do
        load >>/run/walk-load 2>&1 &
        pids+=($!)
    done
    before=$(systemctl show -P MainPID minewardend.service)
    sleep 1
    systemctl kill -s SIGKILL minewardend.service
    within 30 is_active
    sleep 1
    touch /run/walk-load-ends
    # All of them come to their end, and none failed.
    timeout 30 tail --pid="${pids[0]}" --pid="${pids[1]}" --pid="${pids[2]}" --pid="${pids[3]}" -f /dev/null
    [ ! -s /run/walk-load ]
    [ "$(systemctl show -P MainPID minewardend.service)" != "$before" ]
    within 30 blocks
}

step "stopped with SIGSTOP: execs go on, and it is started again" stopped
step "killed under load: no exec fails, and it is started again" killed_under_load

break_rules() {
    printf 'rules:\n  - id: broken\n    expression: exec.args =~\n' >/etc/minewarden/rules.d/broken.yaml
    not minewarden check
}

step "a broken file of rules lies there for the next boot" break_rules
