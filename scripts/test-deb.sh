#!/usr/bin/env bash
# Checks the package: no findings of lintian, nothing missing in it, manual pages and completions that
# know every command, and with --twice the same bytes from a second build in another place.
#
#   test-deb.sh DIRECTORY_OF_PACKAGES [--twice]
#
# Results are left in out/deb.xml.
set -euo pipefail
cd "$(dirname "$0")/.."

packages=$(realpath "$1")
tests=(has_no_findings has_everything is_complete purges_with_groups_in_use)
[ "${2:-}" != --twice ] || tests+=(is_reproducible)
version=$(scripts/version.sh)
package=$packages/minewarden_${version}_$(dpkg --print-architecture).deb
work=$(mktemp -d /tmp/minewarden-deb-XXXXXX)
trap 'rm -rf "$work"' EXIT

has_no_findings() {
    lintian --allow-root --fail-on error,warning \
        "${package%.deb}.changes"
}

# From an empty build directory, at another path, at another time, as another build.
is_reproducible() {
    scripts/export-tree.sh "$work/elsewhere/tree"
    make -C "$work/elsewhere/tree" deb >"$work/log" 2>&1 || { cat "$work/log"; return 1; }
    cmp "$package" "$work/elsewhere/tree/out/deb/$(basename "$package")"
}

has_everything() {
    dpkg-deb --fsys-tarfile "$package" | tar --list >"$work/list"
    local path
    for path in usr/bin/minewarden usr/sbin/minewardend usr/share/minewarden/rules/names.yaml \
        etc/minewarden/{minewarden.yaml,protection.yaml,rules.d/README} \
        lib/systemd/system/minewardend.service usr/lib/systemd/catalog/minewarden.catalog \
        usr/lib/{sysusers.d,tmpfiles.d}/minewarden.conf usr/lib/minewarden/canary \
        usr/share/man/man1/minewarden.1.gz usr/share/man/man8/minewardend.8.gz \
        usr/share/man/man5/{minewarden-rules,minewarden.yaml,protection.yaml}.5.gz \
        usr/share/bash-completion/completions/minewarden usr/share/zsh/vendor-completions/_minewarden \
        usr/share/fish/vendor_completions.d/minewarden.fish; do
        grep -qxF "./$path" "$work/list" || { echo "not in the package: $path"; return 1; }
    done
    dpkg-deb --extract "$package" "$work/content"
    cmp packaging/systemd/minewardend.service "$work/content/lib/systemd/system/minewardend.service" &&
        cmp packaging/systemd/minewarden.sysusers "$work/content/usr/lib/sysusers.d/minewarden.conf" &&
        cmp packaging/systemd/minewarden.tmpfiles "$work/content/usr/lib/tmpfiles.d/minewarden.conf" || return 1
    dpkg-deb --field "$package" Depends | grep -E 'libc6 .*libyaml' || return 1
    if dpkg-deb --field "$package" Depends | grep -i swift; then return 1; fi
}

# Every command and every option that --help knows stands in the manual and in the completions.
is_complete() {
    dpkg-deb --extract "$package" "$work/root"
    local tool=$work/root/usr/bin/minewarden page words
    page=$(zcat "$work/root/usr/share/man/man1/minewarden.1.gz" | sed 's/\\-/-/g; s/\\f[A-Z]//g')
    words=$("$tool" --experimental-dump-help | grep -oE '"(name|commandName)" : "[^"]+"' |
        sed 's/.*: "\(.*\)"/\1/' | grep -vxE 'h|help|minewarden' | sort -u)
    [ "$(wc -l <<<"$words")" -gt 5 ]
    local word
    for word in $words; do
        grep -qF -- "$word" <<<"$page" || { echo "minewarden(1) lacks $word"; return 1; }
        for shell in bash-completion/completions/minewarden zsh/vendor-completions/_minewarden \
            fish/vendor_completions.d/minewarden.fish; do
            grep -qF -- "$word" "$work/root/usr/share/$shell" || { echo "$shell lacks $word"; return 1; }
        done
    done
    for page in "$work"/root/usr/share/man/man*/*.gz; do
        [ -z "$(man --warnings -E UTF-8 -l "$page" 2>&1 >/dev/null)" ] || { man --warnings -l "$page" >/dev/null; return 1; }
    done
}

# A group that is a user's own cannot be removed (groupdel says 8); the package goes all the same.
purges_with_groups_in_use() {
    local stubs=$work/stubs
    mkdir -p "$stubs"
    printf '#!/bin/sh\nexit 0\n' | tee "$stubs/rm" >"$stubs/getent"
    # shellcheck disable=SC2016 # for the stub to expand
    printf '#!/bin/sh\necho "$1" >>"%s"\nexit 8\n' "$work/groups" >"$stubs/groupdel"
    chmod 755 "$stubs"/*
    PATH=$stubs /bin/sh packaging/debian/minewarden.postrm purge || return 1
    [ "$(wc -l <"$work/groups")" -eq 2 ]
}

mkdir -p out
failures=0
{
    echo '<testsuite name="deb">'
    for test in "${tests[@]}"; do
        name="the package ${test//_/ }"
        if (set -e; "$test") >"$work/output" 2>&1; then
            echo "<testcase name=\"$name\"/>"
            echo "test-deb: ok: $name" >&2
        else
            echo "<testcase name=\"$name\"><failure/></testcase>"
            echo "test-deb: failed: $name" >&2
            tail -n 40 "$work/output" >&2
            failures=$((failures + 1))
        fi
    done
    echo '</testsuite>'
} >out/deb.xml
[ "$failures" -eq 0 ]
