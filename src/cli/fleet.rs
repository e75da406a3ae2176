//! `passrole check --fleet`: many projects, each by itself; which rules have how many findings in which.

use super::args::CheckArguments;
use super::gather::{Gathered, gather};
use super::rules::print;
use super::{Outcome, terminal};
use crate::output::{self, Format, statistics};
use crate::workspace::disk;
use serde_json::json;
use std::collections::BTreeMap;
use std::fmt::Write as _;

pub(super) fn run(arguments: &CheckArguments) -> Result<Outcome, String> {
    if !matches!(arguments.format, Format::Text | Format::Json) {
        return Err("--fleet is printed as `text` or `json`".to_string());
    }
    let mut projects: Vec<(String, Gathered)> = Vec::new();
    let mut outcome = Outcome::Clean;
    for folder in &arguments.fleet {
        let name = folder.display().to_string();
        if !folder.is_dir() {
            return Err(format!("{name}: not a folder"));
        }
        match gather(arguments, std::slice::from_ref(folder)) {
            Ok(gathered) => {
                outcome = worse(outcome, gathered.outcome(arguments));
                projects.push((name, gathered));
            }
            // One project that is not well configured does not cost the others.
            Err(message) => {
                terminal::error(format!("{name}: {message}"));
                outcome = Outcome::Failed;
            }
        }
    }
    let text = match arguments.format {
        Format::Json => machine_readable(&projects),
        _ => table(&projects),
    };
    if let Some(path) = &arguments.output {
        disk::put(path, &text).map_err(|reason| format!("{}: {reason}", path.display()))?;
        return Ok(outcome);
    }
    Ok(worse(print(&text), outcome))
}

fn worse(one: Outcome, other: Outcome) -> Outcome {
    match (one, other) {
        (Outcome::Failed, _) | (_, Outcome::Failed) => Outcome::Failed,
        (Outcome::Findings, _) | (_, Outcome::Findings) => Outcome::Findings,
        _ => Outcome::Clean,
    }
}

fn table(projects: &[(String, Gathered)]) -> String {
    let mut out = String::new();
    let mut of_rules: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for (name, gathered) in projects {
        let summary = gathered.summary;
        let _ = writeln!(
            out,
            "{}: {} errors, {} warnings, {} infos, {} hints; {} documents in {} files",
            output::line(name),
            summary.errors,
            summary.warnings,
            summary.infos,
            summary.hints,
            summary.documents,
            summary.files
        );
        let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
        for it in statistics::counts(&gathered.records) {
            let _ = writeln!(out, "{:>6}  {:<7}  {}", it.count, it.severity.name(), it.rule.id);
            *seen.entry(it.rule.id).or_default() += it.count;
        }
        for (rule, count) in seen {
            let of_rule = of_rules.entry(rule).or_default();
            of_rule.0 += count;
            of_rule.1 += 1;
        }
    }
    let _ = writeln!(out, "All {} projects:", projects.len());
    let mut of_rules: Vec<_> = of_rules.into_iter().collect();
    of_rules.sort_by_key(|(_, (count, _))| std::cmp::Reverse(*count));
    for (rule, (count, projects)) in of_rules {
        let _ = writeln!(out, "{count:>6}  {rule}, in {projects}");
    }
    out
}

fn machine_readable(projects: &[(String, Gathered)]) -> String {
    let projects: Vec<_> = projects
        .iter()
        .map(|(name, gathered)| {
            let rows: Vec<_> = statistics::counts(&gathered.records)
                .iter()
                .map(|it| json!({ "rule": it.rule.id, "severity": it.severity.name(), "count": it.count }))
                .collect();
            json!({ "path": name, "summary": gathered.summary, "rules": rows })
        })
        .collect();
    output::json_text(&json!({ "schema": 1, "projects": projects }))
}
