# shellcheck shell=bash disable=SC2154
# The commands of README.md for an installed host, in its order, on a host that has never had the
# package (the stage before has purged it), as they are printed there.

apt-get purge -q -y minewarden >/dev/null 2>&1
mkdir -p /root/readme/out/deb
cd /root/readme || exit
cp /mnt/deb/*.deb out/deb
cp /mnt/readme/* .

readme_block() {
    # There is no sudo here, and nobody to ask.
    # shellcheck disable=SC2317
    sudo() { env APT_CONFIG=/mnt/apt.conf "$@"; }
    export -f sudo
    cat "$block"
    timeout 300 bash -euo pipefail "$block" 2>&1
}

readme_block_refused() {
    local answer
    if answer=$(timeout 60 bash -euo pipefail "$block" 2>&1); then fail "not refused: $answer"; fi
    grep 'Operation not permitted' <<<"$answer"
}

for block in /root/readme/*.sh; do
    name="README: $(head -n 1 "$block")"
    case $block in
    *-vm.sh) step "$name" readme_block ;;
    *-vm-refused.sh) step "$name is refused" readme_block_refused ;;
    esac
done
cd /
