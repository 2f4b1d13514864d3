#!/usr/bin/env bash
# Runs the live-kernel tests as root in a private mount namespace: every mount they make is theirs
# and goes away with them. The result is left in out/live.xml. Arguments go to
# `swift test` (for example --filter Faults).
#
# Not root: uses sudo if that works without a password. If the tests cannot run, that is said, and it
# is a failure when CI=true or MINEWARDEN_REQUIRE_LIVE=1.
set -euo pipefail
cd "$(dirname "$0")/.."
mkdir -p out/live
rm -f out/live*.xml

require=${MINEWARDEN_REQUIRE_LIVE:-0}
[ "${CI:-}" = true ] && require=1

cannot_run() {
    echo "test-live: not run: $*" >&2
    [ "$require" = 1 ] && exit 1
    exit 0
}

as_root=()
if [ "$(id -u)" -ne 0 ]; then
    sudo -n true 2>/dev/null || cannot_run "needs root (run: sudo make test-live)"
    as_root=(sudo -n)
fi
[ "$(uname -s)" = Linux ] || cannot_run "needs Linux"

swift build --build-tests --explicit-target-dependency-import-check error
"${as_root[@]}" unshare --mount --propagation private true ||
    cannot_run "cannot make a private mount namespace (needs CAP_SYS_ADMIN)"

filter=(--filter LiveTests)
[ $# -eq 0 ] || filter=("$@")
exec "${as_root[@]}" env PATH="$PATH" MINEWARDEN_REQUIRE_LIVE="$require" \
    MINEWARDEN_STANDINS="$PWD/out/standins" MINEWARDEN_BIN="${MINEWARDEN_BIN:-$(swift build --show-bin-path)/minewardend}" \
    timeout --kill-after=10 900 unshare --mount --propagation private \
    swift test --skip-build --disable-xctest --no-parallel --xunit-output out/live.xml "${filter[@]}"
