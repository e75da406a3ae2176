#!/usr/bin/env bash
# Makes the VS Code extension of one platform, with the program inside, and prints its path.
# usage: vsix.sh TARGET BINARY OUT        TARGET as VS Code says it: linux-x64, linux-arm64, darwin-x64, darwin-arm64, win32-x64
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
target=${1:?usage: vsix.sh TARGET BINARY OUT}
binary=$(realpath "${2:?usage: vsix.sh TARGET BINARY OUT}")
mkdir -p "${3:?usage: vsix.sh TARGET BINARY OUT}"
out=$(cd "$3" && pwd)/passrole-$("$here/version.sh")-$target.vsix

cd "$here/../editors/vscode"
[ -d node_modules ] || npm ci --no-audit --no-fund --silent >&2
rm -rf server
trap 'rm -rf server' EXIT
mkdir server
cp "$binary" "server/$(basename "$binary")"
cp "$here/../LICENSE-MIT" "$here/../LICENSE-APACHE" server/
python3 "$here/third_party.py" server/THIRD-PARTY.md
npm run --silent build >&2
npx --no-install vsce package --no-dependencies --skip-license --target "$target" -o "$out" >&2
echo "$out"
