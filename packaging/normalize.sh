#!/usr/bin/env bash
# Takes out of a program what depends on where it was built: the hash of Swift modules
# (.swift_modhash, for incremental builds only) and the build id, both of which cover the paths in
# debugging information. The new build id is the hash of what is left when it is stripped.
#
#   normalize.sh PROGRAM...
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The size of a section in bytes; 0 without one.
size_of() { readelf --section-headers --wide "$2" | sed -n "s/.* $1 *[A-Z]* *[0-9a-f]* *[0-9a-f]* *\([0-9a-f]*\) .*/0x\1/p"; }

for program; do
    hashes=$(($(size_of .swift_modhash "$program") + 0))
    if [ "$hashes" -gt 0 ]; then
        head -c "$hashes" /dev/zero >"$work/zeros"
        objcopy --update-section .swift_modhash="$work/zeros" "$program"
    fi
    note=.note.gnu.build-id
    if [ "$(($(size_of $note "$program") + 0))" -eq 36 ]; then
        objcopy --dump-section $note="$work/note" "$program" "$work/copy"
        head -c 16 "$work/note" >"$work/head"
        { cat "$work/head"; head -c 20 /dev/zero; } >"$work/note"
        objcopy --update-section $note="$work/note" "$program"
        strip -o "$work/copy" "$program"
        { cat "$work/head"; sha1sum "$work/copy" | cut -c 1-40 | perl -ne 'print pack "H40", $_'; } >"$work/note"
        objcopy --update-section $note="$work/note" "$program"
    fi
done
