// Makes the npm packages: `node build.mjs OUT [PLATFORM=BINARY]…`
//
// `passrole` is a launcher of a few lines; the program comes in one package a platform, of which npm installs the one
// that fits. PLATFORM as Node.js says it: linux-x64, linux-arm64, darwin-x64, darwin-arm64, win32-x64.

import { chmodSync, copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const PLATFORMS = ["linux-x64", "linux-arm64", "darwin-x64", "darwin-arm64", "win32-x64"];

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "..", "..");
const version = /^version = "(.*)"$/m.exec(readFileSync(join(root, "Cargo.toml"), "utf8"))[1];

const [out, ...given] = process.argv.slice(2);
if (out === undefined) {
  console.error("usage: node build.mjs OUT [PLATFORM=BINARY]…");
  process.exit(2);
}

const common = {
  version,
  license: "MIT OR Apache-2.0",
  repository: { type: "git", url: "git+https://github.com/passrole/passrole.git" },
};

for (const pair of given) {
  const [platform, binary] = pair.split("=");
  if (!PLATFORMS.includes(platform) || !binary) {
    console.error(`${pair}: not PLATFORM=BINARY with a platform of ${PLATFORMS.join(", ")}`);
    process.exit(2);
  }
  const [os, cpu] = platform.split("-");
  const folder = join(out, platform);
  mkdirSync(folder, { recursive: true });
  const program = os === "win32" ? "passrole.exe" : "passrole";
  copyFileSync(binary, join(folder, program));
  chmodSync(join(folder, program), 0o755);
  licences(folder);
  writeFileSync(join(folder, "README.md"), `The program of [passrole](https://www.npmjs.com/package/passrole) for ${platform}.\n`);
  json(folder, {
    name: `@passrole/${platform}`,
    ...common,
    description: `The passrole program for ${platform}`,
    os: [os],
    cpu: [cpu],
    files: [program],
    preferUnplugged: true,
  });
}

const launcher = join(out, "passrole");
mkdirSync(launcher, { recursive: true });
copyFileSync(join(here, "passrole.js"), join(launcher, "passrole.js"));
chmodSync(join(launcher, "passrole.js"), 0o755);
copyFileSync(join(root, "README.md"), join(launcher, "README.md"));
licences(launcher);
json(launcher, {
  name: "passrole",
  ...common,
  description: "Language server and checker for IAM policies, role trust policies and Amazon ECS task definitions",
  keywords: ["aws", "iam", "ecs", "fargate", "lint", "lsp"],
  bin: { passrole: "passrole.js" },
  files: ["passrole.js"],
  engines: { node: ">=18" },
  optionalDependencies: Object.fromEntries(PLATFORMS.map((platform) => [`@passrole/${platform}`, version])),
});

function licences(folder) {
  for (const name of ["LICENSE-MIT", "LICENSE-APACHE"]) {
    copyFileSync(join(root, name), join(folder, name));
  }
}

function json(folder, value) {
  writeFileSync(join(folder, "package.json"), `${JSON.stringify(value, null, 2)}\n`);
}
