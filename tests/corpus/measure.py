#!/usr/bin/env python3
"""Measures passrole over a folder of real and labelled documents.

    python3 tests/corpus/measure.py recall     per peer: what its labels expect, what is found, what is missed
    python3 tests/corpus/measure.py summary    tests/corpus/summary.tsv: findings per folder, rule and severity
    python3 tests/corpus/measure.py sample     findings at random with the lines they are on, for reading

The corpus is not a part of this repository (most of its documents may not be copied); `--corpus` says where it is. The built
program is asked, as a user would ask it: `passrole check --format json` and `passrole rules --format json`.
"""

import argparse
import collections
import json
import os
import random
import re
import signal
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
# What people reported, as rules name it in `sources`.
REPORTS = {"role path in rolearn": "aws-iam-authenticator-268", "account id is not": "aws-auth-account-digits"}
# A folder is summarised as one line per rule; deeper folders go into the one named here.
DEPTH = 2


def program(arguments):
    if arguments.passrole:
        return arguments.passrole
    target = os.environ.get("CARGO_TARGET_DIR", os.path.join(ROOT, "target"))
    found = [os.path.join(target, profile, "passrole") for profile in ("release", "debug")]
    found = [path for path in found if os.path.exists(path)]
    if not found:
        sys.exit("no passrole is built: `cargo build`, or name one with --passrole")
    return max(found, key=os.path.getmtime)


def rules_of(passrole):
    output = subprocess.run([passrole, "rules", "--format", "json"], check=True, capture_output=True, text=True)
    return json.loads(output.stdout)["rules"]


def check(passrole, paths, level):
    """The findings, and per path what kind of document was seen there (none: nothing of ours)."""
    command = [passrole, "check", "--exit-zero", "--format", "json", "--level", level, "--verbose", *paths]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"`passrole check` ended with {done.returncode}:\n{done.stderr[-2000:]}")
    documents = collections.defaultdict(list)
    named = set(paths)
    for line in done.stderr.splitlines():
        # Other lines tell of links between files, and of what was not read.
        path, _, what = line.partition(": ")
        if path in named and what and not what.startswith("nothing of ours"):
            documents[path].append(what.split(" (")[0])
    return json.loads(done.stdout)["findings"], documents


# Labels


def sources_of(label):
    """The names in a rule's `sources` that stand for a label's check. None: any source of that peer."""
    peer, name = label["peer"], label["check"]
    if peer == "human report":
        return "report", next((f"report/{code}" for start, code in REPORTS.items() if name.startswith(start)), name)
    if peer == "access-analyzer":
        # `general-warning-create-slr-with-star-in-resource`
        name = re.sub(r"^(error|general-warning|security-warning|suggestion)-", "", name).upper().replace("-", "_")
    elif name == "unspecified" or name.startswith("by-file-name:"):
        return peer, None
    elif peer == "regula" and name == "rules.cfn_iam_policy":
        name = "FG_R00007"
    return peer, f"{peer}/{name.removeprefix('invalid:')}"


def fits(rule_sources, peer, source):
    if source is None:
        return any(it.startswith(peer + "/") for it in rule_sources)
    return source in rule_sources


def blocks(text, name):
    """Lines (first, last; from 1) of what a label calls a resource: `type.name` of a module, a template's logical id."""
    lines = text.split("\n")
    parts = name.split(".")
    if len(parts) >= 2 and re.search(r'^\s*(resource|data)\s+"', text, re.M):
        head = re.compile(r'^\s*(resource|data)\s+"%s"\s+"%s"' % tuple(map(re.escape, parts[-2:])))
    else:
        head = re.compile(r'^\s*"?%s"?\s*:' % re.escape(name))
    for index, line in enumerate(lines):
        if not head.search(line):
            continue
        if "{" in line or (index + 1 < len(lines) and lines[index + 1].strip().startswith("{")):
            depth = 0
            for last in range(index, len(lines)):
                depth += lines[last].count("{") - lines[last].count("}")
                if depth <= 0 and "}" in lines[last]:
                    return index + 1, last + 1
            return index + 1, len(lines)
        indent = len(line) - len(line.lstrip())
        last = index + 1
        while last < len(lines) and (
            not lines[last].strip() or len(lines[last]) - len(lines[last].lstrip()) > indent
        ):
            last += 1
        return index + 1, last
    return None


