#!/usr/bin/env bash
# Checks the form of what is in the repository (lint.sh) or repairs what a tool can (lint.sh --fix).
# Every check runs, all findings are printed, and any finding makes the exit status 1.
set -euo pipefail
cd "$(dirname "$0")/.."

# A checkout may belong to somebody else than who checks it.
export GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=safe.directory GIT_CONFIG_VALUE_0="$PWD"
git rev-parse --is-inside-work-tree >/dev/null

list() { git ls-files --cached --others --exclude-standard -- "$@" | while read -r f; do
    [ -f "$f" ] && printf '%s\n' "$f"
done; }

mapfile -t swift_files < <(list '*.swift')
mapfile -t c_files < <(list '*.c' '*.h' '*.cpp')
mapfile -t shell_files < <(list '*.sh' '.ci/run')

if [ "${1:-}" = --fix ]; then
    swift format format --in-place --parallel "${swift_files[@]}"
    clang-format -i "${c_files[@]}"
    exit 0
fi

findings=0
check() {
    local what=$1
    shift
    if ! "$@"; then
        echo "lint: $what" >&2
        findings=$((findings + 1))
    fi
}

no_longer_than() {
    local limit=$1
    shift
    ! wc -l "$@" | awk -v limit="$limit" '$2 != "total" && $1 > limit' | grep .
}

# Succeeds if git grep finds nothing.
absent() { ! git grep --untracked -nIE "$@"; }

check "swift format --strict has findings (make fmt)" \
    swift format lint --strict --parallel "${swift_files[@]}"
check "clang-format has findings (make fmt)" clang-format --dry-run --Werror "${c_files[@]}"
check "shellcheck has findings" shellcheck "${shell_files[@]}"
check "trailing white space" absent '[[:blank:]]+$' -- ':!LICENSE' ':!Tests/Fixtures/rules' \
    ':!Tests/Fixtures/fuzz' ':!Tests/Fixtures/cli'
check "Foundation is imported below the command line tool" \
    absent '^[[:space:]]*(@[a-z_]+ |public |package |internal )*import (Foundation|FoundationEssentials)\b' \
    -- 'Sources/*.swift' ':!Sources/minewarden/'
check "a pure module imports the system" \
    absent '^[[:space:]]*(@[a-z_]+ |public |package |internal )*import (Glibc|Musl|SystemPackage|CLinux|CMessageDigest|CNetlink)\b' \
    -- 'Sources/Diagnostics' 'Sources/YAML' 'Sources/RuleLanguage' 'Sources/Policy' 'Sources/Signals' \
    'Sources/JSON' 'Sources/Containers'
check "a TODO is left" absent '\b(TODO|FIXME|XXX)\b' -- Sources Tests scripts Benchmarks rules Makefile \
    ':!scripts/lint.sh' ':!Tests/Fixtures/fuzz'
same_versions() { grep -q "\"$(scripts/version.sh)\"" Sources/Signals/Version.swift; }
check "Sources/Signals/Version.swift has another version than packaging/debian/changelog" same_versions
check "a source file is longer than 600 lines" no_longer_than 600 "${swift_files[@]}" "${c_files[@]}"

[ "$findings" -eq 0 ] || exit 1
