/** Where the `passrole` program is. Knows nothing of the editor. */

import { accessSync, constants, statSync } from "node:fs";
import { delimiter, isAbsolute, join } from "node:path";

/** A program that was found, and by which rule. */
export interface Server {
  path: string;
  from: "setting" | "bundled" | "PATH";
}

/** Why none was found, as a person is told. */
export interface NoServer {
  reason: string;
}

export interface Places {
  /** The setting `passrole.path`; empty where it is not set. */
  setting: string;
  /** The extension's folder. */
  extension: string;
  /** The folder that a relative setting starts from, if any is open. */
  workspace: string | undefined;
  /** The environment's `PATH`. */
  path: string | undefined;
  platform: NodeJS.Platform;
}

/** The setting, else the program in the extension's `server` folder, else the one on `PATH`. */
export function findServer(places: Places): Server | NoServer {
  const name = places.platform === "win32" ? "passrole.exe" : "passrole";
  if (places.setting !== "") {
    const path = isAbsolute(places.setting) ? places.setting : join(places.workspace ?? "", places.setting);
    const problem = runnable(path);
    return problem === undefined ? { path, from: "setting" } : { reason: `\`passrole.path\` is set to ${path}, which ${problem}.` };
  }
  const bundled = join(places.extension, "server", name);
  if (runnable(bundled) === undefined) {
    return { path: bundled, from: "bundled" };
  }
  for (const folder of (places.path ?? "").split(delimiter)) {
    if (folder !== "" && runnable(join(folder, name)) === undefined) {
      return { path: join(folder, name), from: "PATH" };
    }
  }
  return { reason: "The `passrole` program is neither in the extension nor on `PATH`." };
}

/** What keeps a file from being run; `undefined` if nothing does. */
function runnable(path: string): string | undefined {
  try {
    if (!statSync(path).isFile()) {
      return "is not a file";
    }
  } catch {
    return "does not exist";
  }
  try {
    accessSync(path, constants.X_OK);
    return undefined;
  } catch {
    return "cannot be executed";
  }
}
