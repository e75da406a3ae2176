// Makes the page in dist/: `node build.mjs`. The engine must be there (web/build.sh).

import { build } from "esbuild";
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "..");
const dist = join(here, "dist");
const engine = join(root, "web", "dist", "engine");

if (!existsSync(join(engine, "engine_bg.wasm"))) {
  console.error("build.mjs: no engine; run web/build.sh first");
  process.exit(2);
}

rmSync(dist, { recursive: true, force: true });
mkdirSync(dist);

// The examples are the demo's own files, so that they never tell of other rules than the program has.
const EXAMPLES = [
  { title: "A service full of mistakes", files: ["ecs/task-definition.json", "iam/web-task-role-trust.json", "iam/web-execution-role-trust.json", "iam/web-task-policy.json"] },
  { title: "A policy for a pipeline", files: ["iam/deploy-policy.json"] },
  { title: "Terraform", files: ["terraform/main.tf", "terraform/variables.tf"] },
  { title: "CloudFormation", files: ["templates/web.yaml"] },
];
const examples = EXAMPLES.map(({ title, files }) => ({
  title,
  files: files.map((path) => ({ path, text: readFileSync(join(root, "demo", path), "utf8") })),
}));

await build({
  entryPoints: { main: join(here, "src", "main.ts"), worker: join(root, "web", "worker.ts") },
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  outdir: dist,
  define: { EXAMPLES: JSON.stringify(examples) },
  alias: { engine: join(engine, "engine.js") },
  logLevel: "warning",
});
copyFileSync(join(engine, "engine_bg.wasm"), join(dist, "engine_bg.wasm"));
for (const name of ["index.html", "style.css"]) {
  copyFileSync(join(here, "src", name), join(dist, name));
}
writeFileSync(join(dist, ".nojekyll"), "");
