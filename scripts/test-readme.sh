#!/usr/bin/env bash
# Executes the commands of README.md that are for a checkout, as they are printed there; those for an
# installed host are executed by the acceptance test (packaging/vm/walk). Results: out/readme.xml.
set -euo pipefail
cd "$(dirname "$0")/.."

blocks=$(mktemp -d)
trap 'rm -rf "$blocks"' EXIT
awk -v directory="$blocks" -f scripts/readme-blocks.awk README.md

mkdir -p out
failures=0
tested=0
{
    echo '<testsuite name="readme">'
    for block in "$blocks"/*.sh; do
        first=$(head -n 1 "$block")
        case $block in
        *-host.sh)
            echo "test-readme: $first" >&2
            outcome=0
            bash -euo pipefail "$block" >"$blocks/output" 2>&1 || outcome=$?
            [ "$outcome" -eq 0 ] || tail -n 40 "$blocks/output" >&2
            ;;
        # What CI runs is tested by being what CI runs.
        *-ci.sh)
            outcome=0
            while read -r command; do
                grep -qE "^ *make (--keep-going )?${command#make }( |$)" .ci/run || outcome=1
            done <"$block"
            ;;
        *-vm.sh | *-vm-refused.sh) continue ;;
        *)
            echo "test-readme: nobody knows how to test $first" >&2
            outcome=1
            ;;
        esac
        tested=$((tested + 1))
        if [ "$outcome" -eq 0 ]; then
            echo "<testcase name=\"README: ${first//[<>&\"]/ }\"/>"
        else
            echo "test-readme: failed: $first" >&2
            echo "<testcase name=\"README: ${first//[<>&\"]/ }\"><failure/></testcase>"
            failures=$((failures + 1))
        fi
    done
    echo '</testsuite>'
} >out/readme.xml
echo "test-readme: $tested blocks, $failures failed"
[ "$failures" -eq 0 ]
