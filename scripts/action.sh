#!/usr/bin/env bash
# What action.yml runs: gets passrole, checks, and always says how it ended, also where no file matched, so that it can be
# a required check.
set -euo pipefail

home="https://github.com/passrole/passrole"

target() {
  local system machine
  system=$(uname -s) machine=$(uname -m)
  case "$machine" in
    x86_64 | amd64) machine=x86_64 ;;
    aarch64 | arm64) machine=aarch64 ;;
    *) echo "passrole has no release for $machine" >&2; return 2 ;;
  esac
  case "$system" in
    Linux) echo "$machine-unknown-linux-musl" ;;
    Darwin) echo "$machine-apple-darwin" ;;
    MINGW* | MSYS* | CYGWIN*) echo "x86_64-pc-windows-msvc" ;;
    *) echo "passrole has no release for $system" >&2; return 2 ;;
  esac
}

sum() {
  if command -v sha256sum >/dev/null; then sha256sum "$1"; else shasum -a 256 "$1"; fi | cut -d' ' -f1
}

# Downloads a release, holds it to its checksum, and prints the program's path.
download() {
  local version=$1 name folder base
  if [ "$version" = latest ]; then
    base="$home/releases/latest/download"
  elif [[ "$version" =~ ^v?[0-9]+\.[0-9]+\.[0-9]+$ ]]; then
    base="$home/releases/download/v${version#v}"
  else
    echo "version: \`$version\` is neither \`latest\` nor a version such as \`0.2.0\`" >&2
    return 2
  fi
  name="passrole-$(target).tar.gz"
  folder=$(mktemp -d "${RUNNER_TEMP:-/tmp}/passrole.XXXXXX")
  curl --proto '=https' --tlsv1.2 --retry 3 -fsSL -o "$folder/$name" "$base/$name"
  curl --proto '=https' --tlsv1.2 --retry 3 -fsSL -o "$folder/$name.sha256" "$base/$name.sha256"
  if [ "$(sum "$folder/$name")" != "$(cut -d' ' -f1 "$folder/$name.sha256")" ]; then
    echo "$name is not what its checksum says" >&2
    return 2
  fi
  tar -xzf "$folder/$name" -C "$folder"
  echo "$folder/passrole"
}

# The lines of a text that say something, as an array.
lines() {
  local -n into=$1
  into=()
  local line
  while IFS= read -r line || [ -n "$line" ]; do
    line="${line#"${line%%[![:space:]]*}"}"
    line="${line%"${line##*[![:space:]]}"}"
    [ -z "$line" ] || into+=("$line")
  done <<<"$2"
}

binary=${INPUT_BINARY:-}
if [ -z "$binary" ]; then binary=$(download "${INPUT_VERSION:-latest}"); fi
"$binary" --version

lines paths "${INPUT_PATHS:-.}"
lines args "${INPUT_ARGS:-}"
[ "${#paths[@]}" -gt 0 ] || paths=(.)
if [ -n "${INPUT_POLICY_FROM:-}" ]; then args+=("--policy-from" "$INPUT_POLICY_FROM"); fi

if [ -n "${INPUT_SARIF:-}" ]; then
  # The annotations below decide; this run only writes the file.
  "$binary" check --format sarif --output "$INPUT_SARIF" --exit-zero "${args[@]}" -- "${paths[@]}" || true
  if [ -f "$INPUT_SARIF" ]; then echo "sarif=$INPUT_SARIF" >>"${GITHUB_OUTPUT:-/dev/null}"; fi
fi

status=0
"$binary" check --format github "${args[@]}" -- "${paths[@]}" || status=$?
echo "status=$status" >>"${GITHUB_OUTPUT:-/dev/null}"
case $status in
  0) echo "passrole: nothing fails." ;;
  1) echo "passrole: there are findings." ;;
  *) echo "passrole: something could not be looked at." ;;
esac
exit "$status"
