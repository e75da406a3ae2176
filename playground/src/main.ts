/** The page: files, their editors, their findings. */

import { LSPClient, LSPPlugin, findReferencesKeymap, formatKeymap, hoverTooltips, jumpToDefinitionKeymap, renameKeymap, serverCompletion } from "@codemirror/lsp-client";
import { indentWithTab } from "@codemirror/commands";
import { lintGutter, setDiagnostics, type Diagnostic as Mark } from "@codemirror/lint";
import { EditorView, keymap } from "@codemirror/view";
import { basicSetup } from "codemirror";
import DOMPurify from "dompurify";
import type { CodeAction, Diagnostic, Position, PublishDiagnosticsParams, TextEdit } from "vscode-languageserver-protocol";
import { wire as wireQuestions } from "./ask";
import { Connection } from "./connection";
import { language, suggestedName } from "./languages";
import { fromFragment, toFragment, type File } from "./link";
import { show as showFindings, words, type Finding } from "./findings";

interface Open {
  path: string;
  view: EditorView;
  panel: HTMLElement;
  tab: HTMLElement;
  findings: Finding[];
}

const ROOT = "file:///";

/** By the file's address, in the order of the tabs. */
const files = new Map<string, Open>();
let shown: string | undefined;
let failures = 0;

const connection = new Connection(restart);
const client = new LSPClient({
  rootUri: ROOT,
  // A large text takes the worker a moment.
  timeout: 20_000,
  sanitizeHTML: (html) => DOMPurify.sanitize(html),
  notificationHandlers: {
    "textDocument/publishDiagnostics": (_, params: PublishDiagnosticsParams) => {
      void judged(params);
      return true;
    },
  },
  extensions: [
    serverCompletion({ override: true }),
    hoverTooltips(),
    keymap.of([...formatKeymap, ...renameKeymap, ...jumpToDefinitionKeymap, ...findReferencesKeymap]),
    {
      clientCapabilities: {
        textDocument: {
          publishDiagnostics: { relatedInformation: true, codeDescriptionSupport: true, versionSupport: true },
          codeAction: { codeActionLiteralSupport: { codeActionKind: { valueSet: ["quickfix"] } }, isPreferredSupport: true },
        },
      },
    },
  ],
});

const find = <T extends HTMLElement>(id: string): T => document.getElementById(id) as T;

function uriOf(path: string): string {
  return ROOT + path.split("/").map(encodeURIComponent).join("/");
}

function open(file: File): void {
  let path = file.path.replace(/^\/+/, "") || suggestedName(file.text);
  for (let count = 2; files.has(uriOf(path)); count += 1) {
    path = file.path.replace(/(\.[^.]*)?$/, `-${count}$1`);
  }
  const uri = uriOf(path);
  const { id, extension } = language(path);
  const panel = document.createElement("div");
  panel.id = `panel-${crypto.randomUUID()}`;
  panel.setAttribute("role", "tabpanel");
  panel.setAttribute("aria-label", path);
  find("editors").append(panel);
  let later: ReturnType<typeof setTimeout> | undefined;
  const view = new EditorView({
    doc: file.text,
    parent: panel,
    extensions: [
      basicSetup,
      extension,
      lintGutter(),
      keymap.of([indentWithTab]),
      EditorView.lineWrapping,
      EditorView.contentAttributes.of({ "aria-label": path }),
      EditorView.updateListener.of((update) => {
        if (update.docChanged) {
          clearTimeout(later);
          later = setTimeout(() => client.sync(), 80);
        }
      }),
      client.plugin(uri, id),
    ],
  });
  files.set(uri, { path, view, panel, tab: tab(uri, path, panel.id), findings: [] });
  select(uri);
}

function tab(uri: string, path: string, panel: string): HTMLElement {
  const box = document.createElement("span");
  box.className = "tab";
  const name = document.createElement("button");
  name.type = "button";
  name.setAttribute("role", "tab");
  name.setAttribute("aria-controls", panel);
  name.textContent = path;
  name.onclick = () => select(uri);
  name.onkeydown = (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step !== undefined) {
      const all = [...files.keys()];
      const next = all[(all.indexOf(uri) + step + all.length) % all.length];
      if (next !== undefined) {
        select(next);
        files.get(next)?.tab.querySelector<HTMLElement>("[role=tab]")?.focus();
      }
    }
  };
  const close = document.createElement("button");
  close.type = "button";
  close.className = "close";
  close.textContent = "×";
  close.setAttribute("aria-label", `Close ${path}`);
  close.onclick = () => shut(uri);
  box.append(name, close);
  find("tabs").append(box);
  return box;
}

