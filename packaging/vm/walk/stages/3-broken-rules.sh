# shellcheck shell=bash disable=SC2154
# A boot with a broken file of rules: the other rules protect.

others_load() {
    is_active
    within 20 signalled MESSAGE_ID="$refused"
    journalctl --no-pager -b -u minewardend.service -o cat | grep 'broken.yaml:3'
    blocks
    within 20 signalled MINEWARDEN_OUTCOME=denied MINEWARDEN_UNIT=miner-at-boot.service
}

lose_program() {
    rm /etc/minewarden/rules.d/broken.yaml
    mv /usr/sbin/minewardend /root/minewardend
}

step "boots with a broken file of rules, and the others block" others_load
step "the program is taken away for the next boot" lose_program
