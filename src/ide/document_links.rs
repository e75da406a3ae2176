//! What can be opened from a text: AWS's page of an action, a condition key, a managed policy; files that a module or
//! template takes in.

use super::File;
use super::hover::pages;
use crate::host::Parsed;
use crate::host::value::{Object, StringValue, Value};
use crate::model::Statement;
use crate::text::{Source, Span};

/// A part of the text, and what it leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    pub span: Span,
    pub target: LinkTarget,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinkTarget {
    /// An address of the documentation.
    Page(String),
    /// A file, by its path from the folder of this one.
    File(String),
}

/// Above this many nobody follows one.
const MOST: usize = 5000;

/// The links of a file of ours, in the order of the text.
pub fn links(file: &File<'_>) -> Vec<Link> {
    let mut links = Vec::new();
    if file.report.documents.is_empty() {
        return links;
    }
    for document in &file.report.documents {
        if document.kind.is_policy() {
            for unit in &document.units {
                if let Some(object) = unit.unit.value.as_object() {
                    statement(object, unit.base, &mut links);
                }
            }
        } else {
            managed_policies(&document.head, &mut links);
        }
        if links.len() > MOST {
            break;
        }
    }
    files(file, &mut links);
    links.sort_by_key(|link| link.span);
    links.dedup_by(|next, before| next.span.start < before.span.end);
    links.truncate(MOST);
    links
}

fn push(string: &StringValue, base: u32, page: Option<String>, links: &mut Vec<Link>) {
    if let Some(page) = page.filter(|_| string.is_written() && !string.has_unknown()) {
        links.push(Link { span: string.content_span().shifted(base), target: LinkTarget::Page(page) });
    }
}

fn statement(object: &Object, base: u32, links: &mut Vec<Link>) {
    let statement = Statement { object };
    for action in statement.actions() {
        push(action.string, base, pages::of_action(action.text()), links);
    }
    for key in statement.condition_keys() {
        push(key.key, base, pages::of_key(&key.key.text), links);
    }
}

/// The ARNs of managed policies that something attaches.
fn managed_policies(value: &Value, links: &mut Vec<Link>) {
    match value {
        Value::Object(object) => object.members.iter().for_each(|it| managed_policies(&it.value, links)),
        Value::Array(array) => array.items.iter().for_each(|it| managed_policies(it, links)),
        Value::String(string) => push(string, 0, pages::of_managed_policy(&string.text), links),
        _ => {}
    }
}

/// What stands before the path of a file, in modules and in templates.
const IN_MODULES: [&str; 3] = ["file(\"", "templatefile(\"", "filebase64(\""];
const IN_TEMPLATES: [&str; 3] = ["TemplateURL:", "Location:", "DefinitionUri:"];

/// Files of the same project that are named by a path alone.
fn files(file: &File<'_>, links: &mut Vec<Link>) {
    let (marks, is_terraform) = match file.report.parsed {
        Parsed::Terraform(_) => (IN_MODULES, true),
        Parsed::Yaml(_) => (IN_TEMPLATES, false),
        _ => return,
    };
    let text = file.text.slice(Span::new(0, Source::len(file.text)));
    for mark in marks {
        for (at, _) in text.match_indices(mark) {
            let line = text[..at].rfind('\n').map_or(0, |line| line + 1);
            // `templatefile("` ends with `file("`.
            let is_part = text[..at].ends_with(|char: char| char.is_ascii_alphanumeric() || char == '_');
            if text[line..at].contains('#') || is_part {
                continue;
            }
            let rest = &text[at + mark.len()..];
            let rest = rest.split(['\n', '\r']).next().unwrap_or_default();
            let lead = rest.len() - rest.trim_start_matches([' ', '"', '\'']).len();
            let end = if is_terraform { rest.find('"') } else { None };
            let path = match end {
                Some(end) => &rest[..end],
                None if is_terraform => continue,
                None => rest[lead..].trim_end_matches([' ', '"', '\'']),
            };
            let start = at + mark.len() + if is_terraform { 0 } else { lead };
            if let Some(target) = relative(path) {
                let span = Span::new(start as u32, (start + path.len()) as u32);
                links.push(Link { span, target: LinkTarget::File(target) });
            }
        }
    }
}

/// A path from the file's folder; `None` where it is another address, or filled in later.
fn relative(path: &str) -> Option<String> {
    let path = path.strip_prefix("${path.module}/").unwrap_or(path);
    let is_plain = !path.contains(['$', '{', '!', ':', '*', '\\']) && !path.starts_with(['/', '~', '#']);
    (is_plain && path.rsplit('/').next()?.contains('.')).then(|| path.to_string())
}
