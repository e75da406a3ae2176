//! Settings as the client sends them: `level`, `select`, `ignore`, `kinds`, under the section `passrole`.

use crate::analysis::RuleSet;
use crate::diagnostic::Level;
use crate::host::DocumentKind;
use crate::workspace::Wishes;
use serde_json::Value;
use std::path::PathBuf;

/// The section's name in `workspace/configuration` and `workspace/didChangeConfiguration`.
pub const SECTION: &str = "passrole";

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    pub level: Level,
    /// Rules or groups; empty means every rule of the level.
    pub select: Vec<String>,
    pub ignore: Vec<String>,
    /// Globs below a folder of the workspace, each with the kind that its files hold.
    pub kinds: Vec<(String, DocumentKind)>,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings { level: Level::Default, select: Vec::new(), ignore: Vec::new(), kinds: Vec::new() }
    }
}

impl Settings {
    /// From the section itself, or an object that has it as a member. What has another type than
    /// expected is named in the second part, and left at its default.
    pub fn of(value: &Value) -> (Settings, Vec<String>) {
        let section = value.get(SECTION).unwrap_or(value);
        let mut problems = Vec::new();
        let level = match section.get("level") {
            None | Some(Value::Null) => Level::Default,
            Some(Value::String(name)) if name == "default" => Level::Default,
            Some(Value::String(name)) if name == "pedantic" => Level::Pedantic,
            Some(other) => {
                problems.push(format!("`{SECTION}.level` is \"default\" or \"pedantic\", not {other}"));
                Level::Default
            }
        };
        let mut names = |member: &str| match section.get(member) {
            None | Some(Value::Null) => Vec::new(),
            Some(Value::Array(items)) => {
                let names = items.iter().filter_map(Value::as_str).map(str::to_string);
                let (known, unknown): (Vec<String>, Vec<String>) = names.partition(|name| {
                    RuleSet::choose(Level::Pedantic, std::slice::from_ref(name), &[]).is_ok()
                });
                for name in unknown {
                    problems.push(format!(
                        "`{SECTION}.{member}` names `{name}`, which is neither a rule nor a group"
                    ));
                }
                known
            }
            Some(_) => {
                problems.push(format!("`{SECTION}.{member}` is a list of rules or groups"));
                Vec::new()
            }
        };
        let (select, ignore) = (names("select"), names("ignore"));
        let kinds = kinds(section.get("kinds"), &mut problems);
        (Settings { level, select, ignore, kinds }, problems)
    }

    /// As the settings of every file are made of them; globs are meant from the roots.
    pub fn wishes(&self, roots: &[PathBuf]) -> Wishes {
        Wishes {
            level: Some(self.level),
            select: self.select.clone(),
            ignore: self.ignore.clone(),
            kind: None,
            kinds: self.kinds.clone(),
            roots: roots.to_vec(),
            no_suppressions: false,
        }
    }
}

fn kinds(setting: Option<&Value>, problems: &mut Vec<String>) -> Vec<(String, DocumentKind)> {
    let globs = match setting {
        None | Some(Value::Null) => return Vec::new(),
        Some(Value::Object(globs)) => globs,
        Some(_) => {
            problems.push(format!("`{SECTION}.kinds` is an object of globs and kinds"));
            return Vec::new();
        }
    };
    let mut found = Vec::new();
    for (glob, name) in globs {
        match name.as_str().and_then(DocumentKind::from_name) {
            Some(kind) => found.push((glob.clone(), kind)),
            None => {
                problems.push(format!("`{SECTION}.kinds` gives `{glob}` the kind {name}, which there is not"))
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn settings_are_read_as_far_as_they_make_sense() {
        let (settings, problems) = Settings::of(&json!({"passrole": {
            "level": "pedantic", "select": ["policy", "no-such-rule"], "ignore": ["duplicate-sid"]
        }}));
        assert_eq!(settings.level, Level::Pedantic);
        assert_eq!(settings.select, ["policy"]);
        assert_eq!(settings.ignore, ["duplicate-sid"]);
        assert_eq!(problems.len(), 1);
        let (settings, problems) =
            Settings::of(&json!({"kinds": { "org/*.json": "scp", "a": "no-such-kind", "b": 1 }}));
        assert_eq!(settings.kinds, [("org/*.json".to_string(), DocumentKind::Scp)]);
        assert_eq!(problems.len(), 2);
        assert_eq!(Settings::of(&json!({"kinds": []})).1.len(), 1);
        assert_eq!(Settings::of(&json!({"level": 3, "select": "x"})).1.len(), 2);
        assert_eq!(Settings::of(&Value::Null), (Settings::default(), Vec::new()));
        let wishes = Settings::of(&json!({"level": "pedantic"})).0.wishes(&[PathBuf::from("/repo")]);
        assert_eq!((wishes.level, &*wishes.roots), (Some(Level::Pedantic), &[PathBuf::from("/repo")][..]));
    }
}
