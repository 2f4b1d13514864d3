#!/usr/bin/env bash
# Makes from the command definitions what the package ships of them: the manual page minewarden(1)
# and the completions of bash, zsh and fish.
#
#   generate.sh PATH_OF_MINEWARDEN DIRECTORY [SECONDS_SINCE_1970]
set -euo pipefail

program=$1
out=$2
date=$(date --utc --date "@${3:-$(date +%s)}" +%Y-%m-%d)
here=$(dirname "$0")

mkdir -p "$out"/completions/{bash,zsh,fish}
"$program" --experimental-dump-help | "$here/man/command-page.pl" "$date" >"$out/minewarden.1"
# It is read by shells, not started: without its first line.
"$program" --generate-completion-script bash | sed '1{/^#!/d}' >"$out/completions/bash/minewarden"
"$program" --generate-completion-script zsh >"$out/completions/zsh/_minewarden"
"$program" --generate-completion-script fish >"$out/completions/fish/minewarden.fish"
