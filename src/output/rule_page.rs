//! A rule's page, from its identity card.

use super::{Example, RuleExamples, examples_of};
use crate::diagnostic::{FixKind, Kinds, Level, RuleMeta, Scope, Templates};
use crate::host::DocumentKind;
use crate::text::{listed, quoted};
use std::fmt::Write as _;

/// A rule's page in Markdown: the same text as in `docs/rules/`.
pub fn rule_page(meta: &RuleMeta) -> String {
    rule_page_with(meta, &examples_of(meta.id))
}

/// The same with other examples.
pub fn rule_page_with(meta: &RuleMeta, examples: &RuleExamples<'_>) -> String {
    let mut out = format!("# {}\n\n", meta.id);
    let _ = writeln!(out, "{}.\n", capitalised(meta.summary));
    let level = if meta.level == Level::Pedantic { ", runs at `--level pedantic` only" } else { "" };
    let fix = match meta.fix {
        FixKind::None => "none".to_string(),
        FixKind::Safe => "safe: `passrole check --fix`".to_string(),
        FixKind::Unsafe => "may be unsafe: `passrole check --fix --unsafe`".to_string(),
        FixKind::Grants => format!("may add access: `passrole check --fix --grant {}`", meta.id),
    };
    let _ = writeln!(
        out,
        "| group | severity | fix | since |\n|---|---|---|---|\n| {} | {}{level} | {fix} | {} |\n",
        meta.group.name(),
        meta.severity.name(),
        meta.since
    );
    let _ = writeln!(out, "{}\n", applies(meta));
    for line in meta.docs.lines() {
        let _ = writeln!(out, "{}", line.strip_prefix(' ').unwrap_or(line));
    }
    let block = |example: &Example<'_>| format!("```{}\n{}\n```\n", example.syntax, example.text.trim_end());
    if let Some(bad) = &examples.bad {
        let _ = writeln!(out, "\n## Example\n\n{}\nIt says: {}.", block(bad), examples.says);
    }
    if let Some(good) = &examples.good {
        let title = if examples.bad.is_some() { "" } else { "\n## Example\n" };
        let _ = writeln!(out, "{title}\nNothing is said of this:\n\n{}", block(good).trim_end());
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

/// Where the rule applies, and what it tells apart, in a sentence each.
fn applies(meta: &RuleMeta) -> String {
    let of_kinds = |kinds: Kinds| kinds.iter().filter(|kind| meta.on.has(*kind)).map(DocumentKind::title);
    let mut kinds: Vec<&str> = Vec::new();
    for scope in meta.reads {
        match scope {
            Scope::Text | Scope::Suppressions => kinds.push("every file"),
            Scope::Statement | Scope::Policy | Scope::LinkedPolicy if Kinds::POLICIES.is_within(meta.on) => {
                kinds.push("every policy");
            }
            Scope::Statement | Scope::Policy | Scope::LinkedPolicy => kinds.extend(of_kinds(Kinds::POLICIES)),
            Scope::Container | Scope::Task => kinds.push("task definition"),
            Scope::Roles => kinds.push("every file that has to do with roles, with the project around it"),
            Scope::Own => kinds.push("every file that a row of the configuration is about"),
            other => kinds.extend(of_kinds(other.kinds())),
        }
    }
    let mut seen = std::collections::HashSet::new();
    kinds.retain(|kind| seen.insert(*kind));
    let mut out = format!("Applies to: {}", listed(kinds));
    if matches!(meta.templates, Templates::Silent | Templates::SilentOnText) {
        out.push_str("; silent where a template engine has its say first");
    }
    out.push('.');
    if !meta.cases.is_empty() {
        let cases = quoted(meta.cases.iter().map(|case| format!("{}/{case}", meta.id)));
        let _ = write!(out, "\n\nCases, as `select` and `ignore` take them: {cases}.");
    }
    if !meta.formerly.is_empty() {
        let names = quoted(meta.formerly);
        let _ = write!(
            out,
            "\n\nIt was a part of {names}, which in settings and baselines still means all that came of it."
        );
    }
    out
}
