//! Generated pages are committed and fresh. `UPDATE=1 cargo test --test generated` writes them anew.

#![allow(clippy::unwrap_used, reason = "a test that fails may panic")]

mod peers;
mod schemas;

use clap::CommandFactory;
use passrole::diagnostic::{Group, Level};
use passrole::host::DocumentKind;
use passrole::output::rule_page;
use passrole::rules;
use passrole::rules::gate::{self, Measured};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

fn pages() -> BTreeMap<String, String> {
    let mut pages = BTreeMap::new();
    for rule in rules::all() {
        pages.insert(format!("docs/rules/{}.md", rule.meta().id), rule_page(rule.meta()));
    }
    pages.insert("docs/rules/README.md".into(), index());
    pages.insert("docs/cli.md".into(), command_line());
    pages.insert("docs/coverage.md".into(), peers::page());
    pages.insert("docs/precision.md".into(), precision());
    for (name, schema) in schemas::all() {
        let text = serde_json::to_string_pretty(&schema).unwrap() + "\n";
        pages.insert(format!("schemas/json-schema/{name}.schema.json"), text);
    }
    pages
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
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/precision.md");
    let page = std::fs::read_to_string(page).unwrap().replace("\r\n", "\n");
    let (before, rest) = page.split_once("<!-- measured -->").unwrap();
    let (_, after) = rest.split_once("<!-- /measured -->").unwrap();
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
    format!("{before}<!-- measured -->\n{table}<!-- /measured -->{after}")
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
