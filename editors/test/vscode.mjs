// A person at work in VS Code: run by run.sh, in a copy of the demo.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { Workbench, start, until } from "./workbench.mjs";

const { PASSROLE_VSIX, PROJECT } = process.env;
const TASK = "ecs/task-definition.json";

let code, window;

before(async () => {
  // The program comes with the extension: nothing is set, nothing is on PATH.
  code = await start(PASSROLE_VSIX, {
    "[json]": { "editor.codeActionsOnSave": { "source.fixAll.passrole": "explicit" } },
    "editor.wordBasedSuggestions": "off",
    "editor.showFoldingControls": "always",
  });
  window = await Workbench.open(code, PROJECT, TASK);
});

after(async () => {
  if (process.env.SHOTS) {
    await window?.page.screenshot({ path: join(process.env.SHOTS, "vscode.png") });
  }
  await window?.close();
  await code?.stop();
});

const lineOf = (file, text) => readFileSync(join(PROJECT, file), "utf8").split("\n").findIndex((line) => line.includes(text)) + 1;
const has = async (text) => (await window.problems()).some((row) => row.includes(text));

test("problems", async () => {
  await until("problems of the task definition", () => has("host-port-mismatch"));
  await window.page.keyboard.press("Escape");
});

test("hover", async () => {
  await window.goto(1);
  const line = lineOf(TASK, '"networkMode"');
  assert.match(await window.hoverAt(line, 6), /awsvpc/);
  await window.page.keyboard.press("Escape");
});

test("completion, accepted", async () => {
  const line = lineOf(TASK, '"networkMode"');
  await window.goto(line);
  await window.page.keyboard.press("End");
  await window.page.keyboard.press("Enter");
  await window.page.keyboard.type('"runtimePlat');
  const offered = await window.complete();
  assert.ok(offered.some((label) => label.includes("runtimePlatform")), String(offered.slice(0, 5)));
  await window.page.keyboard.press("Enter");
  await until("the word is written", async () => (await window.line(line + 1)).includes('"runtimePlatform"'));
  for (let count = 0; count < 4; count += 1) {
    await window.page.keyboard.press("Control+Z");
  }
});

test("rename", async () => {
  const line = lineOf(TASK, '"name"');
  const column = readFileSync(join(PROJECT, TASK), "utf8").split("\n")[line - 1].indexOf('": "') + 6;
  await window.goto(line, column);
  await window.page.keyboard.press("F2");
  const box = window.page.locator(".rename-box input");
  await box.waitFor({ timeout: 20_000 });
  await box.fill("renamed");
  await window.page.keyboard.press("Enter");
  await until("the name has changed", async () => (await window.line(line)).includes('"renamed"'));
  await window.page.keyboard.press("Control+Z");
});

test("fix on saving", async () => {
  const before = (await window.problems()).length;
  await window.goto(1);
  await window.page.keyboard.press("End");
  await window.page.keyboard.type(" ");
  await window.page.keyboard.press("Control+S");
  await until("fewer problems", async () => (await window.problems()).length < before);
});

test("a mended trust policy, before it is saved", async () => {
  const trust = "iam/web-task-role-trust.json";
  await window.openFile(trust);
  await until("problems of the trust policy", () => has("wrong-service-principal"));
  const line = lineOf(trust, '"Service"');
  await window.goto(line);
  await window.page.keyboard.press("Home");
  await window.page.keyboard.press("Shift+End");
  await window.page.keyboard.insertText('"Principal": { "Service": "ecs-tasks.amazonaws.com" },');
  await until("the finding is gone", async () => !(await window.problems()).some((row) => row.includes("wrong-service-principal") && row.includes("task")));
});

test("folding in a module", async () => {
  await window.openFile("terraform/main.tf");
  // One for each block and each list over lines.
  await until("marks to fold at", async () => (await window.page.locator(".codicon-folding-expanded").count()) > 5);
});

test("from a reference to the role", async () => {
  const template = "templates/web.yaml";
  await window.openFile(template);
  await until("problems of the template", () => has("web.yaml"));
  const text = readFileSync(join(PROJECT, template), "utf8").split("\n");
  const line = text.findIndex((it) => it.includes("!GetAtt") && it.includes("Role"));
  const name = /!GetAtt (\w+)/.exec(text[line])[1];
  await window.goto(line + 1, text[line].indexOf(name) + 2);
  await window.page.keyboard.press("F12");
  const target = text.findIndex((it) => it.trim() === `${name}:`) + 1;
  await until("the cursor is at the role", async () => (await window.cursor()).startsWith(`Ln ${target},`));
});

test("a policy in another form", async () => {
  const policy = "iam/deploy-policy.json";
  await window.openFile(policy);
  await window.goto(lineOf(policy, '"Action"'), 12);
  await window.page.keyboard.press("Control+.");
  const row = window.page.locator(".action-widget .monaco-list-row").filter({ hasText: "aws_iam_policy_document" });
  await row.first().click({ timeout: 30_000 });
  await until("the module is shown", async () => (await window.page.locator(".view-line").allInnerTexts()).join("\n").replaceAll("\u00a0", " ").includes('data "aws_iam_policy_document"'));
});
