#!/usr/bin/env bash
# The acceptance test: boots a Debian under QEMU, installs the package, and lives a day with it
# (packaging/vm/walk). Needs root, for debootstrap.
#
#   vm-test.sh PACKAGE HIGHER_PACKAGE [PROFILE...]
#
# Profiles are those of packaging/vm/profiles; without any, the first. The machine is emulated in
# software, which works everywhere; MINEWARDEN_VM_ACCEL=kvm uses the processor's help (some virtual
# machines hang with it). Disks are kept in MINEWARDEN_VM_CACHE (~/.cache/minewarden-vm).
#
# Left in out/vm-PROFILE: console.log (the serial console) and results.log; out/vm-PROFILE.xml counts.
set -euo pipefail
cd "$(dirname "$0")/.."

package=$(realpath "$1")
higher=$(realpath "$2")
shift 2
profiles=("$@")
[ ${#profiles[@]} -gt 0 ] || profiles=("$(awk '!/^#/ { print $1; exit }' packaging/vm/profiles)")
cache=${MINEWARDEN_VM_CACHE:-${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/minewarden-vm}
limit=${MINEWARDEN_VM_SECONDS:-1800}

accel=(-accel "tcg,thread=multi")
[ "${MINEWARDEN_VM_ACCEL:-}" != kvm ] || accel=(-accel kvm -cpu host)

as_root=()
if [ "$(id -u)" -ne 0 ]; then as_root=(sudo -n); fi

# One result file for all steps: name and outcome. A walk that did not come to its end is a failure.
count_results() {
    local results=$1 name=$2
    awk -v name="$name" '
        function escaped(text) { gsub(/&/, "\\&amp;", text); gsub(/</, "\\&lt;", text); gsub(/"/, "\\&quot;", text); return text }
        function failed(text) { print "<testcase name=\"" escaped(text) "\"><failure/></testcase>" }
        BEGIN { print "<testsuite name=\"" name "\">" }
        /^ok / { print "<testcase name=\"" escaped(substr($0, 4)) "\"/>" }
        /^not ok / { failed(substr($0, 8)) }
        /^done/ { finished = 1 }
        END { if (!finished) failed("the walk comes to its end"); print "</testsuite>" }' "$results"
}

walk() {
    local profile=$1 work image started=$SECONDS
    work=$PWD/out/vm-$profile
    image=$("${as_root[@]}" packaging/vm/image.sh "$profile" "$cache")
    rm -rf "$work"
    mkdir -p "$work/payload/deb" "$work/payload/higher" "$work/payload/readme"
    awk -v directory="$work/payload/readme" -f scripts/readme-blocks.awk README.md
    cp -r packaging/vm/walk/. "$work/payload"
    cp "$package" "$work/payload/deb"
    cp "$higher" "$work/payload/higher"
    mke2fs -q -t ext4 -d "$work/payload" "$work/payload.img" 64M
    rm -r "$work/payload"
    # The disk is not written: changes are in a temporary file for as long as the machine lives,
    # over its reboots.
    timeout --kill-after=5 "$limit" qemu-system-x86_64 "${accel[@]}" -smp 2 -m 1024 \
        -nodefaults -no-user-config -display none -device virtio-rng-pci \
        -kernel "$image/vmlinuz" -initrd "$image/initrd" \
        -append "root=/dev/vda rw console=ttyS0 panic=5 quiet systemd.show_status=1" \
        -drive "file=$image/root.img,if=virtio,format=raw,snapshot=on" \
        -drive "file=$work/payload.img,if=virtio,format=raw,read-only=on" \
        -serial "file:$work/console.log" -serial "file:$work/results.log" ||
        echo "vm-test: $profile: QEMU ended with status $?" >&2
    [ -s "$work/results.log" ] || echo "# nothing was heard of the machine" >"$work/results.log"
    rm "$work/payload.img"
    count_results "$work/results.log" "vm-$profile" >"out/vm-$profile.xml"
    cat "$work/results.log"
    if ! grep -q '^done' "$work/results.log"; then
        echo "vm-test: $profile: the walk did not come to its end; the console says:" >&2
        tail -n 40 "$work/console.log" >&2
    fi
    echo "vm-test: $profile: $(grep -c '<testcase.*/>$' "out/vm-$profile.xml" || true) passed," \
        "$(grep -c '<failure/>' "out/vm-$profile.xml" || true) failed, in $((SECONDS - started)) s"
    ! grep -q '<failure/>' "out/vm-$profile.xml"
}

status=0
for profile in "${profiles[@]}"; do
    # Not as a condition: there, no command that fails would end it.
    set +e
    (set -e; walk "$profile")
    outcome=$?
    set -e
    [ "$outcome" -eq 0 ] || status=1
done
exit "$status"
