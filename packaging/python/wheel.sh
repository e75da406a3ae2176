#!/usr/bin/env bash
# Builds the wheels of a target with maturin. On Linux the program is static, so one program serves glibc and musl: two
# wheels of the same bytes say so.
# usage: wheel.sh TARGET OUT
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
target=${1:?usage: wheel.sh TARGET OUT}
mkdir -p "${2:?usage: wheel.sh TARGET OUT}"
out=$(cd "$2" && pwd)
maturin=${MATURIN:-"pipx run maturin==1.16.0"}

wheel() {
  # What is static needs nothing that could be looked for and packed.
  (cd "$here" && $maturin build --locked --release --target "$target" --out "$out" "$@")
}

case $target in
  *-linux-gnu)
    export RUSTFLAGS="${RUSTFLAGS:-} -Ctarget-feature=+crt-static"
    wheel --compatibility manylinux2014 --auditwheel skip
    wheel --compatibility musllinux_1_1 --auditwheel skip
    ;;
  *-windows-msvc)
    export RUSTFLAGS="${RUSTFLAGS:-} -Ctarget-feature=+crt-static"
    wheel
    ;;
  *) wheel ;;
esac
