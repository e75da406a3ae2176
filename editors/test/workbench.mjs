/** Starts VS Code (code-server) on loopback and drives its window in headless Chromium. */

import { spawn } from "node:child_process";
import { createWriteStream, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { homedir, tmpdir } from "node:os";
import { join, resolve } from "node:path";

const CACHE = process.env.EDITORS_CACHE ?? join(homedir(), ".cache", "passrole-editors");
const NODE = join(CACHE, "node24", "bin", "node");
const ENTRY = join(CACHE, "code-server", "node_modules", "code-server", "out", "node", "entry.js");

const SETTINGS = {
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
  "workbench.enableExperiments": false,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "security.workspace.trust.enabled": false,
  "telemetry.telemetryLevel": "off",
  "extensions.autoUpdate": false,
  "extensions.autoCheckUpdates": false,
  "extensions.ignoreRecommendations": true,
  "update.mode": "none",
  "chat.disableAIFeatures": true,
  "git.enabled": false,
  "editor.hover.delay": 100,
  "editor.minimap.enabled": false,
  "files.autoSave": "off",
};

const sleep = (time) => new Promise((done) => setTimeout(done, time));

/** Asks until the answer is truthy. */
export async function until(what, ask, patience = 40_000) {
  const end = Date.now() + patience;
  let last;
  for (;;) {
    try {
      const answer = await ask();
      if (answer) {
        return answer;
      }
      last = undefined;
    } catch (error) {
      last = error;
    }
    if (Date.now() > end) {
      throw new Error(`waited in vain: ${what}${last ? ` (${last.message.split("\n")[0]})` : ""}`);
    }
    await sleep(100);
  }
}

function freePort() {
  return new Promise((done, failed) => {
    const server = createServer().on("error", failed);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}

/** A fresh VS Code with this extension and these settings over the quiet ones. */
export async function start(vsix, settings = {}) {
  const root = mkdtempSync(join(tmpdir(), "passrole-vscode-"));
  mkdirSync(join(root, "data", "User"), { recursive: true });
  mkdirSync(join(root, "extensions"));
  writeFileSync(join(root, "data", "User", "settings.json"), JSON.stringify({ ...SETTINGS, ...settings }));
  writeFileSync(join(root, "config.yaml"), "auth: none\ncert: false\n");
  const log = createWriteStream(join(root, "log"));
  const run = (extra) => {
    const common = ["--config", join(root, "config.yaml"), "--user-data-dir", join(root, "data"), "--extensions-dir", join(root, "extensions")];
    const child = spawn(NODE, [ENTRY, ...common, ...extra], {
      stdio: ["ignore", "pipe", "pipe"],
      // Its own group, so that extension host and server end with it.
      detached: true,
      env: { ...process.env, TMPDIR: root, XDG_RUNTIME_DIR: root, EXTENSIONS_GALLERY: '{"serviceUrl":""}' },
    });
    child.stdout.pipe(log, { end: false });
    child.stderr.pipe(log, { end: false });
    return child;
  };
  const status = await new Promise((done) => run(["--install-extension", resolve(vsix), "--force"]).on("close", done));
  if (status !== 0) {
    throw new Error(`the extension could not be installed (${status})`);
  }
  const port = await freePort();
  const child = run([
    ...["--bind-addr", `127.0.0.1:${port}`, "--disable-telemetry", "--disable-update-check", "--disable-workspace-trust"],
    ...["--disable-getting-started-override", "--ignore-last-opened"],
  ]);
  const url = `http://127.0.0.1:${port}`;
  await until("code-server answers", async () => (await fetch(`${url}/healthz`)).ok);
  const stop = async () => {
    const gone = new Promise((done) => child.on("exit", done));
    child.kill("SIGTERM");
    await Promise.race([gone, sleep(5000)]);
    try {
      process.kill(-child.pid, "SIGKILL");
    } catch {
      // All of it has ended.
    }
    log.end();
    rmSync(root, { recursive: true, force: true });
  };
  return { url, authority: `127.0.0.1:${port}`, stop };
}

/** The window, as a person uses it. */
export class Workbench {
  static async open(code, folder, file) {
    const { chromium } = createRequire(join(CACHE, "tools", "package.json"))("playwright-core");
    const browser = await chromium.launch({
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      args: [
        ...["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"],
        ...["--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"],
        "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
      ],
    });
    // Rows of a list that are out of view are not drawn.
    const page = await (await browser.newContext({ viewport: { width: 1280, height: 2400 } })).newPage();
    const payload = [["skipWelcome", "true"], ["openFile", `vscode-remote://${code.authority}${resolve(folder, file)}`]];
    const query = new URLSearchParams({ folder: resolve(folder), payload: JSON.stringify(payload) });
    await page.goto(`${code.url}/?${query}`, { waitUntil: "domcontentloaded" });
    await page.waitForSelector(".monaco-workbench", { timeout: 90_000 });
    const window = new Workbench(browser, page);
    await window.shows(file);
    return window;
  }

  constructor(browser, page) {
    this.browser = browser;
    this.page = page;
  }

  async shows(file) {
    await this.page.waitForSelector(`.tab[data-resource-name="${file.split("/").at(-1)}"].active`, { timeout: 60_000 });
    await this.page.waitForSelector(".editor-instance .monaco-editor .view-line", { timeout: 60_000 });
  }

  /** Opens a file of the folder by its name. */
  async openFile(file) {
    const name = file.split("/").at(-1);
    await this.ask("Control+P", name, (list) => list.filter({ hasText: name }).first());
    await this.shows(file);
  }

  async goto(line, column = 1) {
    await this.ask("Control+G", `:${line}:${column}`);
  }

  async ask(key, text, row) {
    await this.page.keyboard.press(key);
    const input = this.page.locator(".quick-input-widget input").first();
    await input.waitFor();
    await input.fill(text);
    if (row) {
      await row(this.page.locator(".quick-input-list .monaco-list-row")).waitFor();
    }
    await this.page.keyboard.press("Enter");
    await input.waitFor({ state: "hidden" });
  }

  /** Texts of the rows of the Problems panel. */
  async problems() {
    const panel = this.page.locator(".markers-panel");
    if (!(await panel.isVisible().catch(() => false))) {
      await this.page.keyboard.press("Control+Shift+M");
      await panel.waitFor({ timeout: 20_000 });
    }
    return this.page.locator(".markers-panel .monaco-list-row").allInnerTexts();
  }

  async hoverAt(line, column) {
    await this.goto(line, column);
    await this.page.keyboard.press("Control+K");
    await this.page.keyboard.press("Control+I");
    return until("the hover has text", async () => {
      const text = (await this.page.locator(".monaco-hover").allInnerTexts()).join("\n").trim();
      return text && !text.startsWith("Loading") && text;
    });
  }

  /** Labels of what is offered at the cursor. */
  async complete() {
    await this.page.keyboard.press("Control+Space");
    const rows = this.page.locator(".suggest-widget.visible .monaco-list-row");
    await rows.first().waitFor({ timeout: 20_000 });
    await sleep(200);
    return rows.evaluateAll((all) => all.map((row) => row.getAttribute("aria-label")));
  }

  /** The text of a line as it stands in the editor. */
  async line(number) {
    await this.goto(number);
    return (await this.page.locator(".monaco-editor.focused .view-line").allInnerTexts()).join("\n").replaceAll("\u00a0", " ");
  }

  /** Where the cursor is, as the status bar has it: `Ln 3, Col 7`. */
  async cursor() {
    return this.page.locator("#status\\.editor\\.selection").innerText();
  }

  async close() {
    await this.browser.close();
  }
}
