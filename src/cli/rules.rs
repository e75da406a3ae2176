//! `passrole rules` and `passrole rule ID`.

use super::args::{RulesArguments, RulesFormat};
use super::{Outcome, terminal};
use crate::catalog;
use crate::diagnostic::{Level, Severity};
use crate::host::DocumentKind;
use crate::output::rule_page;
use crate::rules::{self, gate};
use serde_json::json;
use std::fmt::Write as _;

pub(super) fn list(arguments: &RulesArguments) -> Outcome {
    let text = match arguments.format {
        RulesFormat::Text => table(),
        RulesFormat::Json => {
            let rules: Vec<_> = rules::all()
                .map(|rule| {
                    let meta = rule.meta();
                    let gate: Vec<&str> = gate::measured_of(meta).map(|row| row.name).collect();
                    let applies: Vec<&str> = meta.applies().map(DocumentKind::name).collect();
                    json!({
                        "id": meta.id,
                        "group": meta.group.name(),
                        "severity": meta.severity.name(),
                        "level": meta.level.name(),
                        "gate": meta.severity == Severity::Error || !gate.is_empty(),
                        "measured": gate,
                        "applies": applies,
                        "cases": meta.cases,
                        "formerly": meta.formerly,
                        "since": meta.since,
                        "summary": meta.summary,
                        "sources": meta.sources,
                        "fix": meta.fix.name(),
                    })
                })
                .collect();
            format!("{:#}\n", json!({ "schema": 1, "factsAsOf": catalog::facts_as_of(), "rules": rules }))
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
        let fails = if gate::measured_of(meta).next().is_some() { " (gate)" } else { "" };
        let _ =
            writeln!(out, "  {:<36} {:<8} {}{pedantic}{fails}", meta.id, meta.severity.name(), meta.summary);
    }
    out
}

pub(super) fn show(id: &str) -> Outcome {
    let pages: Vec<String> = rules::named(id).map(|rule| rule_page(rule.meta())).collect();
    if pages.is_empty() {
        terminal::error(rules::unknown(id));
        return Outcome::Failed;
    }
    print(&pages.join("\n"))
}

pub(super) fn print(text: &str) -> Outcome {
    use std::io::Write as _;
    match std::io::stdout().write_all(text.as_bytes()) {
        Ok(()) => Outcome::Clean,
        // A reader that has seen enough (`| head`) is no failure.
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Outcome::Clean,
        Err(error) => {
            terminal::error(format!("standard output: {error}"));
            Outcome::Failed
        }
    }
}
