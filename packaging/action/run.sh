#!/usr/bin/env bash
# What the GitHub Action runs: gets the program, checks, and says how it went. Always reports, also where nothing of ours
# is in the repository, so that a required check never waits for ever.
#
# Reads INPUT_VERSION, INPUT_PATHS, INPUT_ARGS, INPUT_SARIF and what a runner sets: RUNNER_OS, RUNNER_ARCH, RUNNER_TEMP,
# GITHUB_OUTPUT. PASSROLE_RELEASES is where releases lie, for tests and mirrors.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)

releases=${PASSROLE_RELEASES:-https://github.com/passrole/passrole/releases/download}

fail() {
  printf '::error title=passrole::%s\n' "$1"
  printf 'status=2\n' >> "${GITHUB_OUTPUT:-/dev/null}"
  exit 2
}

# One argument a line: no quoting to get wrong.
lines() {
  local line
  while IFS= read -r line || [ -n "$line" ]; do
    line=${line%$'\r'}
    [ -z "$line" ] || printf '%s\0' "$line"
  done <<< "$1"
}

target() {
  case "${RUNNER_OS:-}-${RUNNER_ARCH:-}" in
    Linux-X64) echo x86_64-unknown-linux-gnu ;;
    Linux-ARM64) echo aarch64-unknown-linux-gnu ;;
    macOS-X64) echo x86_64-apple-darwin ;;
    macOS-ARM64) echo aarch64-apple-darwin ;;
    Windows-X64) echo x86_64-pc-windows-msvc ;;
    *) return 1 ;;
  esac
}

# Downloads a release, holds it against its checksum, and sets `program`.
download() {
  local version=$1 triple archive work sum
  [[ $version =~ ^[0-9]+\.[0-9]+\.[0-9]+([-.+][0-9A-Za-z.]+)?$ ]] || fail "version '$version' is not a release's number such as 0.1.0"
  triple=$(target) || fail "no release for ${RUNNER_OS:-an unknown system} on ${RUNNER_ARCH:-an unknown machine}; build it with cargo and set version: installed"
  archive=passrole-$version-$triple.tar.gz
  case $triple in *windows*) archive=passrole-$version-$triple.zip ;; esac
  work=$(mktemp -d "${RUNNER_TEMP:-/tmp}/passrole.XXXXXX")
  for file in "$archive" SHA256SUMS; do
    curl --fail --silent --show-error --location --retry 3 --output "$work/$file" "$releases/v$version/$file" ||
      fail "release $version could not be downloaded: $file"
  done
  sum=$(awk -v name="$archive" '$2 == name || $2 == "*" name { print $1 }' "$work/SHA256SUMS")
  [ -n "$sum" ] || fail "SHA256SUMS of release $version does not name $archive"
  if command -v sha256sum > /dev/null; then
    echo "$sum  $work/$archive" | sha256sum --check --status || fail "$archive is not what its checksum says"
  else
    echo "$sum  $work/$archive" | shasum -a 256 --check --status || fail "$archive is not what its checksum says"
  fi
  case $archive in
    *.zip) (cd "$work" && unzip -q "$archive") && program=$work/${archive%.zip}/passrole.exe ;;
    *) tar -C "$work" -xzf "$work/$archive" && program=$work/${archive%.tar.gz}/passrole ;;
  esac
}

version=${INPUT_VERSION:-}
if [ "$version" = installed ]; then
  program=$(command -v passrole) || fail "version is 'installed', but no passrole is on PATH"
else
  download "${version:-$("$here/../version.sh")}"
fi

arguments=()
while IFS= read -r -d '' argument; do arguments+=("$argument"); done < <(lines "${INPUT_ARGS:-}")
paths=()
while IFS= read -r -d '' path; do paths+=("$path"); done < <(lines "${INPUT_PATHS:-.}")

if [ -n "${INPUT_SARIF:-}" ]; then
  # The findings themselves are told below; this run fails only where it cannot run.
  "$program" check --format sarif --output "$INPUT_SARIF" --exit-zero ${arguments[@]+"${arguments[@]}"} -- ${paths[@]+"${paths[@]}"} ||
    fail "the SARIF file could not be written"
fi

status=0
"$program" check --format github ${arguments[@]+"${arguments[@]}"} -- ${paths[@]+"${paths[@]}"} || status=$?
printf 'status=%s\n' "$status" >> "${GITHUB_OUTPUT:-/dev/null}"
exit "$status"
