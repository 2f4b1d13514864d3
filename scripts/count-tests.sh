#!/usr/bin/env bash
# Adds up the test results in out/*.xml and prints "N passed, N failed".
# Skipped tests count as neither. Exit status 1 if a test failed or no result is there.
set -euo pipefail
cd "$(dirname "$0")/.."

passed=0
failed=0
for result in out/*.xml; do
    [ -f "$result" ] || continue
    read -r p f < <(awk '
        /<testcase / { tests++; failing = 0 }
        /<failure/ { failures += !failing; failing = 1 }
        /<skipped/ { skipped++ }
        END { print tests - failures - skipped, failures + 0 }' "$result")
    passed=$((passed + p))
    failed=$((failed + f))
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
