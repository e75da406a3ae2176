//! Suppressing a finding: by a comment where it stands, or by a row of the configuration.

use super::File;
use crate::analysis::Report;
use crate::config::NewException;
use crate::diagnostic::Finding;
use crate::host::value::Value;
use crate::suppression::{KEY, MARK};
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
    let edit = in_metadata(file, &text, finding, &name);
    if let Some(edit) = edit.filter(|edit| works(file, &text, finding, edit)) {
        found.push(Suppressing {
            title: format!("Ignore `{name}` in the metadata of the resource"),
            edits: vec![edit],
        });
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
    let (start, end) = indent_of(text, finding.span.start);
    let comment =
        format!("{}{sign} {MARK} ignore[{name}]: {REASON}{}", &text[start..end], end_of_lines(text));
    TextEdit { span: Span::new(start as u32, start as u32), text: comment }
}

/// At the end of the line that the finding begins on.
fn comment_behind(text: &str, finding: &Finding, name: &str) -> TextEdit {
    let at = finding.span.start as usize;
    let line = text[at..].find('\n').map_or(&text[at..], |end| &text[at..at + end]);
    let end = (at + line.trim_end().len()) as u32;
    TextEdit { span: Span::new(end, end), text: format!(" # {MARK} ignore[{name}]: {REASON}") }
}

/// A row in the metadata of the template's resource that the finding lies in.
fn in_metadata(file: &File<'_>, text: &str, finding: &Finding, name: &str) -> Option<TextEdit> {
    let resource = file.report.parsed.resource_at(finding.span.start)?;
    let mut missing = &["Metadata", KEY, "ignore"][..];
    let mut object = &resource;
    while let [first, rest @ ..] = missing {
        missing = match object.get(first) {
            None => break,
            Some(Value::Object(inner)) => {
                object = inner;
                rest
            }
            // Before the rows that are there.
            Some(Value::Array(rows)) if rest.is_empty() => {
                return Some(row_before(text, rows.span, rows.items.first().map(Value::span), &[], name));
            }
            Some(_) => return None,
        };
    }
    let first = object.members.first().map(|member| member.name.span);
    (!missing.is_empty()).then(|| row_before(text, object.span, first, missing, name))
}

/// A row with the names that lead to it, as the first in an object or a list: `{…}` and `[…]`, or lines of YAML.
fn row_before(text: &str, around: Span, first: Option<Span>, path: &[&str], rule: &str) -> TextEdit {
    let bracket = text[around.start as usize..].starts_with(['{', '[']);
    let insert = |at: u32, text: String| TextEdit { span: Span::new(at, at), text };
    if bracket {
        let row = format!("{{ \"rule\": \"{rule}\", \"reason\": \"{REASON}\" }}");
        let row = path.iter().rev().enumerate().fold(row, |inner, (depth, name)| match depth {
            0 => format!("\"{name}\": [{inner}]"),
            _ => format!("\"{name}\": {{ {inner} }}"),
        });
        let Some(first) = first else { return insert(around.start + 1, row) };
        let (start, end) = indent_of(text, first.start);
        let gap = match end == first.start as usize {
            true => format!("{}{}", end_of_lines(text), &text[start..end]),
            false => " ".to_string(),
        };
        return insert(first.start, format!("{row},{gap}"));
    }
    let (start, end) = indent_of(text, first.map_or(around.start, |first| first.start));
    let (indent, line) = (&text[start..end], end_of_lines(text));
    let mut out = String::new();
    for (depth, name) in path.iter().enumerate() {
        out.push_str(&format!("{indent}{}{name}:{line}", "  ".repeat(depth)));
    }
    let indent = format!("{indent}{}", "  ".repeat(path.len()));
    out.push_str(&format!("{indent}- rule: {rule}{line}{indent}  reason: \"{REASON}\"{line}"));
    insert(start as u32, out)
}

/// The white space that the line of an offset begins with.
fn indent_of(text: &str, at: u32) -> (usize, usize) {
    let start = text[..at as usize].rfind('\n').map_or(0, |line| line + 1);
    let line = &text[start..];
    (start, start + line.len() - line.trim_start_matches([' ', '\t']).len())
}

fn end_of_lines(text: &str) -> &'static str {
    if text.contains("\r\n") { "\r\n" } else { "\n" }
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
