#!/usr/bin/env bash
# Makes every package that one Linux machine can make from a program, installs each in an empty place, and runs it.
# Needs Python and, for what it says it leaves out where they are missing, npm, dpkg-deb, chroot (as root), maturin.
# usage: try.sh BINARY      a program for this machine; static where it is to run in an empty image
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(dirname "$here")
binary=$(realpath "${1:?usage: try.sh BINARY}")
version=$("$here/version.sh")
machine=$(uname -m)
case $machine in x86_64) deb=amd64 node=linux-x64 runner=X64 ;; aarch64) deb=arm64 node=linux-arm64 runner=ARM64 ;; *) echo "no packages for $machine" >&2; exit 2 ;; esac
target=$machine-unknown-linux-gnu

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0
size() { du -h --apparent-size "$1" | cut -f1; }

# Runs a program over the demo: it must find what is there, and say so by its exit status.
runs() {
  local name=$1 status=0
  shift
  "$@" check --format concise "$work/demo" > "$work/out" 2>&1 || status=$?
  if [ "$status" = 1 ] && grep -q fargate-network-mode "$work/out"; then
    echo "ok      $name"
  else
    echo "FAILED  $name (status $status)"
    tail -5 "$work/out"
    failed=1
  fi
}
left_out() { echo "left    $1: $2"; }

cp -r "$root/demo" "$work/demo"

archive=$("$here/archive.sh" "$target" "$binary" "$work/dist")
mkdir "$work/unpacked" && tar -C "$work/unpacked" -xzf "$archive"
runs "archive, $(size "$archive")" "$work/unpacked/passrole-$version-$target/passrole"
grep -q "Third-party notices" "$work/unpacked/passrole-$version-$target/THIRD-PARTY.md"
again=$("$here/archive.sh" "$target" "$binary" "$work/again")
cmp "$archive" "$again" && echo "ok      archive, the same bytes twice"

if command -v dpkg-deb > /dev/null; then
  package=$("$here/deb.sh" "$deb" "$binary" "$work/dist" 2> /dev/null)
  dpkg-deb -x "$package" "$work/deb"
  runs ".deb, $(size "$package")" "$work/deb/usr/bin/passrole"
else
  left_out .deb "no dpkg-deb"
fi

if [ "$(id -u)" = 0 ] && ! ldd "$binary" > /dev/null 2>&1; then
  # What `FROM scratch` gives: the program, and what is mounted.
  mkdir -p "$work/image/src" && cp "$binary" "$work/image/passrole" && cp -r "$work/demo" "$work/image/src/demo"
  status=0
  chroot --userspec=65532:65532 "$work/image" /passrole check --format concise /src/demo > "$work/out" 2>&1 || status=$?
  if [ "$status" = 1 ]; then echo "ok      image, $(size "$binary")"; else echo "FAILED  image (status $status)"; tail -5 "$work/out"; failed=1; fi
else
  left_out image "not root, or the program is not static"
fi

if command -v npm > /dev/null; then
  node "$here/npm/build.mjs" "$work/npm" "$node=$binary"
  (cd "$work/npm" && npm pack --silent "./$node" ./passrole > /dev/null)
  mkdir "$work/npm-user" && cd "$work/npm-user"
  # The other platforms' packages are in no registry yet; npm takes those that it is given.
  npm install --silent --no-audit --no-fund --omit=optional "$work/npm/passrole-$version.tgz" "$work/npm/passrole-$node-$version.tgz" > /dev/null
  runs "npm, $(size "$work/npm/passrole-$node-$version.tgz")" npx --no-install passrole
  rm -rf "node_modules/@passrole"
  if npx --no-install passrole --version > "$work/out" 2>&1; then echo "FAILED  npm without its program"; failed=1; else
    grep -q "no program for $node is installed" "$work/out" && echo "ok      npm, told where its program is missing"
  fi
  cd "$root"
else
  left_out npm "no npm"
fi

