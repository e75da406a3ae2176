#!/usr/bin/env bash
# Prints the version that `Cargo.toml` names.
set -euo pipefail
sed -n 's/^version = "\(.*\)"$/\1/p' "$(dirname "$0")/../Cargo.toml" | head -1
