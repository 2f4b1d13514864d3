#!/usr/bin/env bash
# Builds the Debian package into a directory.
#
#   build-deb.sh DIRECTORY_OF_RELEASE_BUILD OUT [VERSION]
#
# The tree that dpkg-buildpackage sees is a copy of what belongs to the repository, with debian/ where
# Debian wants it; the programs are those of the release build. VERSION stands in for that of the
# changelog (the acceptance test makes an upgrade of it).
set -euo pipefail
cd "$(dirname "$0")/.."

programs=$(realpath "$1")
out=$2
version=$(scripts/version.sh)
wanted=${3:-$version}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
tree=$work/minewarden-$wanted
scripts/export-tree.sh "$tree"
if [ "$wanted" != "$version" ]; then
    sed -i "1s/($version)/($wanted)/" "$tree/debian/changelog"
fi

export MINEWARDEN_BIN_DIR=$programs
(cd "$tree" && dpkg-buildpackage --build=binary --no-sign --root-command=fakeroot) \
    >"$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }
mkdir -p "$out"
cp "$work"/*.deb "$work"/*.changes "$work"/*.buildinfo "$out"
ls "$out"/minewarden_"$wanted"_*.deb
