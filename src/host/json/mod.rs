//! Files that are JSON, with or without comments.

mod lower;
mod recognise;
mod write;

pub(super) use lower::raw;
pub use write::JsonWriter;

use super::{Document, DocumentKind, Placed};
use crate::syntax::Tree;
use crate::text::Source;

/// The documents of a JSON text that is not a template; none where it is none of ours.
///
/// `path` helps where the content leaves open what a policy is for; `kind` overrides all guessing.
/// Units of `before`, the documents of the last version, are taken over where their nodes are the same.
pub fn documents(
    tree: &Tree,
    source: &(impl Source + ?Sized),
    path: &str,
    kind: Option<DocumentKind>,
    before: &[Document],
) -> Vec<Document> {
    recognise::find(tree, source, kind)
        .into_iter()
        .enumerate()
        .map(|(index, found)| {
            let known: &[Placed] = before.get(index).map_or(&[], |document| &document.units);
            lower::document(found, source, path, known)
        })
        .collect()
}
