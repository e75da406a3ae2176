#!/usr/bin/env python3
"""The documentation site: the pages of `docs/` as a book, and the playground beside it.

  build.py --check    every page has its place, every link leads somewhere (no tools needed)
  build.py OUT        builds it with mdBook; with the playground where playground/dist is there
"""

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
DOCS = ROOT / "docs"
REPOSITORY = "https://github.com/passrole/passrole/blob/main/"

# The book's chapters: what one reads first stands first. Rules and decisions are listed from their own folders.
CHAPTERS = [
    ("Start", ["README.md", "docs/install.md", "docs/editors.md", "docs/ci.md"]),
    ("Use", ["docs/cli.md", "docs/configuration.md", "docs/suppression.md", "docs/precision.md", "docs/hosts.md"]),
    ("Ask", ["docs/explain.md", "docs/can.md", "docs/roles.md", "docs/diff.md", "docs/expand.md", "docs/unused.md", "docs/model.md", "docs/mcp.md"]),
    ("Rules", ["docs/rules/README.md"]),
    ("Know", ["docs/coverage.md", "docs/glossary.md", "docs/versioning.md", "CHANGELOG.md", "SECURITY.md"]),
    ("Build", ["docs/architecture.md", "docs/adding-a-rule.md", "docs/performance.md", "docs/decisions/README.md", "CONTRIBUTING.md"]),
]

LINK = re.compile(r"(!?\[[^\]]*\]\()([^)\s]+)(\))")
FENCE = re.compile(r"^(```|~~~)")


def chapters() -> list[tuple[str, list[Path]]]:
    """What there is of the chapters, and of other pages in `docs/` those that nobody has put in a place, at the end."""
    found, placed = [], set()
    for title, names in CHAPTERS:
        pages = [ROOT / name for name in names if (ROOT / name).exists()]
        placed.update(pages)
        found.append((title, pages))
    others = sorted(set(DOCS.glob("*.md")) - placed)
    if others:
        found[4][1].extend(others)
    return found


def pages() -> list[Path]:
    return [page for _, of in chapters() for page in of] + below("rules") + below("decisions")


def below(folder: str) -> list[Path]:
    return sorted(page for page in (DOCS / folder).glob("*.md") if page.name != "README.md")


def title(page: Path) -> str:
    for line in page.read_text(encoding="utf-8").splitlines():
        if line.startswith("# "):
            return line[2:].strip()
    raise SystemExit(f"{page.relative_to(ROOT)} has no title")


def prose(text: str) -> list[tuple[int, str]]:
    """The lines outside of fenced blocks, with their numbers."""
    fence, lines = None, []
    for number, line in enumerate(text.splitlines(), 1):
        mark = FENCE.match(line.strip())
        if mark:
            fence = None if fence == mark[1] else fence or mark[1]
        elif fence is None:
            lines.append((number, line))
    return lines


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub and mdBook make them."""
    found: dict[str, int] = {}
    for _, line in prose(page.read_text(encoding="utf-8")):
        if not (heading := re.match(r"#{1,6} (.*)", line)):
            continue
        name = re.sub(r"[^\w\- ]", "", heading[1].lower()).replace(" ", "-")
        found[name] = found.get(name, -1) + 1
    return {name if not again else f"{name}-{count}" for name, again in found.items() for count in range(again + 1)}


def faults() -> list[str]:
    """Links that lead nowhere."""
    found = []
    for page in pages():
        for number, line in prose(page.read_text(encoding="utf-8")):
            # What stands in backticks is no link.
            for link in LINK.finditer(re.sub(r"`[^`]*`", "", line)):
                target, _, anchor = link[2].partition("#")
                place = f"{page.relative_to(ROOT)}:{number}"
                if re.match(r"[a-z]+:", target):
                    continue
                to = (page.parent / target).resolve() if target else page
                if not to.exists():
                    found.append(f"{place}: {link[2]} does not exist")
                elif anchor and to.suffix == ".md" and anchor not in anchors(to):
                    found.append(f"{place}: {link[2]}: no such heading")
    return found


def where(page: Path) -> Path:
    """A page's place in the book."""
    if page == ROOT / "README.md":
        return Path("index.md")
    return page.relative_to(DOCS) if page.is_relative_to(DOCS) else Path(page.name.lower())


def staged(page: Path) -> str:
    """A page with the links that it needs at its place in the book; what is not in the book is on the repository's page."""
    places = {it: where(it) for it in pages()}
    here = places[page].parent

    def moved(link: re.Match) -> str:
        target, hash_, anchor = link[2].partition("#")
        if not target or re.match(r"[a-z]+:", target):
            return link[0]
        to = (page.parent / target).resolve()
        if to in places:
            new = Path(*[".."] * len(here.parts)) / places[to]
        elif to.is_relative_to(DOCS / "images"):
            new = Path(*[".."] * len(here.parts)) / to.relative_to(DOCS)
        else:
            return f"{link[1]}{REPOSITORY}{to.relative_to(ROOT)}{hash_}{anchor}{link[3]}"
        return f"{link[1]}{new.as_posix()}{hash_}{anchor}{link[3]}"

    lines = page.read_text(encoding="utf-8").splitlines()
    for number, line in prose("\n".join(lines)):
        lines[number - 1] = LINK.sub(moved, line)
    return "\n".join(lines) + "\n"


def summary() -> str:
    out = ["# Summary", ""]
    for name, of in chapters():
        out += [f"# {name}", ""]
        for page in of:
            out.append(f"- [{title(page)}]({where(page).as_posix()})")
            if page.name == "README.md" and page.parent != ROOT:
                out += [f"  - [{title(one)}]({where(one).as_posix()})" for one in below(page.parent.name)]
        out.append("")
    return "\n".join(out)


def build(out: Path) -> None:
    with tempfile.TemporaryDirectory() as work:
        source = Path(work) / "src"
        for page in pages():
            to = source / where(page)
            to.parent.mkdir(parents=True, exist_ok=True)
            to.write_text(staged(page), encoding="utf-8")
        (source / "SUMMARY.md").write_text(summary(), encoding="utf-8")
        shutil.copytree(DOCS / "images", source / "images")
        shutil.copy(HERE / "book.toml", Path(work) / "book.toml")
        subprocess.run(["mdbook", "build", work, "--dest-dir", str(out.resolve())], check=True)
    playground = ROOT / "playground" / "dist"
    if playground.exists():
        shutil.copytree(playground, out / "playground", dirs_exist_ok=True)
    shutil.copytree(ROOT / "schemas" / "json-schema", out / "schemas", dirs_exist_ok=True)


def main() -> int:
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    wrong = faults()
    print("\n".join(wrong), file=sys.stderr, end="\n" if wrong else "")
    if sys.argv[1] == "--check" or wrong:
        return 1 if wrong else 0
    build(Path(sys.argv[1]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
