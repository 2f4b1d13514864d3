#!/usr/bin/env bash
# Runs the unit tests and leaves the machine-readable result in out/unit.xml.
# Arguments go to `swift test`.
set -euo pipefail
cd "$(dirname "$0")/.."
mkdir -p out
rm -f out/unit*.xml
exec swift test --explicit-target-dependency-import-check error --disable-xctest \
    --skip LiveTests --xunit-output out/unit.xml "$@"
