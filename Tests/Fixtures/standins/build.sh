#!/usr/bin/env bash
# Builds the stand-ins and the starters into a directory.
#
#   build.sh OUT [ROOT]
#
# With ROOT the dynamic stand-in is also linked against the loader ROOT/ld.so (standin-own-loader),
# so that the loader lies on the watched filesystem. Without a compiler that can do -m32 the 32-bit
# stand-in is left out; the tests that need it say so.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
out=$1
root=${2:-}
cc=${CC:-cc}
flags=(-std=gnu11 -O1 -Wall -Wextra -Werror)
mkdir -p "$out"

"$cc" "${flags[@]}" -static -o "$out/standin-static" "$here/standin.c"
"$cc" "${flags[@]}" -static-pie -fPIE -o "$out/standin-static-pie" "$here/standin.c"
"$cc" "${flags[@]}" -o "$out/standin-dynamic" "$here/standin.c"
"$cc" "${flags[@]}" -static -pthread -o "$out/starter-static" "$here/starter.c"
for program in starter swapper stall lessee forks changer; do
    "$cc" "${flags[@]}" -pthread -o "$out/$program" "$here/$program.c"
done
if [ -n "$root" ]; then
    "$cc" "${flags[@]}" -Wl,--dynamic-linker="$root/ld.so" -o "$out/standin-own-loader" \
        "$here/standin.c"
fi
case $(uname -m) in
x86_64)
    if ! gcc -std=gnu11 -O1 -m32 -march=i686 -fno-pie -no-pie -nostdlib -static -ffreestanding \
        -fno-stack-protector -o "$out/standin-32" "$here/standin32.c" 2>"$out/standin-32.log"; then
        echo "build.sh: no 32-bit stand-in (see $out/standin-32.log)" >&2
        rm -f "$out/standin-32"
    fi
    ;;
esac
