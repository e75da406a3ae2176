//! What is shown between the letters: how many actions a wildcard covers.

use super::File;
use crate::catalog;
use crate::model::Statement;
use crate::text::Span;

/// A few words behind a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hint {
    pub at: u32,
    pub label: String,
    /// What they stand for, in Markdown.
    pub about: String,
}

/// How many actions a list names.
const NAMED: usize = 30;

/// The hints of a range.
pub fn hints(file: &File<'_>, range: Span) -> Vec<Hint> {
    let mut hints = Vec::new();
    for document in file.report.documents.iter().filter(|document| document.kind.is_policy()) {
        for unit in document
            .units
            .iter()
            .filter(|unit| unit.span().start <= range.end && range.start <= unit.span().end)
        {
            let Some(object) = unit.unit.value.as_object() else { continue };
            for pattern in (Statement { object }).actions() {
                let is_here = pattern.string.is_written() && !pattern.string.has_unknown();
                if !is_here || !pattern.has_wildcard() || pattern.is_everything() {
                    continue;
                }
                let at = pattern.string.span.shifted(unit.base).end;
                let actions: Vec<String> = catalog::expand(pattern.text()).map(|it| it.to_string()).collect();
                if at < range.start || range.end < at {
                    continue;
                }
                let but = if pattern.negated { "all but " } else { "" };
                let label =
                    format!("{but}{} action{}", actions.len(), if actions.len() == 1 { "" } else { "s" });
                let mut about: String = actions.iter().take(NAMED).map(|name| format!("`{name}` ")).collect();
                if actions.len() > NAMED {
                    about.push_str(&format!("and {} more", actions.len() - NAMED));
                }
                hints.push(Hint { at, label, about });
            }
        }
    }
    hints
}
