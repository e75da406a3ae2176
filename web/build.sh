#!/usr/bin/env bash
# Builds the WebAssembly module and the JavaScript around it into web/dist/engine.
#
# With rustup: `rustup target add wasm32-unknown-unknown`. Without that target (a machine that reaches no toolchain server)
# Debian's rustc-web, cargo-web, rust-web-src and lld-19 build the standard library on the way.
# `wasm-bindgen` must be of the version that web/Cargo.lock names; it is installed into web/dist/tools where it is missing.
set -euo pipefail
cd "$(dirname "$0")"

version=$(sed -n '/^name = "wasm-bindgen"$/{n;s/version = "\(.*\)"/\1/p}' Cargo.lock)
bindgen=dist/tools/bin/wasm-bindgen
if command -v wasm-bindgen > /dev/null && [ "$(wasm-bindgen --version)" = "wasm-bindgen $version" ]; then
  bindgen=$(command -v wasm-bindgen)
elif [ ! -x "$bindgen" ] || [ "$("$bindgen" --version)" != "wasm-bindgen $version" ]; then
  # A mirror may lack a crate that it is locked to; what the tool writes is decided by its own version.
  cargo install --quiet --locked --root dist/tools --version "$version" wasm-bindgen-cli 2> /dev/null ||
    cargo install --quiet --root dist/tools --version "$version" wasm-bindgen-cli
fi

# Small stacks are met early in a browser; documents may be deep.
flags="-Clink-arg=-zstack-size=4194304"
if rustc --print target-libdir --target wasm32-unknown-unknown > /dev/null 2>&1 && [ -d "$(rustc --print target-libdir --target wasm32-unknown-unknown)" ]; then
  RUSTFLAGS="$flags" cargo build --locked --release --target wasm32-unknown-unknown
elif [ -x /usr/bin/rustc ] && [ -x /usr/bin/wasm-ld-19 ]; then
  RUSTFLAGS="$flags" RUSTC_BOOTSTRAP=1 RUSTC=/usr/bin/rustc /usr/bin/cargo build --locked --release \
    --target wasm32-unknown-unknown -Zbuild-std=std,panic_abort \
    --config 'target.wasm32-unknown-unknown.linker="/usr/bin/wasm-ld-19"'
else
  echo "build.sh: no toolchain for wasm32-unknown-unknown: rustup target add wasm32-unknown-unknown, or Debian's rustc-web cargo-web rust-web-src lld-19" >&2
  exit 2
fi

"$bindgen" --target web --out-dir dist/engine --out-name engine \
  "${CARGO_TARGET_DIR:-target}/wasm32-unknown-unknown/release/passrole_web.wasm"
ls -l dist/engine/engine_bg.wasm
