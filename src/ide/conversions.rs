//! Policies of Terraform written the other way: `jsonencode` as an `aws_iam_policy_document`, and that in the place where
//! it is used.

use super::File;
use super::refactorings::{LARGEST, Refactoring};
use crate::host::{Document, Naming, OwnerKind, POLICY_DOCUMENT, Parsed};
use crate::query::{PolicyForm, converted};
use crate::text::{Source, Span, TextEdit};

/// The ways to write the policy at a place of a module.
pub fn conversions(file: &File<'_>, span: Span) -> Vec<Refactoring> {
    if !matches!(file.report.parsed, Parsed::Terraform(_)) || Source::len(file.text) > LARGEST {
        return Vec::new();
    }
    let text = file.text.slice(Span::new(0, Source::len(file.text)));
    as_blocks(file, &text, span).into_iter().chain(inlined(file, &text, span)).collect()
}

/// The policy in `jsonencode` as a data source of its own before its resource.
fn as_blocks(file: &File<'_>, text: &str, span: Span) -> Option<Refactoring> {
    let is_here = |it: &&Document| {
        it.kind.is_policy() && it.naming != Naming::TerraformPolicy && !it.is_variant && it.span.covers(span)
    };
    let document = file.report.documents.iter().find(is_here)?;
    let owner = document.owner.as_ref().filter(|owner| owner.kind == OwnerKind::Resource)?;
    // The whole call around the object.
    let before = text.get(..document.span.start as usize)?.trim_end().strip_suffix('(')?.trim_end();
    let start = before.strip_suffix("jsonencode")?.len();
    let behind = text.get(document.span.end as usize..)?;
    let close =
        behind.find(|char: char| !char.is_whitespace()).filter(|at| behind[*at..].starts_with(')'))?;
    let end = document.span.end as usize + close + 1;
    let heading = text[..start].rfind("\nresource ").map_or(0, |at| at + 1);
    if !text[heading..].starts_with("resource ") {
        return None;
    }
    let label = owner.name.rsplit('.').next().unwrap_or("policy");
    let names = file.report.parsed.names();
    let is_free =
        |name: &str| !names.iter().any(|(known, _)| **known == *format!("data.{POLICY_DOCUMENT}.{name}"));
    let name = std::iter::once(label.to_string())
        .chain((2..100).map(|number| format!("{label}_{number}")))
        .find(|name| is_free(name))?;
    let block = converted(document, text, PolicyForm::Blocks, &name).ok()?;
    Some(Refactoring {
        title: format!("Write the policy as an `{POLICY_DOCUMENT}`"),
        edits: vec![
            TextEdit { span: Span::new(heading as u32, heading as u32), text: format!("{block}\n") },
            TextEdit {
                span: Span::new(start as u32, end as u32),
                text: format!("data.{POLICY_DOCUMENT}.{name}.json"),
            },
        ],
    })
}

/// The policy of a data source in place of the reference to it; the data source stays, since others may use it.
fn inlined(file: &File<'_>, text: &str, span: Span) -> Option<Refactoring> {
    let at = span.start as usize;
    let belongs = |char: char| char.is_ascii_alphanumeric() || matches!(char, '_' | '-' | '.');
    let start = text.get(..at)?.rfind(|char| !belongs(char)).map_or(0, |before| before + 1);
    let end = at + text.get(at..)?.find(|char: char| !belongs(char)).unwrap_or(text.len() - at);
    let name = text[start..end].strip_prefix(&format!("data.{POLICY_DOCUMENT}."))?.strip_suffix(".json")?;
    // In a text, or behind another word, it is a part of something else.
    let line = text[..start].rfind('\n').map_or(0, |at| at + 1);
    let lead = &text[line..start];
    if !lead.trim_end().ends_with('=') || !matches!(text[end..].chars().next(), None | Some('\n' | '\r')) {
        return None;
    }
    let heading = format!("data \"{POLICY_DOCUMENT}\" \"{name}\" {{");
    let block = text.find(&heading).filter(|at| *at == 0 || text[..*at].ends_with('\n'))?;
    let inside = (block + heading.len() - 1) as u32;
    let is_meant =
        |it: &&Document| it.naming == Naming::TerraformPolicy && !it.is_variant && it.span.touches(inside);
    let document = file.report.documents.iter().find(is_meant)?;
    let written = converted(document, text, PolicyForm::Jsonencode, name).ok()?;
    let indent = &lead[..lead.len() - lead.trim_start_matches([' ', '\t']).len()];
    Some(Refactoring {
        title: "Write the policy here, as `jsonencode`".to_string(),
        edits: vec![TextEdit {
            span: Span::new(start as u32, end as u32),
            text: written.replace('\n', &format!("\n{indent}")),
        }],
    })
}
