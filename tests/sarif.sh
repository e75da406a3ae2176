#!/usr/bin/env bash
# What the makers of SARIF's own validator say of what passrole writes, with the rules of GitHub's code scanning: sarif.sh PASSROLE.
# Needs npm, which brings the validator.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
passrole=$(realpath "${1:?usage: sarif.sh PASSROLE}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if ! npm install --prefix "$work" --no-audit --no-fund --silent @microsoft/sarif-multitool@5.7.0; then
  echo "left out: the validator could not be installed"
  exit 0
fi
validator=$(find "$work/node_modules/@microsoft" -path '*-linux/Sarif.Multitool' -type f | head -1)
[ -n "$validator" ] || { echo "left out: the validator has no program for this system"; exit 0; }
chmod +x "$validator"
cp -r "$root/demo" "$work/demo"
cat > "$work/demo/suppressed.yaml" <<'END'
Version: '2012-10-17'
Statement:
  - Effect: Allow
    Action: ecs:RunTasks # passrole: ignore[unknown-action]: a word of another team
    Resource: '*'
END
(cd "$work" && "$passrole" check demo --level pedantic --format sarif --exit-zero --output found.sarif)
DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 "$validator" validate "$work/found.sarif" --rule-kind 'Sarif;Ghas' --level Error Warning \
  --output "$work/judged.sarif" --log ForceOverwrite > "$work/said" 2>&1 || { cat "$work/said"; exit 1; }
if grep -E '(error|warning) (SARIF|GH|JSON)[0-9]' "$work/said"; then
  exit 1
fi
echo "SARIF: no error and no warning"
