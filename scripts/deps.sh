#!/usr/bin/env bash
# Installs from Debian's archive what building (deps.sh build) or testing (deps.sh test) needs.
# Does nothing, and needs no root, when everything is there. The Swift toolchain is not in Debian
# and is only checked for.
set -euo pipefail

build_packages=(gcc g++ libc6-dev make pkg-config libmd-dev libnl-3-dev libnl-genl-3-dev
    libre2-dev libsystemd-dev libyaml-dev util-linux)
test_packages=(binutils busybox-static clang-format cron git groff man-db podman runc shellcheck systemd
    debhelper debootstrap dpkg-dev e2fsprogs fakeroot lintian python3 qemu-system-x86)

fail() {
    echo "deps.sh: $*" >&2
    exit 2
}

case ${1:-build} in
build) packages=("${build_packages[@]}") ;;
test) packages=("${build_packages[@]}" "${test_packages[@]}") ;;
*) fail "usage: deps.sh build|test" ;;
esac

wanted=$(cat "$(dirname "$0")/../.swift-version")
command -v swift >/dev/null ||
    fail "no swift on PATH: install the Swift $wanted toolchain (https://www.swift.org/install/linux/)"
case $(swift --version 2>/dev/null) in
*"Swift version ${wanted%.*}"*) ;;
*) echo "deps.sh: warning: minewarden is built with Swift $wanted, found another version" >&2 ;;
esac

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
    fail "this is not a Debian-like system; install the equivalents of: ${packages[*]}"
fi

missing=()
for package in "${packages[@]}"; do
    state=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)
    [ "$state" = installed ] || missing+=("$package")
done
[ ${#missing[@]} -gt 0 ] || exit 0

root=()
if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || fail "root is needed to install: ${missing[*]} (no sudo found)"
    root=(sudo)
fi
echo "deps.sh: installing ${missing[*]}"
"${root[@]}" apt-get update -q
"${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends \
    "${missing[@]}"
