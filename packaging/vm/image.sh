#!/usr/bin/env bash
# Makes the disk of one system of the acceptance test, with debootstrap: a plain Debian without
# minewarden, and the libraries that it depends on in a local archive for apt. Needs root.
#
#   image.sh PROFILE CACHE
#
# Prints the directory with root.img, vmlinuz and initrd. It is named after everything that it was
# made from, so that a change of any of it makes a new one; the archive's packages may be newer ones
# later, which a week in the name accounts for. MINEWARDEN_VM_MIRROR names another mirror.
set -euo pipefail

here=$(realpath "$(dirname "$0")")
profile=$1
cache=$2
mirror=${MINEWARDEN_VM_MIRROR:-http://deb.debian.org/debian}
libraries=(libmd0 libnl-3-200 libnl-genl-3-200 libre2-9 libstdc++6 libyaml-0-2)

read -r _ suite kernel_suite < <(grep -E "^${profile}[[:space:]]" "$here/profiles") ||
    { echo "image.sh: no profile '$profile' in $here/profiles" >&2; exit 2; }

key=$({ date +%G-%V; echo "$suite $kernel_suite $mirror"; cat "$0" "$here/packages" "$here/walk.service"; } |
    sha256sum | cut -c 1-16)
image=$cache/$profile-$key
if [ -f "$image/complete" ]; then
    echo "$image"
    exit
fi

if [ "${MINEWARDEN_IMAGE_INSIDE:-}" = "" ]; then
    # What is mounted meanwhile goes away with the namespace.
    exec env MINEWARDEN_IMAGE_INSIDE=1 unshare --mount --propagation private "$0" "$profile" "$cache"
fi

mkdir -p "$cache"
rm -rf "$cache/$profile"-*
root=$(mktemp -d "$cache/root-XXXXXX")
trap 'umount -l "$root/proc" 2>/dev/null || true; rm -rf "$root" "$image.new"' EXIT
{
    chmod 755 "$root"
    debootstrap --variant=minbase "$suite" "$root" "$mirror"
    mount -t proc proc "$root/proc"

    inside() { env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive chroot "$root" "$@"; }
    # Only what this machine needs: a small initrd starts sooner under emulation.
    mkdir -p "$root/etc/initramfs-tools/conf.d"
    echo MODULES=list >"$root/etc/initramfs-tools/conf.d/modules"
    printf 'virtio_pci\nvirtio_blk\next4\n' >"$root/etc/initramfs-tools/modules"
    [ "$kernel_suite" = "$suite" ] || echo "deb $mirror $kernel_suite main" >>"$root/etc/apt/sources.list"
    inside apt-get update -q
    # With apt: debootstrap does not know alternatives of dependencies.
    mapfile -t packages <"$here/packages"
    inside apt-get install -q -y --no-install-recommends "${packages[@]}"
    inside apt-get install -q -y --no-install-recommends -t "$kernel_suite" linux-image-cloud-amd64

    # What the package depends on comes from an archive, as for everybody who installs it.
    mkdir -p "$root/srv/archive"
    inside sh -c "cd /srv/archive && apt-get download -q ${libraries[*]}"
    (cd "$root/srv/archive" && dpkg-scanpackages --multiversion . >Packages)
    echo 'deb [trusted=yes] file:/srv/archive ./' >"$root/etc/apt/sources.list"
    inside apt-get update -q
    inside apt-get clean

    echo '/dev/vda / ext4 defaults 0 1' >"$root/etc/fstab"
    echo walk >"$root/etc/hostname"
    echo '127.0.0.1 localhost walk' >"$root/etc/hosts"
    mkdir -p "$root/var/log/journal" "$root/mnt"
    install -m 644 "$here/walk.service" "$root/etc/systemd/system/walk.service"
    inside systemctl enable walk.service
    inside systemctl mask apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer \
        e2scrub_all.timer fstrim.timer podman-auto-update.timer
    umount "$root/proc"

    rm -rf "$image.new"
    mkdir "$image.new"
    cp "$root"/boot/vmlinuz-* "$image.new/vmlinuz"
    cp "$root"/boot/initrd.img-* "$image.new/initrd"
    mke2fs -q -t ext4 -d "$root" "$image.new/root.img" 3G
    touch "$image.new/complete"
    mv "$image.new" "$image"
} >&2
echo "$image"
