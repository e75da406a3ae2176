//! Policy variables behind `${`, or behind `&{` in Terraform's own policies.

use super::{At, Item, ItemKind, List, Writing};
use crate::catalog;
use crate::host::{Function, Naming};
use crate::ide::place::{Notation, Slot};
use crate::text::Span;

/// The list inside of a variable that is being written; `None` where none is.
pub(super) fn complete(at: &At<'_>) -> Option<List> {
    if at.place.slot != Slot::Value {
        return None;
    }
    let before = at.writing.typed.before.as_str();
    let open = before.rfind("${").max(before.rfind("&{"))?;
    if before[open..].contains('}') {
        return None;
    }
    // `${` is Terraform's own; `$${` and `&{` are not.
    let is_escaped = before[..open].ends_with('$');
    let is_own = at.place.notation == Notation::Hcl && before[open..].starts_with('$') && !is_escaped;
    let is_function = at.writing.typed.filled_in && at.place.notation != Notation::Hcl;
    if is_function && before[open..].starts_with("${") && !before[open..].starts_with("${!") {
        return Some(in_function(at, before.len() - open - 2));
    }
    let names = at.place.names();
    let takes =
        matches!(names[..], ["Statement", "Resource" | "NotResource"] | ["Statement", "Condition", _, _]);
    if is_own || !takes || !at.place.document.kind.is_policy() {
        return None;
    }
    let start = open + 2 + usize::from(is_function);
    let typed = &before[start..];
    let replace_start = at.offset - typed.len() as u32;
    let after = at.after();
    let word = after.find(|char: char| !char.is_ascii_alphanumeric() && !":/-_.".contains(char));
    let word = word.unwrap_or(after.len());
    let is_closed = after[word..].starts_with('}');
    let mut items: Vec<Item> = Vec::new();
    let mut push = |name: &str, rank: u16| {
        let close = if is_closed { "" } else { "}" };
        let (stem, tag) = match name.split_once("/${") {
            Some((stem, tag)) => (stem, Some(tag.trim_end_matches('}'))),
            None => (name, None),
        };
        let insert = match tag {
            Some(tag) if at.writing.options.snippets => {
                format!("{stem}/${{1:{tag}}}{}", if is_closed { "" } else { "\\}" })
            }
            Some(tag) => format!("{stem}/{tag}{close}"),
            None => format!("{stem}{close}"),
        };
        let mut item = Item::new(ItemKind::Key, name.to_string(), "policy variable", insert);
        item.is_snippet = tag.is_some() && at.writing.options.snippets;
        item.about = crate::ide::prose::condition_key(name);
        items.push(item.ranked(rank));
    };
    let usual = catalog::usual("variables");
    usual.iter().zip(1..).for_each(|(name, rank)| push(name, rank));
    let global = catalog::global_keys().filter(|key| !key.multivalued && !usual.contains(&key.name));
    global.for_each(|key| push(key.name, 60));
    for issuer in super::condition_keys::Asker::of(at).issuers {
        push(&format!("{issuer}:sub"), 0);
    }
    let replace = Span::new(replace_start, at.offset + word as u32);
    Some(List { replace, comma: None, items, is_incomplete: false })
}

/// What a template fills in behind `${`: its resources and parameters. `typed`: how much of the name there is.
fn in_function(at: &At<'_>, typed: usize) -> List {
    let after = at.after();
    let word = after.find(|char: char| !char.is_ascii_alphanumeric() && !":.".contains(char));
    let word = word.unwrap_or(after.len());
    // A part of the text behind an opening without its end is no part of the name.
    let word = if after[word..].starts_with('}') { word } else { 0 };
    let close = if after[word..].starts_with('}') { "" } else { "}" };
    let mut items = super::templates::names_for(at.file, Function::Sub, "");
    items.iter_mut().for_each(|item| item.insert.push_str(close));
    let replace = Span::new(at.offset - typed as u32, at.offset + word as u32);
    List { replace, comma: None, items, is_incomplete: false }
}

/// How a variable's opening is written there.
pub(super) fn written(writing: &Writing, text: &str) -> String {
    match (writing.notation, writing.naming) {
        _ if !text.contains("${") => text.to_string(),
        (Notation::Hcl, Naming::TerraformPolicy) => text.replace("${", "&{"),
        (Notation::Hcl, _) => text.replace("${", "$${"),
        _ => text.to_string(),
    }
}
