//! The fenced blocks of Markdown.

use crate::text::Span;

/// What fences call the syntaxes that are read, and the name of a file of each.
const SYNTAXES: [(&str, &str); 9] = [
    ("json", ".json"),
    ("jsonc", ".json"),
    ("json5", ".json"),
    ("yaml", ".yaml"),
    ("yml", ".yaml"),
    ("hcl", ".tf"),
    ("terraform", ".tf"),
    ("tf", ".tf"),
    ("tofu", ".tf"),
];

/// The insides of the fenced blocks of syntaxes that are read, each with the name of a file of its syntax.
/// A block in a quotation (`> `) has marks of its own in each line, and is left out.
pub(super) fn fences(text: &str) -> Vec<(&'static str, Span)> {
    let mut found = Vec::new();
    let mut open: Option<(char, usize, Option<&'static str>, usize)> = None;
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let next = start + line.len();
        let words = line.trim();
        match open {
            None => {
                if let Some((sign, length, info)) = fence(words) {
                    open = Some((sign, length, syntax(info), next));
                }
            }
            Some((sign, length, path, from)) => {
                let is_end = fence(words)
                    .is_some_and(|(other, many, info)| other == sign && many >= length && info.is_empty());
                if is_end {
                    found.extend(path.map(|path| (path, Span::new(from as u32, start as u32))));
                    open = None;
                }
            }
        }
        start = next;
    }
    // One that is not closed goes to the end.
    if let Some((_, _, Some(path), from)) = open {
        found.push((path, Span::new(from as u32, text.len() as u32)));
    }
    found
}

/// The sign of a fence, how often it stands there, and what follows it; `None` where a line is no fence.
fn fence(line: &str) -> Option<(char, usize, &str)> {
    let sign = line.chars().next().filter(|sign| matches!(sign, '`' | '~'))?;
    let info = line.trim_start_matches(sign);
    let length = line.len() - info.len();
    let is_one = length >= 3 && !(sign == '`' && info.contains('`'));
    is_one.then(|| (sign, length, info.trim()))
}

/// The name of a file of the syntax that a fence names: `json`, `{.json}`, `hcl title="main.tf"`.
fn syntax(info: &str) -> Option<&'static str> {
    let name = info.trim_start_matches(['{', '.', ' ']);
    let end = name.find(|letter: char| !letter.is_ascii_alphanumeric()).unwrap_or(name.len());
    let name = name[..end].to_ascii_lowercase();
    SYNTAXES.iter().find(|(known, _)| *known == name).map(|(_, path)| *path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_told_by_their_fences() {
        let text = "a\n```json\n{}\n```\n1. x\n   ~~~~ yaml title=\"b\"\n   a: b\n   ~~~\n   ~~~~\n``` {.hcl}\nc\n````\n```sh\n```json\n```\n```tf\nopen";
        let found: Vec<(&str, &str)> =
            fences(text).into_iter().map(|(path, span)| (path, &text[span.as_usize()])).collect();
        let expected = [(".json", "{}\n"), (".yaml", "   a: b\n   ~~~\n"), (".tf", "c\n"), (".tf", "open")];
        assert_eq!(found, expected);
    }
}
