/** Questions that are commands of the server: asks for what they lack, and opens what is answered. */

import * as vscode from "vscode";
import type { ClientCapabilities, ExecuteCommandSignature, StaticFeature } from "vscode-languageclient/node";

/** What the server answers: a document to be opened. */
interface Answer {
  readonly title: string;
  readonly language: string;
  readonly text: string;
}

/**
 * Tells the server that answers are opened, so that it offers its commands beside fixes, and that VS Code tells
 * the syntax errors of JSON by itself.
 */
export const opensAnswers: StaticFeature = {
  fillClientCapabilities(capabilities: ClientCapabilities): void {
    capabilities.experimental = { ...capabilities.experimental, passrole: { answers: true, jsonSyntax: true } };
  },
  initialize(): void {},
  getState() {
    return { kind: "static" };
  },
  clear(): void {},
};

/** Runs a command of the server; what is missing is asked for. */
export async function answered(command: string, given: unknown[], next: ExecuteCommandSignature): Promise<unknown> {
  const asked = given.length > 0 ? given : await argumentsOf(command);
  if (asked === undefined) {
    return undefined;
  }
  const answer: unknown = await next(command, asked);
  if (isAnswer(answer)) {
    await open(answer);
  }
  return answer;
}

async function argumentsOf(command: string): Promise<unknown[] | undefined> {
  const uri = vscode.window.activeTextEditor?.document.uri.toString();
  switch (command) {
    case "passrole.explain": {
      const message = await vscode.window.showInputBox({
        title: "Explain a message of AWS",
        prompt: "The message, or a log with several",
        ignoreFocusOut: true,
      });
      return message ? [{ message, uri }] : undefined;
    }
    case "passrole.expand": {
      const patterns = await vscode.window.showInputBox({
        title: "Actions that a wildcard stands for",
        placeHolder: "ecs:Describe*",
      });
      return patterns ? patterns.split(/[\s,]+/).filter((pattern) => pattern !== "") : undefined;
    }
    case "passrole.roles":
      return uri === undefined ? undefined : [{ uri }];
    default:
      return [];
  }
}

function isAnswer(value: unknown): value is Answer {
  return typeof value === "object" && value !== null && typeof (value as Answer).text === "string";
}

async function open({ text, language }: Answer): Promise<void> {
  const known = await vscode.languages.getLanguages();
  const document = await vscode.workspace.openTextDocument({
    content: text,
    language: known.includes(language) ? language : "plaintext",
  });
  await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.Beside, preview: true });
}
