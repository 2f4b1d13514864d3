#!/usr/bin/env bash
# One stage of the walk per boot, inside the machine of the acceptance test. Which one is next stands
# on its disk. What is found out goes to standard output, the second serial port:
#
#   ok NAME | not ok NAME | # remark | done (the last line of the last stage)
set -uo pipefail
export PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 HOME=/root DEBIAN_FRONTEND=noninteractive
export SYSTEMD_PAGER='' SYSTEMD_COLORS=0
here=$(dirname "$0")
# shellcheck source=packaging/vm/walk/lib.sh
. "$here/lib.sh"

mkdir -p /var/lib/walk
stage=$(cat /var/lib/walk/stage 2>/dev/null || echo 0)
stages=("$here"/stages/*.sh)
echo $((stage + 1)) >/var/lib/walk/stage
remark "boot $((stage + 1)): $(basename "${stages[$stage]}"), $(cut -d ' ' -f 1 /proc/uptime) s after the start of the kernel"
# shellcheck source=/dev/null
. "${stages[$stage]}"
sync
if [ $((stage + 1)) -lt ${#stages[@]} ]; then
    systemctl reboot
else
    echo "done"
    systemctl poweroff
fi
