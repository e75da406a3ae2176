import assert from "node:assert/strict";
import { test } from "node:test";
import { options } from "../src/settings";

function section(values: Record<string, unknown>) {
  return { get: (name: string) => values[name] };
}

test("settings go to the server as they are", () => {
  assert.deepEqual(options(section({ level: "pedantic", select: ["trust"], ignore: ["duplicate-sid"] })), {
    level: "pedantic",
    select: ["trust"],
    ignore: ["duplicate-sid"],
    kinds: {},
  });
  assert.deepEqual(options(section({ kinds: { "org/*.json": "scp", a: 1 } })).kinds, { "org/*.json": "scp" });
});

test("what is not set, or of another type, is the default", () => {
  assert.deepEqual(options(section({})), { level: "default", select: [], ignore: [], kinds: {} });
  assert.deepEqual(options(section({ level: 3, select: "trust", ignore: ["a", 1] })), { level: "default", select: [], ignore: ["a"], kinds: {} });
});
