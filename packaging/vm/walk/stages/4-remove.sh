# shellcheck shell=bash disable=SC2154
# A boot without the program; then the package goes, first without its settings, then whole.

# The service manager starts it again a few times, and then leaves it alone.
given_up() { [ "$(systemctl is-failed minewardend.service)" = failed ]; }

boots_without() {
    not is_active
    within 60 given_up
    [ "$(systemctl show -P SubState miner-at-boot.service)" != failed ]
    [ "$(systemctl --failed --no-legend --plain | awk '{ print $1 }')" = minewardend.service ]
    mv /root/minewardend /usr/sbin/minewardend
    systemctl reset-failed minewardend.service
    systemctl start minewardend.service
    within 30 blocks
}

remove() {
    timeout 120 apt-get remove -q -y minewarden
    not systemctl is-active minewardend.service
    [ ! -e /usr/sbin/minewardend ]
    [ -e /etc/minewarden/protection.yaml ] && [ -e /etc/minewarden/rules.d/own.yaml ]
    within 10 signalled MESSAGE_ID="$stopped"
    "$miner" "${pool[@]}"
}

installed_again() {
    timeout 300 apt-get install -q -y /mnt/higher/minewarden_*.deb
    within 30 blocks
}

purge() {
    timeout 120 apt-get purge -q -y minewarden
    not getent group minewarden-rules
    not getent group minewarden-actions
    systemctl daemon-reload
    not systemctl cat minewardend.service
    local left
    left=$(find / -xdev \( -path /var/log -o -path /var/cache -o -path /mnt \) -prune -o \
        -iname '*minewarden*' -print; find /run -xdev -iname '*minewarden*')
    [ -z "$left" ] || fail "left behind: $left"
    journalctl --catalog --list-catalog 2>/dev/null | not grep -i minewarden
}

is_running() { [ "$(systemctl is-system-running)" = running ]; }

healthy() {
    rm /etc/systemd/system/miner-at-boot.service
    systemctl daemon-reload
    systemctl reset-failed
    # What the boot itself still starts may take its time.
    within 60 is_running
}

step "boots without the program, and protects when it is back" boots_without
step "remove stops it and keeps settings" remove
step "installed again, it blocks as before" installed_again
step "purge leaves nothing" purge
step "the host is healthy without it" healthy
