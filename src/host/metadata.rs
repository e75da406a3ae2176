//! `Metadata` of CloudFormation templates and of their resources: what templates say to tools.

use super::value::{Object, Value};
use crate::text::Span;

/// What stands under a name in `Metadata`. Places are those of the text.
#[derive(Debug, Clone, PartialEq)]
pub struct Metadata {
    /// The resource that it is about; `None` for the whole template.
    pub about: Option<Span>,
    pub value: Value,
}

impl Metadata {
    /// What a template, or a resource of it, says under that name; `base` is where places are counted from.
    pub(super) fn of(object: &Object, name: &str, base: u32, is_resource: bool) -> Option<Metadata> {
        let mut value = object.object("Metadata")?.get(name)?.clone();
        value.shift(base);
        Some(Metadata { about: is_resource.then(|| object.span.shifted(base)), value })
    }
}
