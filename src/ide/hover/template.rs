//! Names of templates and modules: properties that hold policies, references, arguments of blocks.

use super::Hover;
use crate::catalog;
use crate::host::{Document, DocumentKind, Naming, Parsed};
use crate::ide::{File, prose};
use crate::model::Statement;
use crate::text::{Source, Span};
use std::fmt::Write;

/// About the word at an offset of a template or module.
pub(super) fn about(file: &File<'_>, offset: u32) -> Option<Hover> {
    if !matches!(file.report.parsed, Parsed::Yaml(_) | Parsed::Terraform(_))
        || file.report.documents.is_empty()
    {
        return None;
    }
    let offset = offset.min(file.text.len());
    let line = file.text.line_span(file.text.line_of(offset));
    let text = file.text.slice(line);
    let at = offset.saturating_sub(line.start) as usize;
    let belongs = |char: char| char.is_ascii_alphanumeric() || matches!(char, '_' | '.' | '-' | ':');
    let start = text.get(..at)?.trim_end_matches(belongs).len();
    let end = at + text.get(at..)?.find(|char: char| !belongs(char)).unwrap_or(text.len() - at);
    let word = text[start..end].trim_end_matches([':', '.']);
    let span = Span::new(line.start + start as u32, line.start + (start + word.len()) as u32);
    if word.is_empty() || text[..start].trim_start().starts_with('#') {
        return None;
    }
    let is_name = text[..start].trim_start_matches([' ', '-']).is_empty();
    let rest = text[start + word.len()..].trim_start();
    if is_name && rest.starts_with([':', '=', '{']) {
        return argument(file, offset, word).map(|markdown| Hover { span, markdown });
    }
    reference(file, word).map(|markdown| Hover { span, markdown })
}

/// About a property or an argument.
fn argument(file: &File<'_>, offset: u32, name: &str) -> Option<String> {
    if let Some(prose) = prose::property(name) {
        return Some(format!("**{name}**\n\n{prose}"));
    }
    let is_here = |it: &Document| it.naming == Naming::TerraformPolicy && it.span.touches(offset);
    if !file.report.documents.iter().any(is_here) {
        return None;
    }
    match (prose::block_argument(name), catalog::policy_element(name)) {
        (Some(prose), _) => Some(format!("**{name}**\n\n{prose}")),
        (None, Some(element)) => Some(format!("**{name}** · `{element}`\n\n{}", prose::element(element)?)),
        _ => None,
    }
}

/// About a resource that a reference names.
fn reference(file: &File<'_>, word: &str) -> Option<String> {
    let names = file.report.parsed.names();
    let (name, resource_type) = names.iter().find(|(name, _)| {
        word == &**name || word.strip_prefix(&**name).is_some_and(|rest| rest.starts_with('.'))
    })?;
    if resource_type.is_empty() {
        return Some(format!("**{name}** · parameter of this template"));
    }
    let mut out = format!("**{name}** · `{resource_type}` of this file\n");
    if let Some(of) = catalog::reference(resource_type) {
        let _ = write!(out, "\nIts ARN: `{}`\n", of.format);
    }
    let own = file.report.documents.iter().filter(|it| it.owner.as_ref().is_some_and(|it| it.name == *name));
    for document in own {
        if let Some(role) = document.owner.as_ref().and_then(|owner| owner.role_name.as_ref()) {
            let _ = write!(out, "\nrole name: `{role}`\n");
        }
        if document.kind == DocumentKind::Trust {
            for unit in &document.units {
                if let Some(object) = unit.unit.value.as_object() {
                    let _ = write!(out, "\n{}\n", super::statement::about(Statement { object }));
                }
            }
        }
    }
    Some(out)
}
