use crate::declare_rule;
use crate::diagnostic::Findings;
use crate::rules::{Rule, SuppressionFacts, rules_meant};
use crate::suppression::{Origin, Suppression};
use crate::text::Span;
use std::sync::Arc;

declare_rule! {
    /// Finds suppressions that suppress nothing.
    ///
    /// What was wrong was mended, or stands on another line. The suppression that stays behind would hide the next
    /// finding of the rule, which nobody has looked at. Take it out.
    ///
    /// The same goes for rows of `exceptions` in a configuration, where `check` looks at the whole folder that the configuration
    /// stands in: a row that is about no file, one whose `anchor` no statement, container or resource bears any more, and one that
    /// keeps nothing from being told.
    ///
    /// Nothing is said of rules that do not run: those that are ignored, not selected, or of a level that is not
    /// asked for.
    pub UnusedSuppression {
        id: "unused-suppression",
        group: Suppression,
        reads: [Suppressions],
        severity: Warning,
        confidence: High,
        level: Default,
        summary: "a suppression suppresses nothing",
        sources: [],
        fix: None,
        since: "0.1.0",
    }
}

impl Rule for UnusedSuppression {
    fn check_suppressions(&self, facts: &SuppressionFacts<'_>, acc: &mut Findings) {
        // What was written for another tool is that tool's matter.
        let own = |it: &(&Arc<Suppression>, &Vec<bool>)| !matches!(it.0.origin, Origin::OtherTool(_));
        for (suppression, used) in facts.list.iter().zip(facts.used).filter(own) {
            for ((name, span), is_used) in suppression.rules.iter().zip(used) {
                let runs =
                    rules_meant(name).is_ok_and(|meant| meant.iter().any(|meta| facts.rules.has(meta.id)));
                if runs && !is_used {
                    acc.report(*span, format!("nothing here is found by `{name}`")).note(
                        "Take the name out: left here, it would hide what nobody has looked at. A comment is about the line that it stands on, or about the next one if it stands alone.",
                    );
                }
            }
        }
    }
}

/// Why a row of a configuration keeps nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UnusedRow {
    /// No file that was looked at is one of its `files`.
    NoFile,
    /// Nothing is called, or stands, as its anchor says.
    NotBorne(String),
    /// Those rules find nothing there.
    NothingFound(String),
}

impl UnusedRow {
    /// `span` is the row in the text of the configuration.
    pub fn report(&self, span: Span, acc: &mut Findings) {
        let (message, note) = match self {
            UnusedRow::NoFile => (
                "this exception is about no file that is looked at".to_string(),
                "Its `files` are globs from the folder of the configuration. Correct them, or take the row out.",
            ),
            UnusedRow::NotBorne(anchor) => (
                format!("nothing in the files of this exception is called `{anchor}`"),
                "An `anchor` is a `Sid`, a container's name, a logical id or address, or a JSON Pointer. Correct it, or take \
                 the row out.",
            ),
            UnusedRow::NothingFound(names) => (
                format!("nothing that this exception is about is found by `{names}`"),
                "Take the row out: left here, it would hide what nobody has looked at.",
            ),
        };
        acc.report(span, message).note(note);
    }
}
