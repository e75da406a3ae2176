/** Which documents the server is told of. Knows nothing of the editor. */

/** The languages that hold policies and task definitions. The only list of them on this side. */
const LANGUAGES = ["json", "jsonc", "yaml", "cloudformation", "terraform", "opentofu"];

/** Files that no extension gives a language of its own. */
const FILES = ["**/*.tf", "**/*.tofu", "**/*.template", "**/ecs.config"];

/** Files whose changes matter to those that are open. */
export const RELATED = "**/{*.json,*.jsonc,*.yaml,*.yml,*.template,*.cfn,*.tf,*.tofu,*.tfvars,*.hcl,.passrole.jsonc,*ecs*.config}";

/** A part of what the editor calls a document selector. */
export type Filter = ({ language: string } | { pattern: string }) & { scheme?: string };

/** `schemes`: those whose documents the server can read; empty where it can read all. */
export function selector(schemes: string[]): Filter[] {
  const of = (filter: Filter): Filter[] => (schemes.length === 0 ? [filter] : schemes.map((scheme): Filter => ({ scheme, ...filter })));
  return [...LANGUAGES.flatMap((language) => of({ language })), ...FILES.flatMap((pattern) => of({ pattern }))];
}
