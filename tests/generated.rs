//! Generated pages are committed and fresh. `UPDATE=1 cargo test --test generated` writes them anew.

#![allow(clippy::unwrap_used, reason = "a test that fails may panic")]

#[allow(dead_code, reason = "a part of it is used here")]
#[path = "support/cases.rs"]
mod cases;
mod peers;
mod schemas;

use cases::Case;
use clap::CommandFactory;
use passrole::analysis::{RuleSet, check_file};
use passrole::diagnostic::{Group, Level, RuleMeta};
use passrole::host::DocumentKind;
use passrole::output::{Example, RuleExamples, rule_page_with};
use passrole::rules;
use passrole::rules::gate::{self, Measured};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

fn pages() -> BTreeMap<String, String> {
    let mut pages = BTreeMap::new();
    let mut of_rules = Map::new();
    for rule in rules::all() {
        let meta = rule.meta();
        let examples = RuleCases::of(meta);
        pages.insert(format!("docs/rules/{}.md", meta.id), rule_page_with(meta, &examples.shown()));
        if examples.bad.is_some() || examples.good.is_some() {
            of_rules.insert(meta.id.to_string(), examples.json());
        }
    }
    let of_rules = serde_json::to_string_pretty(&Value::Object(of_rules)).unwrap() + "\n";
    pages.insert("schemas/prose/rule-examples.json".into(), of_rules);
    pages.insert("docs/rules/README.md".into(), index());
    pages.insert("docs/cli.md".into(), command_line());
    pages.insert("docs/coverage.md".into(), peers::page());
    pages.insert("docs/precision.md".into(), precision());
    pages.insert("docs/performance.md".into(), performance());
    for (name, schema) in schemas::all() {
        let text = serde_json::to_string_pretty(&schema).unwrap() + "\n";
        pages.insert(format!("schemas/json-schema/{name}.schema.json"), text);
    }
    pages
}

