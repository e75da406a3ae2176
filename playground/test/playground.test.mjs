// Drives the page in headless Chromium: node --test test/. Needs dist/ (npm run build) and Chromium.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { createServer } from "node:http";
import { dirname, extname, join, normalize } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { brotliCompressSync } from "node:zlib";
import { chromium } from "playwright-core";

const dist = join(dirname(fileURLToPath(import.meta.url)), "..", "dist");
const TYPES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".wasm": "application/wasm" };
const CHROMIUM = process.env.CHROMIUM ?? ["/usr/bin/chromium", "/usr/bin/google-chrome"].find(existsSync);

let server, browser, address;
const asked = [];

before(async () => {
  assert.ok(CHROMIUM, "no Chromium: install it or set CHROMIUM");
  server = createServer(async (request, response) => {
    const path = normalize(new URL(request.url, "http://localhost").pathname).replace(/\/$/, "/index.html");
    try {
      const body = await readFile(join(dist, path));
      response.writeHead(200, { "content-type": TYPES[extname(path)] ?? "application/octet-stream" }).end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  address = `http://127.0.0.1:${server.address().port}/`;
  browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
});

after(async () => {
  await browser?.close();
  server?.close();
});

async function page(hash = "", options = {}) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  page.on("request", (request) => asked.push(request.url()));
  page.on("pageerror", (error) => assert.fail(`the page failed: ${error}`));
  await page.goto(address + hash);
  return page;
}

const findings = (page) => page.locator("#findings li");

test("the demo's mistakes are found, the role's beside the task definition's", async () => {
  const it = await page();
  await findings(it).first().waitFor();
  await it.locator("#findings", { hasText: "wrong-service-principal" }).waitFor();
  assert.match(await it.locator("#summary").textContent(), /errors/);
  await shot(it, "light");
  const dark = await page("", { colorScheme: "dark" });
  await findings(dark).first().waitFor();
  await shot(dark, "dark");
});

test("a fix is applied and its finding goes", async () => {
  const it = await page();
  await findings(it).first().waitFor();
  const fixable = findings(it).filter({ has: it.locator(".fixes button") }).first();
  const before = await findings(it).count();
  await fixable.locator(".fixes button").first().click();
  await it.waitForFunction((count) => document.querySelectorAll("#findings li").length < count, before);
});

test("what is typed is judged, completed and explained", async () => {
  const it = await page();
  await findings(it).first().waitFor();
  it.on("dialog", (dialog) => dialog.accept("typed.json"));
  await it.click("#new");
  const editor = it.locator(".cm-content[aria-label='typed.json']");
  await editor.waitFor();
  await editor.click();
  await it.keyboard.insertText('{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObjekt", "Resource": "*"}]}');
  await it.locator("#findings", { hasText: "has no action `GetObjekt`" }).waitFor();
  // Completion inside the action.
  await editor.locator("text=GetObjekt").first().hover();
  await it.evaluate(() => {});
  for (let left = '", "Resource": "*"}]}'.length; left > 0; left -= 1) {
    await it.keyboard.press("ArrowLeft");
  }
  for (let back = 0; back < 4; back += 1) {
    await it.keyboard.press("Backspace");
  }
  await it.keyboard.type("je");
  await it.locator(".cm-tooltip-autocomplete li", { hasText: "GetObject" }).first().waitFor();
  await it.keyboard.press("Escape");
});

test("a link carries the files, and nothing else is asked of anybody", async () => {
  const it = await page();
  await findings(it).first().waitFor();
  await it.selectOption("#example", { label: "A policy for a pipeline" });
  await it.locator("[role=tab]", { hasText: "deploy-policy.json" }).waitFor();
  await it.click("#share");
  await it.waitForFunction(() => location.hash.startsWith("#files="));
  const hash = await it.evaluate(() => location.hash);
  const other = await page(hash);
  await other.locator("[role=tab]", { hasText: "deploy-policy.json" }).waitFor();
  await findings(other).first().waitFor();
  const broken = await page(hash.slice(0, 40));
  await findings(broken).first().waitFor();
  assert.deepEqual(asked.filter((url) => !url.startsWith(address) && !url.startsWith("data:")), []);
});

test("the keyboard reaches everything, and everything has a name", async () => {
  const it = await page();
  await findings(it).first().waitFor();
  const nameless = await it.evaluate(() =>
    [...document.querySelectorAll("button, select, input, [role=tab]")]
      .filter((element) => !(element.textContent.trim() || element.getAttribute("aria-label") || element.labels?.length))
      .map((element) => element.outerHTML),
  );
  assert.deepEqual(nameless, []);
  await it.locator("[role=tab][aria-selected=true]").focus();
  const first = await it.locator("[role=tab][aria-selected=true]").textContent();
  await it.keyboard.press("ArrowRight");
  assert.notEqual(await it.locator("[role=tab][aria-selected=true]").textContent(), first);
  await findings(it).locator(".go").first().focus();
  await it.keyboard.press("Enter");
  assert.ok(await it.evaluate(() => document.activeElement.classList.contains("cm-content")));
});

test("questions are answered by the files in the page", async () => {
  const it = await page();
  await findings(it).first().waitFor();
  await it.locator("details.ask summary").click();
  await it.click("#roles button");
  await it.locator("#answer", { hasText: "execution" }).waitFor();
  await it.selectOption("#roles-format", "terraform");
  await it.click("#roles button");
  await it.locator("#answer", { hasText: "aws_iam_role" }).waitFor();
  it.on("dialog", (dialog) => dialog.accept("asked.json"));
  await it.click("#new");
  const editor = it.locator(".cm-content[aria-label='asked.json']");
  await editor.click();
  await it.keyboard.insertText('{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::example-bucket/*"}]}');
  await it.click("#can button");
  await it.locator("#answer", { hasText: /^allowed/i }).waitFor();
  await it.fill("#action", "s3:PutObject");
  await it.click("#can button");
  await it.locator("#answer", { hasText: /denied/i }).waitFor();
  await it.fill("#action", "s3:*");
  await it.click("#can button");
  await it.locator("#answer.failed", { hasText: "has a wildcard" }).waitFor();
  await shot(it, "ask");
});

test("the whole page is below 2.5 MB compressed", async () => {
  let size = 0;
  for (const name of ["index.html", "style.css", "main.js", "worker.js", "engine_bg.wasm"]) {
    await stat(join(dist, name));
    size += brotliCompressSync(await readFile(join(dist, name))).length;
  }
  console.log(`${size} bytes compressed`);
  assert.ok(size < 2_500_000, `${size} bytes`);
});

/** A picture to be looked at, where SHOTS names a folder. */
async function shot(page, name) {
  if (process.env.SHOTS) {
    await page.screenshot({ path: join(process.env.SHOTS, `${name}.png`) });
  }
}
