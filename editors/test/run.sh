#!/usr/bin/env bash
# Tests in real editors: see README.md beside this file.
# usage: run.sh PASSROLE
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
passrole=$(realpath "${1:?usage: run.sh PASSROLE}")
export EDITORS_CACHE=${EDITORS_CACHE:-$HOME/.cache/passrole-editors}
mkdir -p "$EDITORS_CACHE"
CODE_SERVER=4.139.1 NODE=24.21.0 PLAYWRIGHT=1.65.1

step() { printf '%s\n' "$*" >&2; }
leave_out() {
  step "left out: $1"
  [ "${EDITORS_REQUIRED:-0}" = 0 ] || exit 1
}

debian() { # packages
  local missing=()
  for package in "$@"; do dpkg -s "$package" > /dev/null 2>&1 || missing+=("$package"); done
  [ ${#missing[@]} = 0 ] && return
  command -v apt-get > /dev/null && [ "$(id -u)" = 0 ] || return 1
  apt-get update -qq > /dev/null && DEBIAN_FRONTEND=noninteractive apt-get install -qqy --no-install-recommends "${missing[@]}" > /dev/null
}

# Neovim of Debian's newest suite, with its own libraries, beside the system's.
neovim() {
  if command -v nvim > /dev/null && nvim --headless -c 'lua os.exit(vim.fn.has("nvim-0.11") == 1 and 0 or 1)' 2> /dev/null; then
    command -v nvim
    return
  fi
  local to="$EDITORS_CACHE/neovim" apt="$EDITORS_CACHE/apt" mirror
  if [ ! -x "$EDITORS_CACHE/nvim" ]; then
    debian patchelf || return 1
    mkdir -p "$apt/state/lists/partial" "$apt/cache/archives/partial"
    : > "$apt/status"
    apt-get indextargets --format '$(SITE)' 'Identifier: Packages' > "$apt/mirrors" 2> /dev/null || true
    mirror=$(head -1 "$apt/mirrors")
    [ -n "$mirror" ] || return 1
    echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror sid main" > "$apt/sources.list"
    cat > "$apt/apt.conf" <<EOF
Dir::State "$apt/state";
Dir::State::status "$apt/status";
Dir::Cache "$apt/cache";
Dir::Etc::sourcelist "$apt/sources.list";
Dir::Etc::sourceparts "/dev/null";
Dir::Etc::preferencesparts "/dev/null";
APT::Sandbox::User "root";
APT::Install-Recommends "0";
Acquire::Languages "none";
EOF
    APT_CONFIG="$apt/apt.conf" apt-get -qq update > /dev/null || return 1
    APT_CONFIG="$apt/apt.conf" apt-get -qqy install --download-only neovim > /dev/null || return 1
    rm -rf "$to" && mkdir -p "$to"
    for package in "$apt"/cache/archives/*.deb; do dpkg-deb -x "$package" "$to"; done
    patchelf --set-interpreter "$(find "$to/usr/lib64" "$to/usr/lib" -maxdepth 2 -name 'ld-linux*.so.*' 2> /dev/null | head -1)" \
      --force-rpath --set-rpath "$to/usr/lib/$(dpkg-architecture -qDEB_HOST_MULTIARCH 2> /dev/null || echo "$(uname -m)-linux-gnu")" "$to/usr/bin/nvim"
    printf '#!/bin/sh\nexport VIMRUNTIME="%s"\nexec "%s" "$@"\n' "$to/usr/share/nvim/runtime" "$to/usr/bin/nvim" > "$EDITORS_CACHE/nvim"
    chmod +x "$EDITORS_CACHE/nvim"
  fi
  echo "$EDITORS_CACHE/nvim"
}

# VS Code's own server and window; the two native modules that an extension host needs are compiled.
vscode() {
  debian chromium fonts-dejavu-core g++ make python3 || return 1
  local stamp="$CODE_SERVER $NODE $PLAYWRIGHT"
  [ "$(cat "$EDITORS_CACHE/vscode.stamp" 2> /dev/null)" = "$stamp" ] && return
  rm -rf "$EDITORS_CACHE/node" "$EDITORS_CACHE/code-server" "$EDITORS_CACHE/tools"
  mkdir -p "$EDITORS_CACHE/node" "$EDITORS_CACHE/code-server" "$EDITORS_CACHE/tools"
  local platform
  platform=$(node -p 'process.platform + "-" + process.arch')
  (cd "$EDITORS_CACHE/node" && echo '{}' > package.json && npm install --silent --no-save --ignore-scripts "node-$platform@$NODE") || return 1
  ln -sfn "node/node_modules/node-$platform" "$EDITORS_CACHE/node24"
  (
    export PATH="$EDITORS_CACHE/node24/bin:$PATH" npm_config_nodedir="$EDITORS_CACHE/node24" JOBS=max
    cd "$EDITORS_CACHE/tools" && echo '{}' > package.json && npm install --silent --no-save "playwright-core@$PLAYWRIGHT"
    cd "$EDITORS_CACHE/code-server" && echo '{}' > package.json
    npm install --silent --no-save --omit=dev --ignore-scripts "code-server@$CODE_SERVER"
    cd node_modules/code-server/lib/vscode && npm install --silent --no-save --omit=dev --ignore-scripts
    (cd extensions && npm install --silent --no-save --omit=dev --ignore-scripts && node postinstall.mjs > /dev/null)
    npm rebuild --silent @vscode/spdlog @vscode/native-watchdog
  ) > /dev/null 2>&1 || return 1
  echo "$stamp" > "$EDITORS_CACHE/vscode.stamp"
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# The folder that both open: a copy, since fixes are made in it.
project() { rm -rf "$work/project" && cp -r "$root/demo" "$work/project" && git -C "$work/project" init -q; }

if nvim=$(neovim); then
  project
  (cd "$work/project" && XDG_CONFIG_HOME="$work/config" XDG_DATA_HOME="$work/data" XDG_STATE_HOME="$work/state" XDG_CACHE_HOME="$work/cache" \
    PASSROLE="$passrole" PLUGIN="$root/editors/neovim" "$nvim" --clean --headless -l "$here/neovim.lua")
else
  leave_out "Neovim 0.11 could not be installed"
fi

if vscode; then
  project
  "$root/packaging/vsix.sh" linux-x64 "$passrole" "$work" > "$work/vsix"
  PASSROLE_VSIX=$(cat "$work/vsix") PROJECT="$work/project" "$EDITORS_CACHE/node24/bin/node" --test "$here/vscode.mjs"
  if [ -f "$root/web/dist/engine/engine_bg.wasm" ]; then
    project
    (cd "$root/editors/vscode" && npm run --silent package-web > /dev/null)
    PASSROLE_WEB_VSIX="$root/editors/vscode/passrole-web.vsix" PROJECT="$work/project" "$EDITORS_CACHE/node24/bin/node" --test "$here/web.mjs"
  else
    step "left out: the engine for browsers is not built (web/build.sh)"
  fi
else
  leave_out "VS Code could not be installed"
fi
