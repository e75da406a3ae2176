/** Starts the language server and shows how it is. */

import * as vscode from "vscode";
import { CloseAction, ErrorAction, LanguageClient, State, type LanguageClientOptions, type ServerOptions } from "vscode-languageclient/node";
import { executeCommand, opensAnswers } from "./answers";
import { register } from "./questions";
import { findServer } from "./server";
import { selector } from "./selector";
import { options } from "./settings";

const INSTALL_PAGE = "https://github.com/passrole/passrole#install";

let client: LanguageClient | undefined;
let output: vscode.LogOutputChannel;
let status: vscode.StatusBarItem;
/** The program that was found. */
let program: string | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  output = vscode.window.createOutputChannel("passrole", { log: true });
  status = vscode.window.createStatusBarItem("passrole.status", vscode.StatusBarAlignment.Left);
  status.name = "passrole";
  status.command = "passrole.showOutput";
  context.subscriptions.push(
    output,
    status,
    vscode.commands.registerCommand("passrole.restart", () => restart(context)),
    vscode.commands.registerCommand("passrole.showOutput", () => output.show()),
    vscode.workspace.onDidChangeConfiguration(async (change) => {
      if (change.affectsConfiguration("passrole.path")) {
        await restart(context);
      }
    }),
    // A path that was not followed in an untrusted workspace may be now.
    vscode.workspace.onDidGrantWorkspaceTrust(() => restart(context)),
  );
  register(context, () => program);
  await start(context);
}

export async function deactivate(): Promise<void> {
  await stop();
}

async function restart(context: vscode.ExtensionContext): Promise<void> {
  await stop();
  await start(context);
}

async function stop(): Promise<void> {
  const running = client;
  client = undefined;
  try {
    await running?.dispose();
  } catch (error) {
    output.warn(`The server did not stop as it should: ${error}`);
  }
}

async function start(context: vscode.ExtensionContext): Promise<void> {
  const section = vscode.workspace.getConfiguration("passrole");
  const found = findServer({
    setting: section.get<string>("path", ""),
    extension: context.extensionPath,
    workspace: vscode.workspace.workspaceFolders?.[0]?.uri.fsPath,
    path: process.env["PATH"],
    platform: process.platform,
  });
  program = "path" in found ? found.path : undefined;
  if ("reason" in found) {
    show("$(error) passrole", found.reason);
    await complain(found.reason);
    return;
  }
  output.info(`Starting ${found.path} (${found.from})`);
  const server: ServerOptions = { command: found.path, args: ["lsp"] };
  const languageClient = new LanguageClient("passrole", "passrole", server, clientOptions());
  languageClient.registerFeature(opensAnswers);
  client = languageClient;
  languageClient.onDidChangeState(({ newState }) => {
    if (client !== languageClient) {
      return;
    }
    switch (newState) {
      case State.Starting:
        show("$(sync~spin) passrole", "The server is starting.");
        break;
      case State.Running: {
        const info = languageClient.initializeResult?.serverInfo;
        show("$(check) passrole", `${info?.name ?? "passrole"} ${info?.version ?? ""} is running (${found.path}).`);
        break;
      }
      case State.Stopped:
        show("$(circle-slash) passrole", "The server has stopped.");
        break;
    }
  });
  try {
    await languageClient.start();
  } catch (error) {
    const reason = `${found.path} did not start as a language server: ${error instanceof Error ? error.message : error}`;
    show("$(error) passrole", reason);
    await complain(reason);
  }
}

function clientOptions(): LanguageClientOptions {
  let crashes = 0;
  return {
    documentSelector: selector(["file", "untitled"]),
    initializationOptions: options(vscode.workspace.getConfiguration("passrole")),
    synchronize: { configurationSection: "passrole" },
    middleware: { executeCommand },
    outputChannel: output,
    traceOutputChannel: output,
    errorHandler: {
      error: () => ({ action: ErrorAction.Continue }),
      closed: () => {
        crashes += 1;
        if (crashes <= 3) {
          return { action: CloseAction.Restart, message: "The passrole server ended and is started again.", handled: true };
        }
        show("$(error) passrole", "The server ended too often. Run “passrole: Restart the Server” to try again.");
        return { action: CloseAction.DoNotRestart, message: "The passrole server ended too often and is not started again." };
      },
    },
  };
}

function show(text: string, tooltip: string): void {
  status.text = text;
  status.tooltip = tooltip;
  status.show();
}

async function complain(reason: string): Promise<void> {
  output.error(reason);
  const open = "Open Settings";
  const how = "How to Install";
  // Not awaited: the person may leave the message standing.
  void vscode.window.showErrorMessage(`passrole: ${reason}`, open, how).then(async (choice) => {
    if (choice === open) {
      await vscode.commands.executeCommand("workbench.action.openSettings", "passrole.path");
    } else if (choice === how) {
      await vscode.env.openExternal(vscode.Uri.parse(INSTALL_PAGE));
    }
  });
}
