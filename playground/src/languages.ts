/** How a file is coloured, and what the server is told that it is. */

import { json } from "@codemirror/lang-json";
import { yaml } from "@codemirror/lang-yaml";
import { StreamLanguage } from "@codemirror/language";
import type { Extension } from "@codemirror/state";

/** Enough of Terraform to tell words, texts and comments apart. */
const terraform = StreamLanguage.define({
  name: "terraform",
  token(stream) {
    if (stream.match(/^(#|\/\/).*/) || stream.match(/^\/\*.*?\*\//)) {
      return "comment";
    }
    if (stream.match(/^"(?:[^"\\]|\\.)*"?/)) {
      return "string";
    }
    if (stream.match(/^\d+(\.\d+)?/)) {
      return "number";
    }
    if (stream.match(/^(true|false|null)\b/)) {
      return "atom";
    }
    if (stream.match(/^(resource|data|locals|variable|output|module|provider|terraform|dynamic|statement|condition|principals)\b/)) {
      return "keyword";
    }
    if (stream.match(/^[A-Za-z_][\w-]*(?=\s*=)/)) {
      return "propertyName";
    }
    if (stream.match(/^[A-Za-z_][\w-]*/)) {
      return "variableName";
    }
    stream.next();
    return null;
  },
  languageData: { commentTokens: { line: "#" } },
});

export function language(path: string): { id: string; extension: Extension } {
  if (/\.(tf|tofu|hcl|tfvars)$/.test(path)) {
    return { id: "terraform", extension: terraform };
  }
  if (/\.(ya?ml|template|cfn)$/.test(path)) {
    return { id: "yaml", extension: yaml() };
  }
  return { id: path.endsWith(".jsonc") ? "jsonc" : "json", extension: json() };
}

/** A name for a text that was pasted without one. */
export function suggestedName(text: string): string {
  if (/^\s*[[{]/.test(text)) {
    return "policy.json";
  }
  return /^\s*(resource|data|module|locals|variable)\b/m.test(text) ? "main.tf" : "template.yaml";
}
