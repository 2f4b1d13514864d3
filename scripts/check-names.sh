#!/usr/bin/env bash
# The shipped rules against every program of Debian: none may match by its name or path alone.
#
#   check-names.sh PATH_OF_MINEWARDEN
#
# Two lists: dpkg's database of this host, and the archive's `Contents` (main, amd64 and all), which
# apt fetches into a directory of its own. Without a network the archive is left out and that is
# said; with MINEWARDEN_REQUIRE_ARCHIVE=1 it is a failure. MINEWARDEN_CONTENTS=FILE takes the paths of the archive from a file, one per line.
set -euo pipefail
cd "$(dirname "$0")/.."

tool=$1
stage=$(mktemp -d /tmp/minewarden-names-XXXXXX)
trap 'rm -rf "$stage"' EXIT

# Succeeds if no rule matches a program of the dpkg database in $2.
check() {
    local output status=0
    output=$("$tool" check --packages "$2" rules 2>&1) || status=$?
    if [ "$status" -ne 0 ]; then
        printf '%s\n' "$output" >&2
        echo "check-names: rules match programs of $1" >&2
        exit 1
    fi
    echo "check-names: $1: none of $(cat "$2"/info/*.list | grep -cE "$programs") programs matches"
}

programs='^/(usr/)?(local/)?(s?bin|games|libexec)/'

mkdir -p "$stage"/{installed,archive}/info "$stage"/apt/{lists/partial,archives/partial,etc}
cat /var/lib/dpkg/info/*.list >"$stage/installed/info/a.list"
check "this host" "$stage/installed"
if [ -n "${MINEWARDEN_CONTENTS:-}" ]; then
    cp "$MINEWARDEN_CONTENTS" "$stage/archive/info/a.list"
    check "the archive" "$stage/archive"
    exit 0
fi

# shellcheck source=/dev/null
suite=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
cat >"$stage/apt/etc/sources.list" <<SOURCES
deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://deb.debian.org/debian ${suite:-bookworm} main
SOURCES
cat >"$stage/apt/etc/apt.conf" <<CONF
Dir::Etc::SourceList "$stage/apt/etc/sources.list";
Dir::Etc::SourceParts "-";
Dir::State::Lists "$stage/apt/lists";
Dir::Cache "$stage/apt";
Acquire::Languages "none";
Acquire::IndexTargets::deb::Packages::DefaultEnabled "false";
Acquire::IndexTargets::deb::Contents {
    MetaKey "\$(COMPONENT)/Contents-\$(ARCHITECTURE)";
    ShortDescription "Contents";
    Description "Contents";
    flatMetaKey "Contents-\$(ARCHITECTURE)";
    flatDescription "Contents";
};
CONF
export APT_CONFIG=$stage/apt/etc/apt.conf
if ! timeout 300 apt-get update -q >"$stage/apt/log" 2>&1 ||
    ! compgen -G "$stage/apt/lists/*Contents*" >/dev/null; then
    tail -5 "$stage/apt/log" >&2
    echo "check-names: the archive's Contents cannot be fetched" >&2
    [ "${MINEWARDEN_REQUIRE_ARCHIVE:-0}" != 1 ] || exit 1
    exit 0
fi
for list in "$stage"/apt/lists/*Contents*; do
    /usr/lib/apt/apt-helper cat-file "$list"
done | sed -E 's,^,/,; s,[[:space:]]+[^[:space:]]+$,,' | grep -E "$programs" | sort -u \
    >"$stage/archive/info/a.list"
[ "$(wc -l <"$stage/archive/info/a.list")" -gt 10000 ] || {
    echo "check-names: the archive's Contents are not whole" >&2
    exit 1
}
check "the archive" "$stage/archive"