if python3 -m venv "$work/venv" 2> /dev/null; then
  # A wheel is an archive: the same program with the names that pip reads. Releases make it with maturin (wheel.sh), which
  # builds; here the layout is what counts.
  python3 "$here/python/pack.py" "$binary" "$work/dist" > "$work/wheel"
  "$work/venv/bin/pip" install --quiet --disable-pip-version-check --no-index "$(cat "$work/wheel")"
  runs "wheel, $(size "$(cat "$work/wheel")")" "$work/venv/bin/passrole"
else
  left_out wheel "no venv"
fi

# The action: a fake runner, releases in a folder.
mkdir -p "$work/releases/v$version" && cp "$archive" "$work/releases/v$version/"
(cd "$work/releases/v$version" && sha256sum -- *.tar.gz > SHA256SUMS)
action() {
  status=0
  (cd "$work" && env "$@" RUNNER_OS=Linux "RUNNER_ARCH=$runner" "RUNNER_TEMP=$work" "GITHUB_OUTPUT=$work/outputs" "GITHUB_STEP_SUMMARY=$work/summary" \
    "PASSROLE_RELEASES=file://$work/releases" "$here/action/run.sh") > "$work/out" 2>&1 || status=$?
}
expect() { # name, status, text in the output
  if [ "$status" = "$2" ] && { [ -z "$3" ] || grep -qF -- "$3" "$work/out"; }; then echo "ok      action, $1"; else
    echo "FAILED  action, $1 (status $status)"; tail -5 "$work/out"; failed=1
  fi
}
action INPUT_PATHS=demo INPUT_SARIF="$work/out.sarif"
expect "findings" 1 "::error"
python3 -c 'import json, sys; assert json.load(open(sys.argv[1]))["runs"][0]["results"]' "$work/out.sarif"
mkdir "$work/empty"
action INPUT_PATHS=empty
expect "nothing of ours" 0 ""
action INPUT_PATHS=demo "INPUT_ARGS=--fail-on
never"
expect "arguments" 0 "::error"
action INPUT_PATHS=demo INPUT_VERSION=9.9.9
expect "a release that does not exist" 2 "could not be downloaded"
action INPUT_PATHS=demo 'INPUT_VERSION=1.0.0;touch /tmp/x'
expect "a version that is none" 2 "not a release's number"
echo tampered >> "$work/releases/v$version/$(basename "$archive")"
action INPUT_PATHS=demo
expect "an archive that was changed" 2 "not what its checksum says"

# pre-commit's own program is not asked for: what a hook runs is `entry`, in the repository, without arguments.
if command -v pre-commit > /dev/null; then
  mkdir "$work/hooked" && cp -r "$root/demo" "$work/hooked/demo" && cp "$root/.pre-commit-hooks.yaml" "$work/hooked/"
  cd "$work/hooked"
  git init -q . && git add -A && git -c user.name=try -c user.email=try@localhost -c commit.gpgsign=false commit -qm try
  git -C "$work/hooked" tag v0
  mkdir "$work/user" && cp -r "$root/demo" "$work/user/" && cd "$work/user" && git init -q .
  printf 'repos:\n  - repo: %s\n    rev: v0\n    hooks:\n      - id: passrole-system\n' "$work/hooked" > .pre-commit-config.yaml
  git add -A
  status=0
  PATH="$(dirname "$binary"):$PATH" PRE_COMMIT_HOME="$work/cache" pre-commit run --all-files > "$work/out" 2>&1 || status=$?
  if [ "$status" = 1 ] && grep -q fargate-network-mode "$work/out"; then echo "ok      pre-commit"; else echo "FAILED  pre-commit (status $status)"; tail -5 "$work/out"; failed=1; fi
  cd "$root"
else
  left_out pre-commit "no pre-commit"
fi

{ for t in x86_64-apple-darwin aarch64-apple-darwin x86_64-unknown-linux-gnu aarch64-unknown-linux-gnu; do
  printf '%064d  passrole-%s-%s.tar.gz\n' 0 "$version" "$t"; done; } > "$work/sums"
"$here/homebrew/formula.sh" "$work/sums" > "$work/passrole.rb"
if command -v ruby > /dev/null; then ruby -c "$work/passrole.rb" > /dev/null; fi
[ "$(grep -c sha256 "$work/passrole.rb")" = 4 ] && echo "ok      Homebrew formula"

exit "$failed"
