//! Suppressing a finding: by a comment where it stands, or by a row of the configuration.

use super::File;
use crate::analysis::Report;
use crate::config::NewException;
use crate::diagnostic::Finding;
use crate::suppression::MARK;
use crate::text::edit;
use crate::text::{Span, TextEdit};

/// One way to suppress a finding.
#[derive(Debug, Clone, PartialEq)]
pub struct Suppressing {
    pub title: String,
    pub edits: Vec<TextEdit>,
}

/// What is to be written in place of a reason: nobody but the author knows it.
pub const REASON: &str = "TODO: say why";

/// The ways to suppress a finding in its own file. Each was tried: the finding is gone, and nothing else came.
pub fn here(file: &File<'_>, finding: &Finding) -> Vec<Suppressing> {
    let text = file.text.to_string();
    let name = name(finding);
    let mut found = Vec::new();
    let tried = [comment_above(&text, finding, &name, "#"), comment_above(&text, finding, &name, "//")];
    let comments = tried.into_iter().chain([comment_behind(&text, finding, &name)]);
    if let Some(edit) = comments.into_iter().find(|edit| works(file, &text, finding, edit)) {
        found.push(Suppressing { title: format!("Ignore `{name}` here, in a comment"), edits: vec![edit] });
    }
    found
}

/// A row for the configuration; `file` is the path from its folder.
pub fn in_configuration(report: &Report, finding: &Finding, file: &str) -> NewException {
    let document = report.document_at(finding.span);
    let own = document.and_then(|document| document.name_at(finding.span));
    let owner = document.and_then(|document| document.owner.as_ref()).map(|owner| &*owner.name);
    NewException {
        file: file.to_string(),
        anchor: own.or(owner).filter(|name| !name.is_empty()).map(str::to_string),
        rule: name(finding),
        reason: REASON.to_string(),
    }
}

/// What the configuration calls a finding: the rule, with the case where it has several.
pub fn name(finding: &Finding) -> String {
    if finding.case.is_empty() {
        finding.rule.id.to_string()
    } else {
        format!("{}/{}", finding.rule.id, finding.case)
    }
}

/// A line of its own before the one that the finding begins on.
fn comment_above(text: &str, finding: &Finding, name: &str, sign: &str) -> TextEdit {
    let at = finding.span.start as usize;
    let start = text[..at].rfind('\n').map_or(0, |line| line + 1);
    let line = &text[start..];
    let indent = &line[..line.len() - line.trim_start_matches([' ', '\t']).len()];
    let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let comment = format!("{indent}{sign} {MARK} ignore[{name}]: {REASON}{end}");
    TextEdit { span: Span::new(start as u32, start as u32), text: comment }
}

/// At the end of the line that the finding begins on.
fn comment_behind(text: &str, finding: &Finding, name: &str) -> TextEdit {
    let at = finding.span.start as usize;
    let line = text[at..].find('\n').map_or(&text[at..], |end| &text[at..at + end]);
    let end = (at + line.trim_end().len()) as u32;
    TextEdit { span: Span::new(end, end), text: format!(" # {MARK} ignore[{name}]: {REASON}") }
}

/// Whether the finding is suppressed then, and every other one is what it was.
fn works(file: &File<'_>, text: &str, finding: &Finding, change: &TextEdit) -> bool {
    let after = edit::apply(text, std::slice::from_ref(change));
    let inserted = change.text.len() as u32;
    let report = file.report.edited_alike(&after, change.span, inserted);
    let told = |findings: &[Finding]| {
        let mut told: Vec<(&str, &str, String)> =
            findings.iter().map(|it| (it.rule.id, it.case, it.message.to_string())).collect();
        told.sort_unstable();
        told
    };
    let mut expected = told(&file.report.findings);
    let this = (finding.rule.id, finding.case, finding.message.to_string());
    let Some(index) = expected.iter().position(|it| *it == this) else { return false };
    expected.remove(index);
    // Others of the kind on the line go with it.
    let now = told(&report.findings);
    let gone = report.excepted.len() > file.report.excepted.len();
    gone && now.iter().all(|it| expected.contains(it))
        && now.len() + report.excepted.len() == file.report.findings.len() + file.report.excepted.len()
}
