/** What the server's own commands (`passrole.ask.…`) answer: a document to be opened beside the text. */

import * as vscode from "vscode";
import type { ClientCapabilities, StaticFeature } from "vscode-languageclient";

interface Answer {
  title: string;
  language: string;
  text: string;
}

/** Tells the server that answers are opened here, so that it offers these commands, and whether the editor tells the syntax errors of JSON by itself. */
export const opensAnswers: StaticFeature = {
  fillClientCapabilities(capabilities: ClientCapabilities): void {
    capabilities.experimental = { ...capabilities.experimental, passrole: { answers: true, jsonSyntax: vscode.extensions.getExtension("vscode.json-language-features") !== undefined } };
  },
  initialize() {},
  getState: () => ({ kind: "static" }),
  clear() {},
};

/** Runs such a command and opens what it answers. */
export async function executeCommand(command: string, args: unknown[], next: (command: string, args: unknown[]) => unknown): Promise<unknown> {
  let answer: unknown;
  try {
    answer = await next(command, args);
  } catch (error) {
    void vscode.window.showErrorMessage(`passrole: ${error instanceof Error ? error.message : error}`);
    return undefined;
  }
  if (isAnswer(answer)) {
    const document = await vscode.workspace.openTextDocument({ language: answer.language, content: answer.text });
    await vscode.window.showTextDocument(document, { preview: true, viewColumn: vscode.ViewColumn.Beside });
  }
  return answer;
}

function isAnswer(value: unknown): value is Answer {
  return typeof value === "object" && value !== null && "text" in value && typeof value.text === "string" && "language" in value;
}
