#!/usr/bin/env python3
"""Writes the licences of the crates that the program holds: `third_party.py OUT`.

Fails where a crate's licence is not one of those below, or its text is nowhere to be found: what we hand out must be allowed.
"""

import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# What we may hand out in a program under MIT or Apache-2.0, by SPDX identifier.
ALLOWED = {
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "ISC",
    "MIT",
    "MIT-0",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
}

NAMES = re.compile(r"^(licen[cs]e|copying|unlicense|notice)", re.IGNORECASE)


def allowed(expression: str) -> bool:
    """Whether the terms can be met: of alternatives one, of terms that hold together each."""
    text = expression.replace("/", " OR ")

    def alternatives(text: str) -> bool:
        return any(together(part) for part in split(text, " OR "))

    def together(text: str) -> bool:
        return all(one(part) for part in split(text, " AND "))

    def one(text: str) -> bool:
        text = text.strip()
        if text.startswith("(") and text.endswith(")"):
            return alternatives(text[1:-1])
        return text in ALLOWED

    def split(text: str, word: str) -> list[str]:
        parts, depth, start, at = [], 0, 0, 0
        while at < len(text):
            if text[at] == "(":
                depth += 1
            elif text[at] == ")":
                depth -= 1
            elif depth == 0 and text.startswith(word, at):
                parts.append(text[start:at])
                start = at + len(word)
                at = start
                continue
            at += 1
        return [*parts, text[start:]]

    return alternatives(text)


def crates() -> list[dict]:
    """The crates that the program itself is built from, on any platform; not those of tests or of the build."""
    metadata = json.loads(
        subprocess.run(
            ["cargo", "metadata", "--format-version", "1", "--locked"],
            cwd=ROOT, check=True, capture_output=True, text=True,
        ).stdout
    )
    nodes = {node["id"]: node for node in metadata["resolve"]["nodes"]}
    wanted, queue = set(), [metadata["resolve"]["root"]]
    while queue:
        at = queue.pop()
        if at in wanted:
            continue
        wanted.add(at)
        for dependency in nodes[at]["deps"]:
            if any(kind["kind"] is None for kind in dependency["dep_kinds"]):
                queue.append(dependency["pkg"])
    packages = [p for p in metadata["packages"] if p["id"] in wanted and p["source"] is not None]
    return sorted(packages, key=lambda p: (p["name"], p["version"]))


def main() -> int:
    if len(sys.argv) != 2:
        print("usage: third_party.py OUT", file=sys.stderr)
        return 2
    faults, texts = [], {}
    for crate in crates():
        name = f"{crate['name']} {crate['version']}"
        expression = crate["license"] or ""
        if not allowed(expression):
            faults.append(f"{name}: the licence {expression or '(none named)'} is not on the list of third_party.py")
        folder = Path(crate["manifest_path"]).parent
        found = sorted(path for path in folder.iterdir() if path.is_file() and NAMES.match(path.name))
        text = "\n\n".join(path.read_text(encoding="utf-8", errors="replace").strip() for path in found)
        by = crate["authors"]
        texts.setdefault(text, []).append((name, expression, crate["repository"], by))
    if faults:
        print("\n".join(faults), file=sys.stderr)
        return 1

    lines = ["# Third-party notices", "", "The program holds these crates. Each is used under the terms that it names.", ""]
    for text, users in sorted(texts.items(), key=lambda item: item[1][0][0]):
        for name, expression, repository, by in users:
            lines.append(f"* {name} ({expression}){', ' + repository if repository else ''}")
            if not text and by:
                lines.append(f"  by {', '.join(by)}")
        lines += ["", "```text", text, "```", ""] if text else [""]
    Path(sys.argv[1]).write_text("\n".join(lines), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