function select(uri: string): void {
  shown = uri;
  for (const [other, file] of files) {
    const is = other === uri;
    file.panel.hidden = !is;
    const name = file.tab.querySelector("[role=tab]");
    name?.setAttribute("aria-selected", String(is));
    (name as HTMLElement).tabIndex = is ? 0 : -1;
  }
}

function shut(uri: string): void {
  const file = files.get(uri);
  if (file === undefined) {
    return;
  }
  file.view.destroy();
  file.panel.remove();
  file.tab.remove();
  files.delete(uri);
  const next = [...files.keys()].at(-1);
  if (next === undefined) {
    open({ path: "policy.json", text: "" });
  } else if (shown === uri) {
    select(next);
  }
  tell();
}

function replaceAll(given: File[]): void {
  const old = [...files.keys()];
  for (const file of given) {
    // A name that is taken by what goes away is free.
    old.filter((uri) => uri === uriOf(file.path)).forEach(shutQuietly);
    open(file);
  }
  old.filter((uri) => files.has(uri) && !given.some((file) => uriOf(file.path) === uri)).forEach(shutQuietly);
  const first = given[0];
  if (first !== undefined) {
    select(uriOf(first.path));
  }
  tell();
}

function shutQuietly(uri: string): void {
  const file = files.get(uri);
  file?.view.destroy();
  file?.panel.remove();
  file?.tab.remove();
  files.delete(uri);
}

/** Takes the server's findings over, with the fixes that it has for them. */
async function judged({ uri, diagnostics, version }: PublishDiagnosticsParams): Promise<void> {
  const file = files.get(uri);
  const plugin = file && LSPPlugin.get(file.view);
  if (file === undefined || !plugin) {
    return;
  }
  const known = client.workspace.getFile(uri);
  if (known === null || (version !== undefined && version !== null && known.version !== version)) {
    return;
  }
  const actions = diagnostics.length === 0 ? [] : await fixes(uri, diagnostics, plugin);
  if (known.version !== client.workspace.getFile(uri)?.version) {
    return;
  }
  file.findings = diagnostics.map((diagnostic) => ({
    diagnostic,
    fixes: actions
      .filter((action) => action.diagnostics?.some((it) => same(it, diagnostic)))
      .map((action) => ({ title: action.title, apply: () => apply(action) })),
  }));
  const marks = file.findings.map(({ diagnostic, fixes }): Mark => {
    // The text may have gone on since it was judged.
    const at = (position: Position) => plugin.unsyncedChanges.mapPos(plugin.fromPosition(position, plugin.syncedDoc));
    const [from, to] = [at(diagnostic.range.start), at(diagnostic.range.end)];
    return {
      from,
      to: Math.max(from, to),
      severity: (["error", "warning", "info", "hint"] as const)[(diagnostic.severity ?? 1) - 1] ?? "error",
      message: words(diagnostic),
      source: String(diagnostic.code ?? "passrole"),
      actions: fixes.map(({ title, apply }) => ({ name: title, apply })),
    };
  });
  file.view.dispatch(setDiagnostics(file.view.state, marks));
  tell();
}

function same(a: Diagnostic, b: Diagnostic): boolean {
  return a.code === b.code && a.message === b.message && a.range.start.line === b.range.start.line && a.range.start.character === b.range.start.character;
}

async function fixes(uri: string, diagnostics: Diagnostic[], plugin: LSPPlugin): Promise<CodeAction[]> {
  try {
    const end = plugin.toPosition(plugin.syncedDoc.length, plugin.syncedDoc);
    const found = await client.request<unknown, CodeAction[] | null>("textDocument/codeAction", {
      textDocument: { uri },
      range: { start: { line: 0, character: 0 }, end },
      context: { diagnostics, only: ["quickfix"] },
    });
    return found ?? [];
  } catch {
    // The text went on meanwhile, or the server ended: findings without fixes are right, too.
    return [];
  }
}

