//! Writes into a configuration, with what people wrote left as it is.

use super::Config;
use jsonc_parser::cst::{CstInputValue, CstRootNode};
use std::path::Path;

/// A row of `exceptions` that is to be added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewException {
    /// From the folder of the configuration, with `/`.
    pub file: String,
    pub anchor: Option<String>,
    /// A rule, or `rule/case`.
    pub rule: String,
    pub reason: String,
}

/// The text of a configuration with one more exception; `None` where it cannot be read. An empty text is one that is
/// not there yet.
pub fn with_exception(text: &str, new: &NewException) -> Option<String> {
    let text = if text.trim().is_empty() { "{}\n" } else { text };
    Config::parse(text, Path::new("")).ok()?;
    let root = CstRootNode::parse(text, &Default::default()).ok()?;
    let object = root.object_value()?;
    let string = |text: &str| CstInputValue::String(text.to_string());
    let mut row = vec![("files".to_string(), string(&glob_of(&new.file)))];
    row.extend(new.anchor.iter().map(|anchor| ("anchor".to_string(), string(anchor))));
    row.push(("rules".to_string(), CstInputValue::Array(vec![string(&new.rule)])));
    row.push(("reason".to_string(), string(&new.reason)));
    let list = object.array_value_or_create("exceptions")?;
    list.ensure_multiline();
    list.append(CstInputValue::Object(row));
    let written = root.to_string();
    Config::parse(&written, Path::new("")).ok().map(|_| written)
}

/// The glob that fits that one file.
fn glob_of(file: &str) -> String {
    let mut glob = String::from("/");
    for char in file.chars() {
        if matches!(char, '*' | '?' | '[' | ']' | '\\' | '{' | '}') {
            glob.push('\\');
        }
        glob.push(char);
    }
    glob
}

#[cfg(test)]
mod tests {
    use super::*;

    fn new(file: &str) -> NewException {
        NewException {
            file: file.into(),
            anchor: Some("S".into()),
            rule: "unknown-action/typo".into(),
            reason: "x".into(),
        }
    }

    #[test]
    fn an_exception_is_added_beside_what_is_there() {
        for text in [
            "",
            "{}",
            "{\n  // why\n  \"level\": \"pedantic\", // so\n}\n",
            "{ \"exceptions\": [] }",
            "{\n  \"exceptions\": [\n    // old\n    { \"rules\": [\"unused-volume\"], \"reason\": \"y\" },\n  ],\n  \"ignore\": []\n}\n",
        ] {
            let written = with_exception(text, &new("a/b.json")).unwrap();
            let config = Config::parse(&written, Path::new("/p")).unwrap();
            let rows = config.exceptions_of(Path::new("/p/a/b.json"));
            let last = rows.last().unwrap();
            assert_eq!((last.anchor.as_deref(), &*last.suppression.reason), (Some("S"), "x"), "{written}");
            for comment in ["// why", "// so", "// old"] {
                assert_eq!(text.contains(comment), written.contains(comment), "{written}");
            }
            assert!(!config.exceptions_of(Path::new("/p/x/a/b.json")).iter().any(|row| row.anchor.is_some()));
        }
        assert_eq!(with_exception("{ \"exceptions\": 1 }", &new("a")), None);
        assert_eq!(with_exception("[", &new("a")), None);
    }

    #[test]
    fn odd_names_mean_themselves() {
        let written = with_exception("", &new("a[1]*{b}.json")).unwrap();
        let config = Config::parse(&written, Path::new("/p")).unwrap();
        assert_eq!(config.exceptions_of(Path::new("/p/a[1]*{b}.json")).len(), 1);
        assert_eq!(config.exceptions_of(Path::new("/p/a1xb.json")).len(), 0);
    }
}
