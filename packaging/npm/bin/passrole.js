#!/usr/bin/env node
// Starts the program of the platform's package.
"use strict";
const { spawnSync } = require("node:child_process");

const name = `@passrole/${process.platform}-${process.arch}`;
const file = process.platform === "win32" ? "passrole.exe" : "passrole";
let program;
try {
  program = require.resolve(`${name}/${file}`);
} catch {
  console.error(`passrole: there is no package ${name}: is the platform one of those in its README, and were optional dependencies installed?`);
  process.exit(2);
}
const run = spawnSync(program, process.argv.slice(2), { stdio: "inherit" });
if (run.error) {
  console.error(`passrole: ${run.error.message}`);
  process.exit(2);
}
if (run.signal) process.kill(process.pid, run.signal);
process.exit(run.status ?? 2);