function apply({ edit }: CodeAction): void {
  const changed: [string, TextEdit[]][] = Object.entries(edit?.changes ?? {});
  for (const change of edit?.documentChanges ?? []) {
    if ("textDocument" in change) {
      changed.push([change.textDocument.uri, change.edits.filter((it): it is TextEdit => "newText" in it)]);
    }
  }
  for (const [uri, edits] of changed) {
    const file = files.get(uri);
    const plugin = file && LSPPlugin.get(file.view);
    if (file !== undefined && plugin) {
      const changes = edits.map(({ range, newText }) => ({ from: plugin.fromPosition(range.start), to: plugin.fromPosition(range.end), insert: newText }));
      file.view.dispatch({ changes, userEvent: "input.fix" });
    }
  }
  client.sync();
}

/** Shows all findings of all files. */
function tell(): void {
  const all = [...files].map(([uri, file]) => ({ uri, path: file.path, findings: file.findings }));
  showFindings(find("findings"), find("summary"), all, (uri, range) => {
    const file = files.get(uri);
    const plugin = file && LSPPlugin.get(file.view);
    if (file !== undefined && plugin) {
      select(uri);
      const anchor = plugin.fromPosition(range.start);
      file.view.dispatch({ selection: { anchor, head: plugin.fromPosition(range.end) }, effects: EditorView.scrollIntoView(anchor, { y: "center" }) });
      file.view.focus();
    }
  });
}

/** After a failure of the engine: a new one, unless it fails again and again. */
function restart(why: string): void {
  failures += 1;
  if (failures > 3) {
    notify(`The engine ended and is not started again. Reload the page to try it. ${why}`);
    return;
  }
  notify(`The engine ended and is started again: this is a defect of passrole, please report it. ${why}`);
  client.disconnect();
  client.connect(connection.open());
}

let noticeGoes: ReturnType<typeof setTimeout> | undefined;

function notify(text: string): void {
  const notice = find("notice");
  notice.textContent = text;
  notice.hidden = false;
  clearTimeout(noticeGoes);
  noticeGoes = setTimeout(() => (notice.hidden = true), 6000);
}

async function openDropped(list: FileList | undefined): Promise<void> {
  for (const file of list ?? []) {
    // No policy is larger; a picture dropped by mistake must not hold the page up.
    if (file.size > 4 << 20) {
      notify(`${file.name} is larger than 4 MB and was left out.`);
    } else {
      open({ path: file.webkitRelativePath || file.name, text: await file.text() });
    }
  }
}

function wire(): void {
  const examples = find<HTMLSelectElement>("example");
  EXAMPLES.forEach(({ title }, at) => examples.add(new Option(title, String(at))));
  examples.onchange = () => {
    const chosen = EXAMPLES[Number(examples.value)];
    if (examples.value !== "" && chosen !== undefined) {
      replaceAll(chosen.files);
    }
  };
  find("new").onclick = () => {
    const path = prompt("Name of the file", "policy.json");
    if (path !== null && path.trim() !== "") {
      open({ path: path.trim(), text: "" });
    }
  };
  find<HTMLInputElement>("open").onchange = (event) => void openDropped((event.target as HTMLInputElement).files ?? undefined);
  find("share").onclick = async () => {
    const fragment = await toFragment([...files.values()].map(({ path, view }) => ({ path, text: view.state.doc.toString() })));
    history.replaceState(null, "", fragment);
    try {
      await navigator.clipboard.writeText(location.href);
      notify("The link is copied. It holds the files themselves; nothing was sent.");
    } catch {
      notify("The link stands in the address bar. It holds the files themselves; nothing was sent.");
    }
  };
  document.ondragover = (event) => {
    event.preventDefault();
    document.body.classList.add("dropping");
  };
  document.ondragleave = () => document.body.classList.remove("dropping");
  document.ondrop = (event) => {
    event.preventDefault();
    document.body.classList.remove("dropping");
    void openDropped(event.dataTransfer?.files);
  };
}

wire();
wireQuestions(
  (command, argument) => {
    // What was typed last counts.
    client.sync();
    return client.request("workspace/executeCommand", { command, arguments: [argument] });
  },
  () => shown,
);
client.connect(connection.open());
const given = await fromFragment(location.hash);
replaceAll(given ?? EXAMPLES[0]?.files ?? []);
