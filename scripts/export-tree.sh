#!/usr/bin/env bash
# Copies what belongs to the repository (committed or not, without what git ignores), or to such a copy,
# to a new directory, with packaging/debian as debian/, as Debian's tools want it.
#
#   export-tree.sh DIRECTORY
set -euo pipefail
cd "$(dirname "$0")/.."

tree=$1
# A checkout may belong to somebody else than who copies it.
export GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=safe.directory GIT_CONFIG_VALUE_0="$PWD"
mkdir -p "$tree"
list() {
    if [ -e .git ]; then
        git ls-files -z --cached --others --exclude-standard
    else
        find . \( -name '.build*' -o -path ./out -o -path ./debian \) -prune -o \( -type f -o -type l \) -print0
    fi
}
list | while IFS= read -r -d '' file; do
    # Deleted, and not committed as such.
    [ ! -e "$file" ] && [ ! -L "$file" ] || printf '%s\0' "$file"
done | tar --create --null --files-from=- | tar --extract --directory "$tree"
cp --recursive "$tree/packaging/debian" "$tree/debian"
# Where debhelper looks for them. Not as links in the repository: not everything that carries a tree
# from one place to another keeps those.
cp "$tree/packaging/systemd/minewardend.service" "$tree/debian/minewarden.minewardend.service"
cp "$tree/packaging/systemd/minewarden.sysusers" "$tree/packaging/systemd/minewarden.tmpfiles" "$tree/debian"
