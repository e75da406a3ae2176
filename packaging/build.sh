#!/usr/bin/env bash
# Builds the program for a target triple and prints where it is. On Linux the C library goes in, so that one file runs on
# every distribution, however old, and in an image with nothing else.
# usage: build.sh TARGET
set -euo pipefail
cd "$(dirname "$0")/.."

target=${1:?usage: build.sh TARGET}
case $target in
  *-linux-gnu) export RUSTFLAGS="${RUSTFLAGS:-} -Ctarget-feature=+crt-static" ;;
  *-windows-msvc) export RUSTFLAGS="${RUSTFLAGS:-} -Ctarget-feature=+crt-static" ;;
esac
cargo build --locked --release --bin passrole --target "$target" >&2

program=passrole
case $target in *-windows-*) program=passrole.exe ;; esac
echo "${CARGO_TARGET_DIR:-target}/$target/release/$program"