/// The cases of a rule that show best what it is about: the shortest that it finds something in, and the shortest that it finds
/// nothing in. None where its page has examples of its own.
#[derive(Default)]
struct RuleCases {
    bad: Option<(&'static str, String)>,
    says: String,
    good: Option<(&'static str, String)>,
}

/// Longer examples show nothing.
const LONGEST: usize = 60;

impl RuleCases {
    fn of(meta: &RuleMeta) -> RuleCases {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let path = root.join(format!("tests/rules/{}/{}.md", meta.group.name(), meta.id));
        let Ok(markdown) = std::fs::read_to_string(path) else { return RuleCases::default() };
        if meta.docs.contains("```") {
            return RuleCases::default();
        }
        let markdown = markdown.replace("\r\n", "\n");
        let plain = |case: &Case| {
            !["broken", "fixed"].iter().any(|word| case.has(word))
                && case.around.is_empty()
                && case.settings.is_empty()
        };
        let all: Vec<(Case, String)> = cases::cases(&markdown)
            .into_iter()
            .filter(plain)
            .map(|case| {
                let text = laid_out(&case);
                (case, text)
            })
            .filter(|(_, text)| {
                text.lines().count() <= LONGEST && text.lines().all(|line| line.chars().count() <= 200)
            })
            .collect();
        let shortest = |wanted: &dyn Fn(&Case) -> bool| {
            all.iter().filter(|(case, _)| wanted(case)).min_by_key(|(_, text)| text.len())
        };
        let rules = RuleSet::choose(Level::Pedantic, &[meta.id.to_string()], &[]).unwrap();
        let said = |case: &Case| {
            let report = check_file(&case.text, &cases::facts(meta.id, case), cases::kind(case), &rules);
            report.findings.iter().find(|it| it.rule.id == meta.id).map(|it| it.message.to_string())
        };
        let bad = shortest(&|case| !case.expected.is_empty() && !case.has("clean") && said(case).is_some());
        let good = shortest(&|case| case.expected.is_empty() && case.has("clean"));
        let shown = |it: &(Case, String)| (it.0.syntax, it.1.clone());
        RuleCases {
            bad: bad.map(shown),
            says: bad.and_then(|(case, _)| said(case)).unwrap_or_default(),
            good: good.map(shown),
        }
    }

    fn shown(&self) -> RuleExamples<'_> {
        fn example<'a>(it: &'a Option<(&'static str, String)>) -> Option<Example<'a>> {
            it.as_ref().map(|(syntax, text)| Example { syntax, text })
        }
        RuleExamples { bad: example(&self.bad), says: &self.says, good: example(&self.good) }
    }

    fn json(&self) -> Value {
        let example = |it: &Option<(&str, String)>| {
            it.as_ref().map(|(syntax, text)| json!({ "syntax": syntax, "text": text }))
        };
        json!({ "bad": example(&self.bad), "says": self.says, "good": example(&self.good) })
    }
}

/// The text of a case for people: what stands in one line of JSON is laid out.
fn laid_out(case: &Case) -> String {
    let is_long = case.text.lines().any(|line| line.chars().count() > 100);
    match serde_json::from_str::<Value>(&case.text) {
        Ok(value) if case.syntax == "json" && is_long => lines_of(&value, 0, 0) + "\n",
        _ => case.text.clone(),
    }
}

/// A value in one line where it fits into what is left of it, else each member or item in its own.
fn lines_of(value: &Value, depth: usize, before: usize) -> String {
    let flat = flat(value);
    let inner = "  ".repeat(depth + 1);
    if 2 * depth + before + flat.chars().count() <= 100 {
        return flat;
    }
    let parts: Vec<String> = match value {
        Value::Object(members) => members
            .iter()
            .map(|(name, value)| {
                let name = Value::from(name.as_str()).to_string();
                format!("{inner}{name}: {}", lines_of(value, depth + 1, name.chars().count() + 2))
            })
            .collect(),
        Value::Array(items) => {
            items.iter().map(|item| format!("{inner}{}", lines_of(item, depth + 1, 0))).collect()
        }
        _ => return flat,
    };
    let (open, close) = if value.is_object() { ("{", "}") } else { ("[", "]") };
    format!("{open}\n{}\n{}{close}", parts.join(",\n"), "  ".repeat(depth))
}

fn flat(value: &Value) -> String {
    match value {
        Value::Object(members) if !members.is_empty() => {
            let all: Vec<String> = members
                .iter()
                .map(|(name, value)| format!("{}: {}", Value::from(name.as_str()), flat(value)))
                .collect();
            format!("{{ {} }}", all.join(", "))
        }
        Value::Array(items) => format!("[{}]", items.iter().map(flat).collect::<Vec<_>>().join(", ")),
        other => other.to_string(),
    }
}

fn index() -> String {
    let mut out = String::from("# Rules\n\n");
    for group in Group::ALL {
        let of_group: Vec<_> =
            rules::all().map(|rule| rule.meta()).filter(|meta| meta.group == group).collect();
        if of_group.is_empty() {
            continue;
        }
        writeln!(out, "## {}\n\n| rule | severity | fix | finds |\n|---|---|---|---|", group.name()).unwrap();
        for meta in of_group {
            let level = if meta.level == Level::Pedantic { " (pedantic)" } else { "" };
            writeln!(
                out,
                "| [{0}]({0}.md) | {1}{level} | {2} | {3} |",
                meta.id,
                meta.severity.name(),
                meta.fix.name(),
                meta.summary
            )
            .unwrap();
        }
        out.push('\n');
    }
    out.trim_end().to_string() + "\n"
}

/// The page as it stands, with the table of what was measured.
fn precision() -> String {
    let mut table = format!(
        "Measured on {} with facts of {}.\n\n| rule | warnings | read | wrong | fails a run |\n|---|---|---|---|---|\n",
        gate::MEASURED_ON,
        passrole::catalog::facts_as_of()
    );
    for row in gate::MEASURED {
        let rule = row.name.split('/').next().unwrap();
        let fails = row.gate.map_or("no".to_string(), |edition| format!("yes, from edition {edition} on"));
        let Measured { name, found, read, wrong, .. } = row;
        writeln!(table, "| [{name}](rules/{rule}.md) | {found} | {read} | {wrong} | {fails} |").unwrap();
    }
    with_table("docs/precision.md", "measured", &table)
}

/// The page as it stands, with what the busiest ways cost.
fn performance() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/instructions.tsv");
    let mut table = String::from("| way | times a parse of 9 KB |\n|---|---|\n");
    for row in std::fs::read_to_string(path).unwrap().lines().skip(1) {
        let (way, multiple) = row.split_once('\t').unwrap();
        writeln!(table, "| {way} | {multiple} |").unwrap();
    }
    with_table("docs/performance.md", "ways", &table)
}

/// A page with another table between its marks.
fn with_table(page: &str, mark: &str, table: &str) -> String {
    let page = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(page)).unwrap();
    let page = page.replace("\r\n", "\n");
    let (before, rest) = page.split_once(&format!("<!-- {mark} -->")).unwrap();
    let (_, after) = rest.split_once(&format!("<!-- /{mark} -->")).unwrap();
    format!("{before}<!-- {mark} -->\n{table}<!-- /{mark} -->{after}")
}

