/** The list of findings. */

import type { Diagnostic, Range } from "vscode-languageserver-protocol";

export interface Finding {
  diagnostic: Diagnostic;
  fixes: { title: string; apply: () => void }[];
}

interface Judged {
  uri: string;
  path: string;
  findings: Finding[];
}

const SEVERITIES = ["error", "warning", "information", "hint"] as const;

export function show(list: HTMLElement, summary: HTMLElement, files: Judged[], go: (uri: string, range: Range) => void): void {
  const counts = [0, 0, 0, 0];
  const items = files.flatMap((file) =>
    [...file.findings]
      .sort((a, b) => severity(a) - severity(b) || a.diagnostic.range.start.line - b.diagnostic.range.start.line)
      .map((finding) => {
        counts[severity(finding)]! += 1;
        return item(file, finding, go);
      }),
  );
  list.replaceChildren(...items);
  const words = SEVERITIES.flatMap((word, at) => (counts[at] ? [`${counts[at]} ${plural(word, counts[at])}`] : []));
  summary.textContent = words.length > 0 ? `${words.join(", ")}.` : "No findings.";
}

/** The message, which newer servers may send as Markdown. */
export function words({ message }: Diagnostic): string {
  return typeof message === "string" ? message : message.value;
}

function severity({ diagnostic }: Finding): number {
  return (diagnostic.severity ?? 1) - 1;
}

function plural(word: string, count: number): string {
  return word === "information" ? (count === 1 ? "note" : "notes") : count === 1 ? word : `${word}s`;
}

function item({ uri, path }: Judged, { diagnostic, fixes }: Finding, go: (uri: string, range: Range) => void): HTMLElement {
  const item = document.createElement("li");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "go";
  button.onclick = () => go(uri, diagnostic.range);
  const word = SEVERITIES[(diagnostic.severity ?? 1) - 1] ?? "error";
  const [message = "", ...note] = words(diagnostic).split("\n");
  button.append(
    part("severity " + word, `${word === "information" ? "note" : word} `),
    part("message", message),
    part("place", ` ${path}:${diagnostic.range.start.line + 1} · ${diagnostic.code ?? ""}`),
  );
  item.append(button);
  const rest = note.join("\n").trim();
  if (rest !== "") {
    const text = document.createElement("p");
    text.className = "note";
    text.textContent = rest;
    item.append(text);
  }
  if (fixes.length > 0) {
    const row = document.createElement("div");
    row.className = "fixes";
    for (const fix of fixes) {
      const apply = document.createElement("button");
      apply.type = "button";
      apply.textContent = fix.title;
      apply.onclick = fix.apply;
      row.append(apply);
    }
    item.append(row);
  }
  return item;
}

function part(className: string, text: string): HTMLElement {
  const span = document.createElement("span");
  span.className = className;
  span.textContent = text;
  return span;
}
