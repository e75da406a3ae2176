//! `passrole rules` and `passrole rule ID`.

use super::Outcome;
use super::args::{RulesArguments, RulesFormat};
use crate::diagnostic::{Level, RuleMeta};
use crate::rules;
use serde_json::json;
use std::fmt::Write as _;

pub(super) fn list(arguments: &RulesArguments) -> Outcome {
    let text = match arguments.format {
        RulesFormat::Text => table(),
        RulesFormat::Json => {
            let rules: Vec<_> = rules::all()
                .map(|rule| {
                    let meta = rule.meta();
                    json!({
                        "id": meta.id,
                        "group": meta.group.name(),
                        "severity": meta.severity.name(),
                        "level": meta.level.name(),
                        "summary": meta.summary,
                        "sources": meta.sources,
                        "fix": meta.fix.name(),
                    })
                })
                .collect();
            format!("{:#}\n", json!({ "schema": 1, "rules": rules }))
        }
    };
    print(&text)
}

fn table() -> String {
    let mut out = String::new();
    let mut group = None;
    for meta in rules::all().map(|rule| rule.meta()) {
        if group != Some(meta.group) {
            let gap = if group.is_some() { "\n" } else { "" };
            let _ = writeln!(out, "{gap}{}", meta.group.name());
            group = Some(meta.group);
        }
        let pedantic = if meta.level == Level::Pedantic { " (pedantic)" } else { "" };
        let _ = writeln!(out, "  {:<36} {:<8} {}{pedantic}", meta.id, meta.severity.name(), meta.summary);
    }
    out
}

pub(super) fn show(id: &str) -> Outcome {
    match rules::by_id(id) {
        Some(rule) => print(&page(rule.meta())),
        None => {
            let nearest = crate::catalog::nearest(id, rules::all().map(|rule| rule.meta().id));
            let hint = nearest.map_or_else(String::new, |nearest| format!("; did you mean `{nearest}`?"));
            eprintln!("error: there is no rule `{id}`{hint}");
            Outcome::Failed
        }
    }
}

/// A rule's page in Markdown: the same text as in `docs/rules/`.
pub fn page(meta: &RuleMeta) -> String {
    let mut out = format!("# {}\n\n", meta.id);
    let _ = writeln!(out, "{}.\n", capitalised(meta.summary));
    let level = if meta.level == Level::Pedantic { ", runs at `--level pedantic` only" } else { "" };
    let fix = match meta.fix.name() {
        "none" => "none",
        "safe" => "safe: `passrole check --fix`",
        _ => "unsafe: `passrole check --fix --unsafe`",
    };
    let _ = writeln!(
        out,
        "| group | severity | fix | since |\n|---|---|---|---|\n| {} | {}{level} | {fix} | {} |\n",
        meta.group.name(),
        meta.severity.name(),
        meta.since
    );
    for line in meta.docs.lines() {
        let _ = writeln!(out, "{}", line.strip_prefix(' ').unwrap_or(line));
    }
    if !meta.service_messages.is_empty() {
        let _ = writeln!(out, "\n## What AWS says\n");
        for message in meta.service_messages {
            let _ = writeln!(out, "- `{message}`");
        }
    }
    if !meta.sources.is_empty() {
        let _ = writeln!(out, "\n## The same in other tools\n");
        for source in meta.sources {
            let _ = writeln!(out, "- `{source}`");
        }
    }
    out
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

fn print(text: &str) -> Outcome {
    use std::io::Write as _;
    match std::io::stdout().write_all(text.as_bytes()) {
        Ok(()) => Outcome::Clean,
        // A reader that has seen enough (`| head`) is no failure.
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Outcome::Clean,
        Err(error) => {
            eprintln!("error: standard output: {error}");
            Outcome::Failed
        }
    }
}
