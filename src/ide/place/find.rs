//! Which way a place is found: on the tree of a JSON file, or among the values of any other document.

use super::{Notation, Place, Slot, TypedText, tree, values};
use crate::host::value::Value;
use crate::host::{self, Document, Parsed};
use crate::ide::File;
use crate::text::{Source, Span};
use std::borrow::Cow;

/// The place at an offset; `None` outside of documents, in comments, and where nothing can be written.
/// `writes` says that something is to be written there, so that what is not there yet counts.
pub fn place<'a>(file: &File<'a>, offset: u32, writes: bool) -> Option<Place<'a>> {
    let documents = &file.report.documents;
    match file.report.parsed.json_value().map(|root| tree::at(file, root, offset, documents)) {
        Some(tree::End::Place(place)) => Some(*place),
        Some(tree::End::Nothing) => None,
        // A template's documents are parts of its tree under other names.
        Some(tree::End::Outside(outside)) if writes => values::to_write_in_json(file, &outside),
        None if writes => values::to_write(file, offset),
        Some(tree::End::Outside(_)) | None => values::at(file, offset),
    }
}

/// The place in a file that holds nothing yet, or no more than its name says what it is for.
pub fn begun<'a>(file: &File<'a>, offset: u32) -> Option<Place<'a>> {
    let Parsed::Json(json) = &file.report.parsed else { return None };
    if !file.report.documents.is_empty() {
        return None;
    }
    let kind = host::kind_by_name(file.report.path())?;
    let Some(root) = file.report.parsed.json_value() else {
        let whole = Span::new(0, Source::len(file.text));
        if !file.text.slice(whole).trim().is_empty() {
            return None;
        }
        let document = Document::of(kind, "its name says so", Value::Missing(whole), "");
        return Some(Place {
            document: Cow::Owned(document),
            path: Vec::new(),
            slot: Slot::Value,
            token: None,
            typed: TypedText::at(offset),
            siblings: Vec::new(),
            notation: Notation::Json,
            or_value: false,
        });
    };
    let documents = json.documents(file.text, file.report.path(), Some(kind), &[]);
    // Other programs call their files so, too.
    let is_foreign = |document: &Document| {
        document.object().is_some_and(|object| {
            object.members.iter().any(|member| {
                let name = &*member.name.text;
                !name.is_empty() && !host::is_member_of(kind, name)
            })
        })
    };
    if documents.iter().any(is_foreign) {
        return None;
    }
    match tree::at(file, root, offset, &documents) {
        tree::End::Place(place) => {
            let Place { document, path, slot, token, typed, siblings, notation, or_value } = *place;
            let document = Cow::Owned(document.into_owned());
            Some(Place { document, path, slot, token, typed, siblings, notation, or_value })
        }
        _ => None,
    }
}
