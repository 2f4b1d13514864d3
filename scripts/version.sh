#!/usr/bin/env bash
# Prints the version: that of the newest entry of the package's change log.
set -euo pipefail
sed -n '1s/^minewarden (\([^)]*\)) .*/\1/p' "$(dirname "$0")/../packaging/debian/changelog"
