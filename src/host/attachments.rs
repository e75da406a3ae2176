//! What a resource attaches: managed policies or a boundary, to itself or to others.

use super::value::{Member, Object, StringValue, Value};
use super::{Assumed, Document, DocumentKind};
use crate::text::Span;

/// ARNs of managed policies, in SAM their names, too.
pub(super) const POLICIES: &str = "managedPolicies";

/// Policy templates of SAM, each an object with the name of one.
pub(super) const TEMPLATES: &str = "policyTemplates";

/// The ARN of a permissions boundary.
pub(super) const BOUNDARY: &str = "permissionsBoundary";

/// A document that is being put together. What a condition chooses from are members of one name.
#[derive(Debug, Default)]
pub(super) struct FoundAttachments {
    members: Vec<Member>,
    pub assumed: Vec<Assumed>,
}

impl FoundAttachments {
    /// `field` is a member of [`DocumentKind::Attachments`], `written` what the file calls it.
    pub fn add(&mut self, field: &str, written: &StringValue, value: Value) {
        let is_nothing = match &value {
            Value::Array(array) => array.items.is_empty(),
            Value::Null(_) | Value::Missing(_) => true,
            _ => false,
        };
        if !is_nothing {
            self.members.push(Member { name: StringValue::standing_for(field, written.span), value });
        }
    }

    /// `None` where nothing is attached.
    pub fn finish(mut self, reason: impl Into<Box<str>>) -> Option<Document> {
        self.members.sort_by_key(|member| member.name.span.start);
        let span = self
            .members
            .iter()
            .map(Member::span)
            .reduce(|a, b| Span::new(a.start.min(b.start), a.end.max(b.end)))?;
        let value = Value::Object(Object { span, members: self.members });
        let document = Document::of(DocumentKind::Attachments, reason, value, "");
        Some(Document { assumed: self.assumed, ..document })
    }
}
