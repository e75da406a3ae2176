//! Which way a place is found: on the tree of a JSON file, or among the values of any other document.

use super::{Place, tree, values};
use crate::ide::File;

/// The place at an offset; `None` outside of documents, in comments, and where nothing can be written.
/// `writes` says that something is to be written there, so that what is not there yet counts.
pub fn place<'a>(file: &File<'a>, offset: u32, writes: bool) -> Option<Place<'a>> {
    match file.report.parsed.json_value().map(|root| tree::at(file, root, offset)) {
        Some(tree::End::Place(place)) => Some(*place),
        Some(tree::End::Nothing) => None,
        // A template's documents are parts of its tree under other names.
        Some(tree::End::Outside(outside)) if writes => values::to_write_in_json(file, offset, &outside),
        None if writes => values::to_write(file, offset),
        Some(tree::End::Outside(_)) | None => values::at(file, offset),
    }
}
