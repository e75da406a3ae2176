// The extension for the browser, in the browser's own extension host: run by run.sh where the engine was built.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { Workbench, start, until } from "./workbench.mjs";

const { PASSROLE_WEB_VSIX, PROJECT } = process.env;
const TASK = "ecs/task-definition.json";

let code, window;

before(async () => {
  // Without a server beside it there is no other place to run: here it is told to.
  code = await start(PASSROLE_WEB_VSIX, {
    "remote.extensionKind": { "passrole.passrole": ["web"] },
    "editor.wordBasedSuggestions": "off",
  });
  window = await Workbench.open(code, PROJECT, TASK);
});

after(async () => {
  if (process.env.SHOTS) {
    await window?.page.screenshot({ path: join(process.env.SHOTS, "web.png") });
  }
  await window?.close();
  await code?.stop();
});

test("problems, by the engine in the browser", async () => {
  await until("problems of the task definition", async () => (await window.problems()).some((row) => row.includes("host-port-mismatch")), 120_000);
});

test("hover and completion", async () => {
  const lines = readFileSync(join(PROJECT, TASK), "utf8").split("\n");
  const line = lines.findIndex((it) => it.includes('"networkMode"')) + 1;
  assert.match(await window.hoverAt(line, 6), /awsvpc/);
  await window.page.keyboard.press("Escape");
  await window.goto(line);
  await window.page.keyboard.press("End");
  await window.page.keyboard.press("Enter");
  await window.page.keyboard.type('"runtimePlat');
  const offered = await window.complete();
  assert.ok(offered.some((label) => label.includes("runtimePlatform")), String(offered.slice(0, 5)));
});

test("what other files say counts", async () => {
  await window.openFile("iam/web-task-role-trust.json");
  await until("the service that runs the task", async () => (await window.problems()).some((row) => row.includes("wrong-service-principal")));
});
