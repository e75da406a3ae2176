/** VS Code in the browser: the language server as WebAssembly in a worker. */

import * as vscode from "vscode";
import { BrowserMessageReader, BrowserMessageWriter, LanguageClient, type LanguageClientOptions } from "vscode-languageclient/browser";
import type { FromEngine, ToEngine } from "../../../web/worker";
import { executeCommand, opensAnswers } from "./answers";
import { RELATED, selector } from "./selector";
import { options } from "./settings";

/** Files above this size are left out, as the program leaves them out of what lies around. */
const LARGEST = 4 << 20;

let client: LanguageClient | undefined;
let worker: Worker | undefined;
let failures = 0;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  context.subscriptions.push(vscode.commands.registerCommand("passrole.restart", () => start(context)));
  const watcher = vscode.workspace.createFileSystemWatcher(RELATED);
  const tell = (type: 1 | 2 | 3) => async (uri: vscode.Uri) => {
    await hand(uri);
    await client?.sendNotification("workspace/didChangeWatchedFiles", { changes: [{ uri: toServer(uri), type }] });
  };
  watcher.onDidCreate(tell(1));
  watcher.onDidChange(tell(2));
  watcher.onDidDelete(tell(3));
  context.subscriptions.push(watcher);
  await start(context);
}

export async function deactivate(): Promise<void> {
  await client?.dispose();
  worker?.terminate();
}

async function start(context: vscode.ExtensionContext): Promise<void> {
  await deactivate();
  const place = (name: string) => vscode.Uri.joinPath(context.extensionUri, "dist", "web", name);
  let engine: Uint8Array;
  let code: Uint8Array;
  try {
    engine = await vscode.workspace.fs.readFile(place("engine_bg.wasm"));
    code = await vscode.workspace.fs.readFile(place("worker.js"));
  } catch {
    void vscode.window.showErrorMessage("passrole: this package of the extension holds no engine for the browser; install the one for the web.");
    return;
  }
  // Of an extension that is installed on a server no worker can be made by its address.
  const address = URL.createObjectURL(new Blob([new Uint8Array(code)], { type: "text/javascript" }));
  const started = new Worker(address);
  worker = started;
  started.addEventListener("message", ({ data }: MessageEvent<FromEngine>) => {
    if ("failed" in data && started === worker) {
      void failed(context, data.failed);
    }
  });
  send({ start: engine });
  for (const uri of await vscode.workspace.findFiles(RELATED, "**/{node_modules,.git,.terraform}/**", 5000)) {
    await hand(uri);
  }
  const clientOptions: LanguageClientOptions = {
    documentSelector: selector([]),
    initializationOptions: options(vscode.workspace.getConfiguration("passrole")),
    synchronize: { configurationSection: "passrole" },
    uriConverters: { code2Protocol: toServer, protocol2Code: fromServer },
    // Told above, once the server has the new text.
    middleware: { executeCommand, workspace: { didChangeWatchedFile: async () => {} } },
  };
  // VS Code puts its own constructor in the place of `Worker`: the client would not know the worker for one.
  const transports = { reader: new BrowserMessageReader(started), writer: new BrowserMessageWriter(started) };
  client = new LanguageClient("passrole", "passrole", async () => transports, clientOptions);
  client.registerFeature(opensAnswers);
  await client.start();
}

/** Gives the server a file as it is now. */
async function hand(uri: vscode.Uri): Promise<void> {
  const path = decodeURIComponent(new URL(toServer(uri)).pathname);
  try {
    const { size } = await vscode.workspace.fs.stat(uri);
    if (size <= LARGEST) {
      send({ put: path, text: new TextDecoder().decode(await vscode.workspace.fs.readFile(uri)) });
      return;
    }
  } catch {
    // Gone, or not to be read.
  }
  send({ remove: path });
}

function send(message: ToEngine): void {
  worker?.postMessage(message);
}

async function failed(context: vscode.ExtensionContext, why: string): Promise<void> {
  failures += 1;
  if (failures <= 3) {
    await start(context);
  } else {
    void vscode.window.showErrorMessage(`passrole: the engine ended too often and is not started again. ${why}`);
  }
}

// The server knows files by absolute paths; here they are of any scheme. Scheme and authority become folders.

function toServer(uri: vscode.Uri): string {
  return uri.scheme === "untitled" ? uri.toString() : vscode.Uri.file(`/${uri.scheme}/${uri.authority || "-"}${uri.path}`).toString();
}

function fromServer(text: string): vscode.Uri {
  const uri = vscode.Uri.parse(text);
  const [, scheme, authority = "-", path = ""] = /^\/([^/]+)\/([^/]+)(\/.*)$/.exec(uri.path) ?? [];
  if (uri.scheme !== "file" || scheme === undefined) {
    return uri;
  }
  return vscode.Uri.from({ scheme, authority: authority === "-" ? "" : authority, path });
}
