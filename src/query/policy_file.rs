//! Policies as files that are named in a question.

use super::NoAnswer;
use crate::analysis::{Report, RuleSet, check_text};
use crate::diagnostic::{Level, Severity};
use crate::host::value::Value;
use crate::host::{Document, DocumentKind, Unit};
use crate::model::Policy;
use crate::text::LineIndex;
use std::sync::Arc;

/// A file with policies, read in full: nothing in it is a guess.
#[derive(Debug, Clone)]
pub struct PolicyFile {
    /// As the user named it.
    pub name: String,
    pub text: String,
    pub documents: Vec<Document>,
    /// What AWS would refuse in it, each with its place.
    pub refused: Vec<String>,
}

impl PolicyFile {
    /// Reads the policies of a text. `kind` says what a policy is for, where the text does not; `None` lets it be
    /// inferred.
    pub fn read(name: &str, text: String, kind: Option<DocumentKind>) -> Result<PolicyFile, NoAnswer> {
        if text.trim().is_empty() {
            return Err(NoAnswer(format!("{name} is empty")));
        }
        let mut report = check_text(&text, name, kind, &RuleSet::at(Level::Default));
        let documents = std::mem::take(&mut report.documents);
        PolicyFile::of(name, text, &report, documents)
    }

    /// The policies among some documents of a text that was looked at.
    pub fn of(
        name: &str,
        text: String,
        report: &Report,
        documents: Vec<Document>,
    ) -> Result<PolicyFile, NoAnswer> {
        let index = LineIndex::new(&text);
        let place = |offset: u32| {
            let at = index.scalars(offset);
            format!("{name}:{}:{}", at.line, at.column)
        };
        let mut refused = Vec::new();
        for finding in report.findings.iter().filter(|it| it.severity == Severity::Error) {
            let words = format!("{}: {}", place(finding.span.start), finding.message);
            if finding.rule.group.name() == "syntax" {
                return Err(NoAnswer(words));
            }
            if documents.iter().any(|document| document.span.covers(finding.span)) {
                refused.push(words);
            }
        }
        let documents: Vec<Document> =
            documents.into_iter().filter(|it| it.kind.is_policy() && !it.is_variant).collect();
        if documents.iter().all(|document| document.units_span.is_none()) {
            let errors = report.parsed.tree().map(|tree| tree.errors(text.as_str())).unwrap_or_default();
            if let Some(error) = errors.first() {
                return Err(NoAnswer(format!("{}: this is not JSON", place(error.span.start))));
            }
            return Err(NoAnswer(format!("{name} holds no policy: nothing in it has a `Statement`")));
        }
        if let Some(partial) = documents.iter().find(|document| document.is_partial) {
            return Err(NoAnswer(format!(
                "{}: a part of the policy cannot be read",
                place(partial.span.start)
            )));
        }
        Ok(PolicyFile { name: name.to_string(), text, documents, refused })
    }

    /// The policies of a text of a project; `None` where it holds none. One that cannot be read is an error where it
    /// looks like a policy.
    pub fn of_project(name: &str, text: String) -> Result<Option<PolicyFile>, NoAnswer> {
        let report = check_text(&text, name, None, &RuleSet::at(Level::Default));
        if report.documents.iter().any(|it| it.kind.is_policy() && it.units_span.is_some()) {
            return PolicyFile::read(name, text, None).map(Some);
        }
        let broken = report.parsed.tree().filter(|tree| !tree.is_strict_json());
        let errors = broken.map(|tree| tree.errors(text.as_str())).unwrap_or_default();
        match errors.first().filter(|_| text.contains("\"Statement\"")) {
            Some(error) => {
                let at = LineIndex::new(&text).scalars(error.span.start);
                Err(NoAnswer(format!("{name}:{}:{}: this is not JSON", at.line, at.column)))
            }
            None => Ok(None),
        }
    }

    /// The same where what is filled in later counts as what is written: equal where it is written alike. Two
    /// versions of a template can be compared so.
    pub fn settled(mut self) -> PolicyFile {
        for document in &mut self.documents {
            for placed in &mut document.units {
                let mut value = placed.unit.value.clone();
                settle(&mut value);
                placed.unit = Arc::new(Unit::new(value, None));
            }
        }
        self
    }

    pub fn policies(&self) -> impl Iterator<Item = Policy<'_>> {
        self.documents.iter().filter_map(Policy::of)
    }

    /// The line of a place, from 1, and the lines of a statement as they stand there.
    pub fn excerpt(&self, span: crate::text::Span) -> (u32, Vec<(u32, &str)>) {
        let index = LineIndex::new(&self.text);
        let first = index.scalars(span.start).line;
        let last = index.scalars(span.end.max(span.start)).line;
        let lines = self.text.lines().enumerate().map(|(at, line)| (at as u32 + 1, line));
        (first, lines.filter(|(at, _)| (first..=last).contains(at)).collect())
    }
}

fn settle(value: &mut Value) {
    match value {
        Value::Object(object) => object.members.iter_mut().for_each(|member| settle(&mut member.value)),
        Value::Array(array) => array.items.iter_mut().for_each(settle),
        // `${}` says nothing of what it is: no two of them are alike.
        Value::String(string) if !string.text.contains("${}") => string.set_open_parts(Box::default()),
        _ => {}
    }
}