def position(label, finding):
    """How a finding stands to the place a label names: same, overlaps, elsewhere; None where it names none."""
    if label.get("range"):
        start, end = label["range"]["start"], label["range"]["end"]
        wanted = ((start["line"] + 1, start["character"] + 1), (end["line"] + 1, end["character"] + 1))
        found = tuple((finding[edge]["line"], finding[edge]["column"]) for edge in ("start", "end"))
        # With or without the quotes.
        near = all(w[0] == f[0] and abs(w[1] - f[1]) <= 1 for w, f in zip(wanted, found))
        if near:
            return "same"
        return "overlaps" if wanted[0] < found[1] and found[0] < wanted[1] else "elsewhere"
    if label.get("path") or (label["peer"] == "botocore" and "path" in label):
        wanted = "".join(f"/{part}" for part in label["path"]).lower()
        found = finding["pointer"].lower()
        if wanted == found:
            return "same"
        near = f"{found}/".startswith(f"{wanted}/") or f"{wanted}/".startswith(f"{found}/")
        return "overlaps" if near else "elsewhere"
    if (label.get("location") or {}).get("line"):
        line = label["location"]["line"]
        return "overlaps" if finding["start"]["line"] <= line <= finding["end"]["line"] else "elsewhere"
    return None


def labels_of(corpus):
    """All labels, each with the `path` of its file: those of `labelled`, and botocore's verdicts on task definitions."""
    folder = os.path.join(corpus, "labelled")
    labels = read_lines(os.path.join(folder, "labels.jsonl"))
    verdicts = os.path.join(corpus, "taskdefs", "botocore-param-validation.jsonl")
    for verdict in read_lines(verdicts) if os.path.exists(verdicts) else []:
        expected = verdict["errors"]
        if expected != "clean":
            expected = [botocore_label(error, verdict.get("form")) for error in expected]
        labels.append({"file": f"../{verdict['file']}", "source": "botocore", "expected": expected})
    for label in labels:
        label["path"] = os.path.normpath(os.path.join(folder, label["file"]))
    return labels


BOTOCORE = {
    "unknown field": "unknown-parameter",
    "invalid type": "invalid-type",
    "missing required field": "missing-parameter",
    "invalid length": "invalid-length",
}


def botocore_label(error, form):
    path = re.findall(r"[^.\[\]]+", error["at"])
    # A missing member's place is the object that lacks it.
    if error.get("key") and error["type"] == "unknown field":
        path.append(error["key"])
    if form == "bare array wrapped":
        path = path[1:]
    elif form == "inner taskDefinition":
        path = ["taskDefinition", *path]
    return {"peer": "botocore", "check": BOTOCORE.get(error["type"], error["type"]), "path": path}


