#!/usr/bin/env bash
# Packs the program with what belongs beside it, and prints the archive's path.
# usage: archive.sh TARGET BINARY OUT
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
target=${1:?usage: archive.sh TARGET BINARY OUT}
binary=${2:?usage: archive.sh TARGET BINARY OUT}
mkdir -p "${3:?usage: archive.sh TARGET BINARY OUT}"
out=$(cd "$3" && pwd)

name="passrole-$("$here/version.sh")-$target"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/$name"
cp "$binary" "$work/$name/"
cp "$here/../README.md" "$here/../CHANGELOG.md" "$here/../LICENSE-MIT" "$here/../LICENSE-APACHE" "$work/$name/"
python3 "$here/third_party.py" "$work/$name/THIRD-PARTY.md"

case $target in
  *-windows-*)
    (cd "$work" && python3 -m zipfile -c "$out/$name.zip" "$name")
    echo "$out/$name.zip"
    ;;
  *)
    # The same bytes for the same content: no names, times or orders of the machine.
    tar -C "$work" --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner -cf - "$name" 2>/dev/null | gzip -n > "$out/$name.tar.gz" ||
      tar -C "$work" -czf "$out/$name.tar.gz" "$name"
    echo "$out/$name.tar.gz"
    ;;
esac
