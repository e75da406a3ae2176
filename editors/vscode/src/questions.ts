/** Questions to the program that are asked from the editor: it answers as on the command line. */

import { spawn } from "node:child_process";
import * as vscode from "vscode";

/** What the program printed, and how it ended. */
interface Answer {
  text: string;
  status: number;
}

/** `program` may be gone, or not found yet. */
export function register(context: vscode.ExtensionContext, program: () => string | undefined): void {
  const ask = async (args: string[], input = ""): Promise<Answer | undefined> => {
    const path = program();
    if (path === undefined) {
      void vscode.window.showErrorMessage("passrole: the program was not found; see the output.");
      return undefined;
    }
    return run(path, args, input, folder());
  };
  context.subscriptions.push(
    vscode.commands.registerCommand("passrole.explain", async () => {
      const message = selected() ?? (await vscode.window.showInputBox({ title: "Explain an Error Message", placeHolder: "User: arn:aws:… is not authorized to perform: …" }));
      if (message) {
        await show(await ask(["explain", "-"], message), "plaintext");
      }
    }),
    vscode.commands.registerCommand("passrole.roles", async () => {
      const file = vscode.window.activeTextEditor?.document.uri;
      if (file?.scheme === "file") {
        await show(await ask(["roles", file.fsPath]), "plaintext");
      }
    }),
    vscode.commands.registerCommand("passrole.expand", async () => {
      const pattern = selected() ?? (await vscode.window.showInputBox({ title: "Show the Actions of a Wildcard", placeHolder: "ecs:Describe*" }));
      if (pattern) {
        await show(await ask(["expand", pattern.trim()]), "plaintext");
      }
    }),
    vscode.commands.registerCommand("passrole.rule", async (rule?: string) => {
      const id = rule ?? ruleHere() ?? (await vscode.window.showInputBox({ title: "Show the Page of a Rule", placeHolder: "missing-pass-role" }));
      if (id) {
        await show(await ask(["rule", id.trim()]), "markdown");
      }
    }),
    vscode.commands.registerCommand("passrole.check", () => vscode.tasks.executeTask(task(program() ?? "passrole", ["."]))),
    vscode.tasks.registerTaskProvider("passrole", {
      provideTasks: () => [task(program() ?? "passrole", ["."])],
      resolveTask: ({ definition }) => task(program() ?? "passrole", Array.isArray(definition["paths"]) ? definition["paths"] : ["."], definition),
    }),
  );
}

function task(program: string, paths: string[], definition: vscode.TaskDefinition = { type: "passrole" }): vscode.Task {
  const execution = new vscode.ProcessExecution(program, ["check", "--format", "concise", "--", ...paths]);
  return new vscode.Task(definition, vscode.TaskScope.Workspace, "check", "passrole", execution, "$passrole");
}

function folder(): string | undefined {
  const file = vscode.window.activeTextEditor?.document.uri;
  const around = file && vscode.workspace.getWorkspaceFolder(file);
  return (around ?? vscode.workspace.workspaceFolders?.[0])?.uri.fsPath;
}

function selected(): string | undefined {
  const editor = vscode.window.activeTextEditor;
  return editor?.document.getText(editor.selection) || undefined;
}

/** The rule of the finding under the cursor. */
function ruleHere(): string | undefined {
  const editor = vscode.window.activeTextEditor;
  const found = editor && vscode.languages.getDiagnostics(editor.document.uri).find((it) => it.source === "passrole" && it.range.contains(editor.selection.active));
  const code = found?.code;
  return code === undefined ? undefined : String(typeof code === "object" ? code.value : code);
}

async function show(answer: Answer | undefined, language: string): Promise<void> {
  if (answer === undefined) {
    return;
  }
  if (answer.status !== 0 && answer.text.length < 400) {
    void vscode.window.showErrorMessage(`passrole: ${answer.text}`);
    return;
  }
  const document = await vscode.workspace.openTextDocument({ language, content: answer.text });
  await vscode.window.showTextDocument(document, { preview: true, viewColumn: vscode.ViewColumn.Beside });
}

function run(path: string, args: string[], input: string, cwd: string | undefined): Promise<Answer> {
  return new Promise((done) => {
    const child = spawn(path, args, { cwd, env: { ...process.env, NO_COLOR: "1" } });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => err.push(chunk));
    child.on("error", (error) => done({ text: error.message, status: 2 }));
    child.on("close", (status) => done({ text: Buffer.concat(out.length > 0 ? out : err).toString("utf8").trim(), status: status ?? 2 }));
    // A program that ended early reads nothing.
    child.stdin.on("error", () => {});
    child.stdin.end(input);
  });
}