def recall(arguments):
    passrole = program(arguments)
    rules = rules_of(passrole)
    sources = {rule["id"]: rule["sources"] for rule in rules}
    labels = labels_of(arguments.corpus)
    findings, documents = check(passrole, [label["path"] for label in labels], "pedantic")
    by_path = collections.defaultdict(list)
    for finding in findings:
        by_path[os.path.normpath(finding["path"])].append(finding)
    documents = {os.path.normpath(path): kinds for path, kinds in documents.items()}

    # A clean file is clean of the check that its sibling files are about.
    family = collections.defaultdict(set)
    for label in labels:
        if isinstance(label["expected"], list):
            family[label["source"].split("::")[0]].update(sources_of(it) for it in label["expected"])

    peers = collections.defaultdict(lambda: collections.Counter())
    misses, alarms, apart = (collections.defaultdict(list) for _ in range(3))
    for label in labels:
        here = by_path[label["path"]]
        expected = label["expected"] if isinstance(label["expected"], list) else []
        groups = collections.defaultdict(list)
        for item in expected:
            groups[sources_of(item)].append(item)
        text = None
        for (peer, source), items in groups.items():
            count = peers[peer]
            count["pairs"] += 1
            hits = [it for it in here if fits(sources[it["rule"]], peer, source)]
            if hits:
                count["hits"] += 1
            else:
                misses[peer].append((label, source or f"{peer}/*"))
            for item in items:
                places = [position(item, it) for it in hits]
                if any(places):
                    count["placed"] += 1
                    count["same"] += "same" in places
                    count["overlaps"] += "same" not in places and "overlaps" in places
                    if set(places) <= {"elsewhere", None}:
                        apart[peer] += [(label, it) for it in hits]
                elif item.get("resource"):
                    text = text or read(label["path"])
                    lines = blocks(text, item["resource"])
                    if lines:
                        count["resources"] += 1
                        inside = any(lines[0] <= it["start"]["line"] <= lines[1] for it in hits)
                        count["inside"] += inside
                        if hits and not inside:
                            misses[peer].append((label, f"{source} in {item['resource']}"))
        # Where nothing should be found; some are clean only because the label switches the check off.
        if label["expected"] == "clean" and "config" not in label.get("front_matter", {}):
            peer, scope = clean_scope(label, family)
            if not peer:
                continue
            peers[peer]["clean"] += 1
            wrong = [it for it in here if any(fits(sources[it["rule"]], *one) for one in scope)]
            peers[peer]["alarmed"] += bool(wrong)
            alarms[peer] += [(label, it) for it in wrong]
        for name in label.get("passing", []):
            text = text or read(label["path"])
            lines = blocks(text, name)
            if not lines:
                continue
            for peer, source in groups:
                peers[peer]["clean"] += 1
                wrong = [
                    it
                    for it in here
                    if fits(sources[it["rule"]], peer, source) and lines[0] <= it["start"]["line"] <= lines[1]
                ]
                peers[peer]["alarmed"] += bool(wrong)
                alarms[peer] += [(label, it) for it in wrong]

    print(
        "peer                            pairs  found  recall   same place / overlapping / all   "
        "inside the resource   alarms / clean"
    )
    for peer, count in sorted(peers.items()):
        part = f"{100 * count['hits'] / count['pairs']:.0f} %" if count["pairs"] else "–"
        print(
            f"{peer:30}  {count['pairs']:5}  {count['hits']:5}  {part:>6}   "
            f"{count['same']:4} / {count['overlaps']} / {count['placed']:<20}   "
            f"{count['inside']:4} / {count['resources']:<12}   {count['alarmed']:3} / {count['clean']}"
        )
    titles = {
        "missed": misses,
        "found at another place than labelled": apart,
        "alarms on what is labelled clean": alarms,
    }
    for title, table in titles.items():
        for peer, items in sorted((peer, items) for peer, items in table.items() if items):
            print(f"\n{peer}: {title}")
            shown = set()
            for label, what in items:
                file = label["file"]
                if isinstance(what, dict):
                    key = (file, what["fingerprint"], what["start"]["line"])
                    if key in shown:
                        continue
                    shown.add(key)
                    print(f"  {file}:{what['start']['line']}: {what['severity']} {what['rule']}: {what['message']}")
                    continue
                claims = [it for it in sources if what.split(" in ")[0] in sources[it]]
                seen = collections.Counter(documents.get(label["path"], []))
                kinds = ", ".join(f"{kind} ×{n}" if n > 1 else kind for kind, n in seen.items())
                others = sorted({it["rule"] for it in by_path[label["path"]]})
                print(
                    f"  {what}  {file}\n      claimed by {', '.join(claims) or 'no rule'}; "
                    f"documents: {kinds or 'NONE'}; found there: {', '.join(others) or 'nothing'}"
                )


def clean_scope(label, family):
    """(peer, what must not be found there), peer None where a label does not say."""
    if label["source"] == "botocore":
        return "botocore", {("botocore", None)}
    peer = {
        "parliament": "parliament",
        "trivy": "trivy",
        "checkov": "checkov",
        "cfn_nag": "cfn_nag",
        "guard-registry": "cfn-guard",
        "regula": "regula",
        "aws-iam-language-server": "aws-iam-language-server",
    }.get(label["file"].split("/")[0], "cfn-lint" if label["file"].startswith("cfn-lint") else None)
    scope = label.get("clean_scope")
    if peer in (None, "regula") and not scope:
        return ("regula", {("regula", "regula/FG_R00007")}) if peer else (None, set())
    if scope and peer != "regula":
        names = scope if isinstance(scope, list) else [scope]
        return peer, {(peer, f"{peer}/{name}") for name in names}
    if peer == "cfn-lint" and "::" in label["source"]:
        return peer, family[label["source"].split("::")[0]]
    return peer, {(peer, None)}


# Real documents


def folders(corpus):
    """The folders with real documents; what is labelled, or broken on purpose, is not counted."""
    skip = {"breaks", "labelled", "messages", "reports", "robustness"}
    return sorted(
        name for name in os.listdir(corpus) if name not in skip and os.path.isdir(os.path.join(corpus, name))
    )


