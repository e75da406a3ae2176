/** What the server is told of the settings. Knows nothing of the editor. */

/** The settings as the editor keeps them: anything may stand in a settings file. */
export interface Section {
  get(name: string): unknown;
}

/** The options of `initialize`, and the section `passrole` of a changed configuration. */
export interface Options {
  level: "default" | "pedantic";
  select: string[];
  ignore: string[];
  /** Globs from the folder that is open, each with the kind that its files hold. */
  kinds: Record<string, string>;
}

export function options(section: Section): Options {
  return {
    level: section.get("level") === "pedantic" ? "pedantic" : "default",
    select: names(section.get("select")),
    ignore: names(section.get("ignore")),
    kinds: texts(section.get("kinds")),
  };
}

function texts(value: unknown): Record<string, string> {
  const entries = typeof value === "object" && value !== null ? Object.entries(value) : [];
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === "string"));
}

function names(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === "string") : [];
}
