import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { after, before, test } from "node:test";
import { findServer, type Places } from "../src/server";

let folder: string;
let places: Places;

function program(path: string, mode = 0o755): string {
  writeFileSync(path, "");
  chmodSync(path, mode);
  return path;
}

before(() => {
  folder = mkdtempSync(join(tmpdir(), "passrole-"));
  for (const name of ["extension/server", "empty", "bin", "workspace"]) {
    mkdirSync(join(folder, name), { recursive: true });
  }
  places = {
    setting: "",
    extension: join(folder, "empty"),
    workspace: join(folder, "workspace"),
    path: undefined,
    platform: "linux",
  };
});

after(() => rmSync(folder, { recursive: true }));

test("the setting comes first", () => {
  const own = program(join(folder, "workspace", "my-passrole"));
  program(join(folder, "extension", "server", "passrole"));
  const extension = join(folder, "extension");
  assert.deepEqual(findServer({ ...places, extension, setting: own }), { path: own, from: "setting" });
  assert.deepEqual(findServer({ ...places, extension, setting: "my-passrole" }), { path: own, from: "setting" });
});

test("then the program in the extension, then the one on PATH", () => {
  const bundled = program(join(folder, "extension", "server", "passrole"));
  const onPath = program(join(folder, "bin", "passrole"));
  const path = [join(folder, "empty"), join(folder, "bin")].join(delimiter);
  assert.deepEqual(findServer({ ...places, extension: join(folder, "extension"), path }), { path: bundled, from: "bundled" });
  assert.deepEqual(findServer({ ...places, path }), { path: onPath, from: "PATH" });
});

test("a setting that leads nowhere is said, not passed over", () => {
  const path = join(folder, "bin");
  program(join(path, "passrole"));
  const missing = findServer({ ...places, setting: "/nowhere/passrole", path });
  assert.match("reason" in missing ? missing.reason : "", /\/nowhere\/passrole, which does not exist/);
  const directory = findServer({ ...places, setting: path, path });
  assert.match("reason" in directory ? directory.reason : "", /is not a file/);
});

test("none at all", () => {
  const none = findServer(places);
  assert.match("reason" in none ? none.reason : "", /neither in the extension nor on `PATH`/);
});

test("on Windows it has an extension", () => {
  const path = join(folder, "bin");
  const exe = program(join(path, "passrole.exe"));
  assert.deepEqual(findServer({ ...places, path, platform: "win32" }), { path: exe, from: "PATH" });
});
