#!/usr/bin/env bash
# Prints the Homebrew formula for a release, from the file of its checksums (`sha256sum` of the archives).
# usage: formula.sh SHA256SUMS
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
sums=${1:?usage: formula.sh SHA256SUMS}
version=$("$here/../version.sh")

sum() {
  local found
  found=$(awk -v name="passrole-$version-$1.tar.gz" '$2 == name || $2 == "*" name { print $1 }' "$sums")
  [ -n "$found" ] || { echo "formula.sh: $sums has no sum of passrole-$version-$1.tar.gz" >&2; exit 1; }
  echo "$found"
}

at="https://github.com/passrole/passrole/releases/download/v$version/passrole-$version"
mac_arm=$(sum aarch64-apple-darwin) mac_intel=$(sum x86_64-apple-darwin)
linux_arm=$(sum aarch64-unknown-linux-gnu) linux_intel=$(sum x86_64-unknown-linux-gnu)

cat <<EOF
class Passrole < Formula
  desc "Checker and language server for IAM policies and Amazon ECS task definitions"
  homepage "https://github.com/passrole/passrole"
  version "$version"
  license any_of: ["MIT", "Apache-2.0"]

  on_macos do
    on_arm do
      url "$at-aarch64-apple-darwin.tar.gz"
      sha256 "$mac_arm"
    end
    on_intel do
      url "$at-x86_64-apple-darwin.tar.gz"
      sha256 "$mac_intel"
    end
  end

  on_linux do
    on_arm do
      url "$at-aarch64-unknown-linux-gnu.tar.gz"
      sha256 "$linux_arm"
    end
    on_intel do
      url "$at-x86_64-unknown-linux-gnu.tar.gz"
      sha256 "$linux_intel"
    end
  end

  def install
    bin.install "passrole"
    generate_completions_from_executable(bin/"passrole", "completions")
  end

  test do
    (testpath/"policy.json").write <<~JSON
      {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObjekt", "Resource": "*"}]}
    JSON
    assert_match "unknown-action", shell_output("#{bin}/passrole check --format concise policy.json", 1)
  end
end
EOF