fn command_line() -> String {
    let mut out = String::from("# Command line\n");
    let mut command = passrole::cli::Arguments::command().term_width(100);
    command.build();
    for command in command.get_subcommands_mut().filter(|command| command.get_name() != "help") {
        let name = command.get_name().to_string();
        let help = command.render_long_help().to_string();
        let help: Vec<&str> = help.lines().map(str::trim_end).collect();
        write!(out, "\n## passrole {name}\n\n```text\n{}\n```\n", help.join("\n").trim_end()).unwrap();
    }
    out
}

#[test]
fn generated_pages_are_fresh() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let pages = pages();
    let update = std::env::var_os("UPDATE").is_some();
    let mut stale = Vec::new();
    for (path, text) in &pages {
        let file = root.join(path);
        // A checkout may have other line ends.
        let current = std::fs::read_to_string(&file).unwrap_or_default().replace("\r\n", "\n");
        if current != *text {
            if update {
                std::fs::create_dir_all(file.parent().unwrap()).unwrap();
                std::fs::write(&file, text).unwrap();
            } else {
                stale.push(path.clone());
            }
        }
    }
    for entry in std::fs::read_dir(root.join("docs/rules")).unwrap() {
        let name = format!("docs/rules/{}", entry.unwrap().file_name().to_string_lossy());
        if !pages.contains_key(&name) {
            if update {
                std::fs::remove_file(root.join(&name)).unwrap();
            } else {
                stale.push(name);
            }
        }
    }
    assert!(stale.is_empty(), "stale, run `UPDATE=1 cargo test --test generated`: {stale:?}");
}

