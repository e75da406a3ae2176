//! A rule's page, from its identity card.

use crate::diagnostic::{FixKind, Level, RuleMeta};
use std::fmt::Write as _;

/// A rule's page in Markdown: the same text as in `docs/rules/`.
pub fn rule_page(meta: &RuleMeta) -> String {
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
