//! Expressions of HCL inside of strings of YAML.

use super::document::{Inside, InsideSyntax, WriteInside};
use super::embedded::relocate;
use super::terraform::{Module, TerraformFile};
use super::value::{StringValue, Value};
use super::write::Models;
use super::{Document, Edit};
use crate::text::TextEdit;
use std::sync::Arc;

/// Nothing lies deeper in a manifest.
const DEEPEST: u32 = 16;

/// The documents of all strings of a value that hold an expression.
pub(super) fn documents(value: &Value) -> Vec<Document> {
    let mut found = Vec::new();
    walk(value, 0, &mut found);
    found
}

fn walk(value: &Value, depth: u32, found: &mut Vec<Document>) {
    match value {
        _ if depth > DEEPEST => {}
        Value::Object(object) => {
            object.members.iter().for_each(|member| walk(&member.value, depth + 1, found));
        }
        Value::Array(array) => array.items.iter().for_each(|item| walk(item, depth + 1, found)),
        Value::String(string) => found.extend(of_string(string)),
        _ => {}
    }
}

/// The documents of `${jsonencode({ … })}`, as tools that make manifests of Terraform's examples leave it: the string
/// holds what Terraform would have filled in.
fn of_string(string: &StringValue) -> Vec<Document> {
    let Some(text) = as_value(&string.text) else { return Vec::new() };
    let file = TerraformFile::parse(&text, &Module::default(), None);
    let found = file.documents();
    if found.is_empty() {
        return found;
    }
    // The host takes all of it for something that is filled in.
    let host = Arc::new(string.clone().with_open_parts(Box::default()));
    let syntax = InsideSyntax::Other(Box::new(Hcl { file, documents: found.clone() }));
    let inside = Arc::new(Inside { text, syntax });
    let moved = found.into_iter().map(|mut document| {
        relocate(&mut document, &host);
        for assumed in &mut document.assumed {
            assumed.span = host.part_at(assumed.span);
        }
        document.owner = None;
        document.references.clear();
        document.inside = Some(inside.clone());
        document
    });
    moved.collect()
}

/// The expression as the value of an argument, at the same length: `${…}` becomes `v=… `.
fn as_value(text: &str) -> Option<String> {
    let start = text.len() - text.trim_start().len();
    let end = text.trim_end().len();
    let inside = text.get(start..end)?.strip_prefix("${")?.strip_suffix('}')?;
    inside.trim_start().starts_with("jsonencode").then(|| {
        let (before, behind) = (&text[..start], &text[end..]);
        format!("{before}v={inside} {behind}")
    })
}

/// What a string was read as, with its places.
#[derive(Debug)]
struct Hcl {
    file: TerraformFile,
    documents: Vec<Document>,
}

impl WriteInside for Hcl {
    fn text_edits(&self, text: &str, edits: &[Edit]) -> Option<Vec<TextEdit>> {
        self.file.text_edits(text, &Models::new(&self.documents), edits)
    }
}
