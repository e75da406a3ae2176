#!/usr/bin/env node
// Runs the program that npm installed for this platform.
"use strict";

const { spawnSync } = require("node:child_process");

const platform = `${process.platform}-${process.arch}`;
const program = process.platform === "win32" ? "passrole.exe" : "passrole";

let path;
try {
  path = require.resolve(`@passrole/${platform}/${program}`);
} catch {
  console.error(
    `passrole: no program for ${platform} is installed. It comes as the optional dependency @passrole/${platform}; ` +
      "install without --omit=optional, or build it with cargo.",
  );
  process.exit(2);
}

const { status, signal, error } = spawnSync(path, process.argv.slice(2), { stdio: "inherit" });
if (error) {
  console.error(`passrole: ${path} cannot be run: ${error.message}`);
  process.exit(2);
}
if (signal) {
  process.kill(process.pid, signal);
}
process.exit(status ?? 2);
