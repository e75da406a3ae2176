#!/usr/bin/env bash
# Makes a Debian package and prints its path.
# usage: deb.sh ARCH BINARY OUT        ARCH as Debian says it: amd64, arm64
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
arch=${1:?usage: deb.sh ARCH BINARY OUT}
binary=${2:?usage: deb.sh ARCH BINARY OUT}
mkdir -p "${3:?usage: deb.sh ARCH BINARY OUT}"
out=$(cd "$3" && pwd)
version=$("$here/version.sh")

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
install -Dm755 "$binary" "$work/usr/bin/passrole"
install -Dm644 "$here/../LICENSE-MIT" "$work/usr/share/doc/passrole/copyright"
install -d "$work/usr/share/doc/passrole" "$work/DEBIAN"
python3 "$here/third_party.py" "$work/usr/share/doc/passrole/THIRD-PARTY.md"
chmod 644 "$work/usr/share/doc/passrole/THIRD-PARTY.md"
gzip -n9 < "$here/../CHANGELOG.md" > "$work/usr/share/doc/passrole/changelog.gz"
# A program of another machine cannot be asked; then the package goes without them.
if "$binary" completions bash > /dev/null 2>&1; then
  install -d "$work/usr/share/bash-completion/completions" "$work/usr/share/zsh/vendor-completions" "$work/usr/share/fish/vendor_completions.d"
  "$binary" completions bash > "$work/usr/share/bash-completion/completions/passrole"
  "$binary" completions zsh > "$work/usr/share/zsh/vendor-completions/_passrole"
  "$binary" completions fish > "$work/usr/share/fish/vendor_completions.d/passrole.fish"
fi
if "$binary" man > /dev/null 2>&1; then
  install -d "$work/usr/share/man/man1"
  "$binary" man | gzip -n9 > "$work/usr/share/man/man1/passrole.1.gz"
fi
cat > "$work/DEBIAN/control" <<EOF
Package: passrole
Version: $version
Architecture: $arch
Maintainer: The passrole developers <passrole@users.noreply.github.com>
Installed-Size: $(du -sk "$work/usr" | cut -f1)
Section: devel
Priority: optional
Homepage: https://github.com/passrole/passrole
Description: language server and checker for IAM policies and ECS task definitions
 Checks IAM policies, role trust policies and Amazon ECS task definitions, and
 the roles that tie them together, in files of their own and in
 CloudFormation, SAM, Terraform and Kubernetes. Works offline.
EOF
dpkg-deb --root-owner-group -b "$work" "$out/passrole_${version}_$arch.deb" >&2
echo "$out/passrole_${version}_$arch.deb"