def real_findings(arguments):
    """Files are named one by one: some have no ending that a walk through folders would take."""
    paths = []
    for folder in arguments.folders or folders(arguments.corpus):
        for parent, _, names in os.walk(os.path.join(arguments.corpus, folder)):
            paths += [os.path.join(parent, name) for name in names if not name.endswith((".jsonl", ".md"))]
    return check(program(arguments), sorted(paths), arguments.level)


def group_of(corpus, path):
    return "/".join(os.path.relpath(path, corpus).split(os.sep)[:-1][:DEPTH])


def summary(arguments):
    findings, documents = real_findings(arguments)
    counts = collections.Counter()
    for path, kinds in documents.items():
        counts[(group_of(arguments.corpus, path), "", "documents")] += len(kinds)
    for it in findings:
        counts[(group_of(arguments.corpus, it["path"]), it["rule"], it["severity"])] += 1
    lines = ["folder\trule\tseverity\tcount"]
    lines += [f"{folder}\t{rule}\t{what}\t{count}" for (folder, rule, what), count in sorted(counts.items())]
    with open(arguments.output, "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
    totals = collections.Counter(it["severity"] for it in findings)
    number = sum(map(len, documents.values()))
    print(f"{arguments.output}: {len(findings)} findings in {number} documents, {dict(totals)}")


def sample(arguments):
    findings, _ = real_findings(arguments)
    if arguments.rule:
        findings = [it for it in findings if it["rule"] in arguments.rule]
    if arguments.severity:
        findings = [it for it in findings if it["severity"] == arguments.severity]
    chosen = random.Random(arguments.seed).sample(findings, min(arguments.number, len(findings)))
    print(f"{len(chosen)} of {len(findings)} findings, seed {arguments.seed}")
    for number, it in enumerate(chosen, 1):
        path = os.path.relpath(it["path"], arguments.corpus)
        print(f"\n--- {number}. {path} ({it['kind']}, {it['pointer'] or 'root'})")
        print(f"{it['severity']}[{it['rule']}{' ' + it['case'] if it.get('case') else ''}] {it['message']}")
        print(f"  {it['note']}")
        lines = read(it["path"]).split("\n")
        first, last = it["start"]["line"], it["end"]["line"]
        # Of a long range its start.
        end_shown = min(last, first + 3) + arguments.context
        for line in range(max(1, first - arguments.context), min(len(lines), end_shown) + 1):
            text = lines[line - 1].rstrip("\r")
            print(f"  {line:5} | {text[:200]}")
            if first <= line <= last:
                begin = it["start"]["column"] if line == first else 1
                end = it["end"]["column"] if line == last else len(text) + 1
                print(f"        | {' ' * (begin - 1)}{'^' * max(1, end - begin)}"[:210])


def read_lines(path):
    with open(path, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def read(path):
    with open(path, encoding="utf-8", errors="replace", newline="") as file:
        return file.read()


def main():
    # `… | head` ends quietly.
    if hasattr(signal, "SIGPIPE"):
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    common = argparse.ArgumentParser(add_help=False)
    beside = os.path.join(ROOT, "..", "shared", "corpus")
    common.add_argument("--corpus", default=beside, help="default: ../shared/corpus")
    common.add_argument("--passrole", help="the program; default: the one built last")
    real = argparse.ArgumentParser(add_help=False)
    real.add_argument("--level", default="default", choices=["default", "pedantic"])
    real.add_argument("folders", nargs="*", help="folders of the corpus; default: all with real documents")
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True)
    commands.add_parser("recall", parents=[common]).set_defaults(run=recall)
    command = commands.add_parser("summary", parents=[common, real])
    command.add_argument("--output", default=os.path.join(ROOT, "tests", "corpus", "summary.tsv"))
    command.set_defaults(run=summary)
    command = commands.add_parser("sample", parents=[common, real])
    command.add_argument("--number", "-n", type=int, default=20)
    command.add_argument("--seed", type=int, default=1)
    command.add_argument("--context", type=int, default=1, help="lines shown around a finding")
    command.add_argument("--rule", action="append")
    command.add_argument("--severity")
    command.set_defaults(run=sample)
    arguments = parser.parse_args()
    arguments.corpus = os.path.normpath(arguments.corpus)
    arguments.run(arguments)


if __name__ == "__main__":
    main()