#[test]
fn rules_name_checks_that_other_tools_have() {
    let problems = peers::problems();
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn checks_that_say_less_are_those_of_rules() {
    let sources: Vec<&str> = rules::all().flat_map(|rule| rule.meta().sources).copied().collect();
    for check in passrole::catalog::narrower_checks() {
        assert!(sources.contains(check), "no rule names {check}");
        assert!(rules::covering(check).is_none());
    }
    assert!(rules::covering("checkov/CKV_AWS_62").is_some_and(|meta| meta.id == "allow-everything"));
}

/// The words of a command as a shell has them, up to what is not its own: a comment, a pipe, another command.
fn shell_words(line: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let (mut word, mut quote, mut is_open) = (String::new(), None, false);
    for char in line.chars() {
        match quote {
            Some(open) if char == open => quote = None,
            Some(_) => word.push(char),
            None if matches!(char, '\'' | '"') => (quote, is_open) = (Some(char), true),
            None if matches!(char, '|' | ';' | '&' | '>' | '<') || char == '#' && word.is_empty() => break,
            None if char.is_whitespace() => {
                if is_open || !word.is_empty() {
                    words.push(std::mem::take(&mut word));
                }
                is_open = false;
            }
            None => word.push(char),
        }
    }
    if is_open || !word.is_empty() {
        words.push(word);
    }
    words
}

/// Every command that a page shows can be given, in blocks and between backticks.
#[test]
fn commands_in_pages_are_commands() {
    use clap::error::ErrorKind;
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = vec![root.join("README.md"), root.join("SECURITY.md"), root.join("demo/README.md")];
    for entry in std::fs::read_dir(root.join("docs")).unwrap() {
        files.push(entry.unwrap().path());
    }
    let mut wrong = Vec::new();
    let mut seen = 0;
    for file in files.iter().filter(|file| file.extension().is_some_and(|it| it == "md")) {
        let text = std::fs::read_to_string(file).unwrap().replace("\r\n", "\n").replace("\\\n", " ");
        let mut fence = None;
        for (number, line) in text.lines().enumerate() {
            if let Some(syntax) = line.trim_start().strip_prefix("```") {
                fence = if fence.is_some() { None } else { Some(syntax.to_string()) };
                continue;
            }
            let commands: Vec<&str> = match fence.as_deref() {
                Some("sh") => vec![line.trim_start()],
                Some(_) => continue,
                None => line.split('`').skip(1).step_by(2).collect(),
            };
            for command in commands.into_iter().filter(|it| it.starts_with("passrole ")) {
                let words = shell_words(command);
                // `…` stands for what is left out.
                if words.iter().any(|word| word.contains('…')) && fence.is_none() {
                    continue;
                }
                seen += 1;
                if let Err(error) = passrole::cli::Arguments::command().try_get_matches_from(&words) {
                    let is_left_out = matches!(
                        error.kind(),
                        ErrorKind::MissingRequiredArgument
                            | ErrorKind::MissingSubcommand
                            | ErrorKind::DisplayHelp
                            | ErrorKind::DisplayVersion
                    );
                    let is_placeholder = error.kind() == ErrorKind::ValueValidation && fence.is_none();
                    if !is_left_out && !is_placeholder {
                        let name = file.strip_prefix(root).unwrap().display();
                        wrong.push(format!("{name}:{}: {command}: {error}", number + 1));
                    }
                }
            }
        }
    }
    assert!(seen > 40, "{seen} commands were found");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The names in backticks between two words of a page.
fn listed_in(page: &str, from: &str, to: &str) -> Vec<String> {
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(page)).unwrap();
    let (_, text) = text.split_once(from).unwrap_or_else(|| panic!("{page} has no `{from}`"));
    let text = text.split(to).next().unwrap();
    text.split('`').skip(1).step_by(2).map(str::to_string).collect()
}

#[test]
fn lists_in_pages_are_whole() {
    let kinds: Vec<&str> = DocumentKind::ALL.into_iter().map(DocumentKind::name).collect();
    assert_eq!(listed_in("docs/configuration.md", "The kinds are", "."), kinds);
    let groups: Vec<&str> = Group::ALL.into_iter().map(Group::name).collect();
    assert_eq!(listed_in("docs/adding-a-rule.md", "Find the group:", "."), groups);
}

#[test]
fn decisions_are_numbered_and_listed() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/decisions");
    let index = std::fs::read_to_string(folder.join("README.md")).unwrap();
    let mut names: Vec<String> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().to_string())
        .filter(|name| name != "README.md")
        .collect();
    names.sort();
    for (index_of, name) in names.iter().enumerate() {
        let number = format!("{:03}", index_of + 1);
        assert!(name.starts_with(&format!("{number}-")), "{name} is not the page {number}");
        let page = std::fs::read_to_string(folder.join(name)).unwrap();
        let title = page.lines().next().unwrap().strip_prefix(&format!("# {number}. "));
        let title = title.unwrap_or_else(|| panic!("{name} does not begin with its number"));
        assert!(index.contains(&format!("\n{}. [{title}]({name})\n", index_of + 1)), "{name} is not listed");
    }
}
