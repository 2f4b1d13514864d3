# shellcheck shell=bash disable=SC2154
# The first boot: a plain Debian gets the package, sees a miner, and blocks it.

plain() {
    not dpkg -s minewarden
    systemctl --failed --no-legend | tee -a /dev/stderr | not grep .
    mkdir -p "$(dirname "$miner")"
    cp /bin/true "$miner"
    # The shell says itself what became of it: journald may lose track of whose a line is when the one
    # who wrote it has ended (the refused child of the shell), and the journal of the unit lacks it then.
    echo "said=\$($miner ${pool[*]} 2>&1); echo \"the stand-in ended with \$?: \$said\"" \
        >"$(dirname "$miner")/start.sh"
}

install_package() {
    timeout 300 apt-get install -q -y /mnt/deb/minewarden_*.deb
    dpkg --verify minewarden
    [ -z "$(dpkg --audit)" ]
}

runs_in_monitoring() {
    is_active
    systemctl is-enabled minewardend.service
    within 20 signalled MESSAGE_ID="$started"
    [ "$(count MESSAGE_ID="$started")" -eq 1 ]
    field MESSAGE MESSAGE_ID="$started" | grep "Active Protection disabled, execs are held on [1-9]"
    { minewarden coverage || [ $? -eq 1 ]; } | tee -a /dev/stderr | grep -E '^held +/ \(ext4\)'
    minewarden status
    minewarden doctor
    field MINEWARDEN_RULES MESSAGE_ID="$started" | grep -x '[1-9][0-9]*'
}

groups_and_files() {
    getent group minewarden-rules minewarden-actions
    [ "$(stat -c '%A %U %G' /etc/minewarden/rules.d)" = "drwxrws--- root minewarden-rules" ]
    [ "$(stat -c '%A %U %G' /etc/minewarden/protection.yaml)" = "-rw-rw---- root minewarden-actions" ]
    [ "$(stat -c '%a' /var/lib/minewarden)" = 700 ]
    # Nothing of Swift but the programs, nothing that is missing.
    ldd /usr/bin/minewarden /usr/sbin/minewardend | not grep -E 'not found|swift'
    [ "$(minewarden --version)" = "minewarden $(dpkg-query -W -f '${Version}' minewarden)" ]
    minewarden check
}

# A guardian, the process that holds execs, and the canary: none may dump, all with these limits.
unit_holds() {
    local pids
    pids=$(cat /sys/fs/cgroup/system.slice/minewardend.service/cgroup.procs)
    [ "$(wc -w <<<"$pids")" -eq 3 ]
    for pid in $pids; do
        [ "$(cat "/proc/$pid/oom_score_adj")" = -999 ]
        grep -E '^Max core file size +0 +0' "/proc/$pid/limits"
        grep -E '^Max open files +65536' "/proc/$pid/limits"
        grep -qz '^SWIFT_BACKTRACE=enable=no' "/proc/$pid/environ"
    done
    # The watchdog counts, and is fed.
    [ "$(systemctl show -P WatchdogUSec minewardend.service)" = 10s ]
    local before
    before=$(systemctl show -P WatchdogTimestampMonotonic minewardend.service)
    sleep 3
    [ "$(systemctl show -P WatchdogTimestampMonotonic minewardend.service)" -gt "$before" ]
}

monitored() {
    "$miner" "${pool[@]}"
    within 20 signalled MINEWARDEN_OUTCOME=monitored
    field MINEWARDEN_RULE_ID MINEWARDEN_OUTCOME=monitored | grep -x cryptominer_pool_uri
    not signalled MINEWARDEN_OUTCOME=denied
    # What to do next is told by journalctl itself.
    journalctl --no-pager -b -x -t minewarden MINEWARDEN_OUTCOME=monitored | tee -a /dev/stderr |
        grep -A 12 'Next steps' | grep 'minewarden protection enable'
}

step "boots without minewarden" plain
step "apt installs the package and what it needs" install_package
step "it runs, is enabled, has rules, and only monitors" runs_in_monitoring
step "groups, owners and programs are as they should be" groups_and_files
step "limits, and a watchdog that is fed" unit_holds
step "a miner runs and is in the journal" monitored
remark "systemd-analyze security: $(systemd-analyze security --no-pager minewardend.service | tail -n 1)"

own_rule() {
    install -m 664 /mnt/own.yaml /etc/minewarden/rules.d/own.yaml
    minewarden check
    minewarden deploy
    block own_rule cryptominer_pool_uri
    refused_with --walk-own-rule
    within 20 signalled MINEWARDEN_OUTCOME=denied MINEWARDEN_RULE_ID=own_rule
}

denied() {
    mine_as_service victim
    answers victim.service | tee -a /dev/stderr | grep 'Operation not permitted'
    within 20 signalled MINEWARDEN_OUTCOME=denied MINEWARDEN_RULE_ID=cryptominer_pool_uri
    field MESSAGE MINEWARDEN_OUTCOME=denied MINEWARDEN_RULE_ID=cryptominer_pool_uri | tee -a /dev/stderr |
        grep 'SECURITY RESPONSE: The malicious process xmrig has automatically been killed'
    # Who looks at the service that tried sees it as well.
    answers victim.service | grep 'SECURITY RESPONSE'
    journalctl --no-pager -b -x -t minewarden MINEWARDEN_OUTCOME=denied | tee -a /dev/stderr |
        grep -A 12 'Next steps' | grep 'Active Protection enabled'
}

step "an own rule is checked, deployed and blocks" own_rule
step "the miner is refused; the journal of its service says so" denied

# A container with a filesystem and control group of its own, whose mounts do not propagate to the
# service: the miner starts as soon as the container does.
container() {
    local root=/root/image
    mkdir -p "$root/bin" "$root/tmp"
    cp /bin/busybox "$root/bin"
    printf 'cp /bin/busybox /tmp/xmrig\nexec /tmp/xmrig %s\n' "${pool[*]}" >"$root/start.sh"
    tar --create --file /root/image.tar --directory "$root" .
    timeout 60 podman import /root/image.tar walk:1
    timeout 60 podman --runtime runc run --rm --network=none --cgroup-manager=systemd \
        localhost/walk:1 /bin/busybox echo harmless | grep harmless
    not timeout 120 podman --runtime runc run --rm --network=none localhost/walk:1 \
        /bin/busybox sh /start.sh
    within 20 signalled MINEWARDEN_OUTCOME=denied MINEWARDEN_EXE=/tmp/xmrig
    field MINEWARDEN_CONTAINER_ID MINEWARDEN_OUTCOME=denied MINEWARDEN_EXE=/tmp/xmrig | grep -xE '[0-9a-f]{64}'
    field MINEWARDEN_IMAGE MINEWARDEN_OUTCOME=denied MINEWARDEN_EXE=/tmp/xmrig | grep walk:1
}

# The next boot starts one before anything of ours can wait for it.
miner_at_boot() {
    cat >/etc/systemd/system/miner-at-boot.service <<UNIT
[Unit]
Description=A stand-in for a miner that starts with the system
[Service]
Type=oneshot
ExecStart=$miner ${pool[*]}
[Install]
WantedBy=multi-user.target
UNIT
    systemctl enable miner-at-boot.service
}

step "a container cannot run it either" container
step "a miner is set up to start with the system" miner_at_boot
