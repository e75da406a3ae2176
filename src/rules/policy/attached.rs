//! What a resource attaches: what the rules about it walk over.

use crate::catalog::{self, Arn, ArnPart, AttachesTo};
use crate::host::value::{Member, StringValue, Value};
use crate::host::{Document, DocumentKind};
use crate::text::Span;
use std::ops::Range;

/// A managed policy that is attached, looked up or made a boundary.
#[derive(Clone, Copy)]
pub(super) struct Attached<'a> {
    /// Its ARN; a name where the place takes one.
    pub text: &'a StringValue,
    pub is_boundary: bool,
}

/// An AWS managed policy as it is written.
#[derive(Clone, Copy)]
pub(super) struct AwsPolicy<'a> {
    /// Of the ARN; `None` where only a name is written, or where it is not known.
    pub partition: Option<&'a str>,
    /// Path and name.
    pub path: &'a str,
    /// Where they stand.
    pub span: Span,
}

impl<'a> Attached<'a> {
    /// `None` for policies of an account, and where the path or the name is not known.
    pub fn aws_policy(&self) -> Option<AwsPolicy<'a>> {
        let text = &*self.text.text;
        if !text.starts_with("arn:") {
            let is_name = !self.text.has_unknown() && !text.is_empty() && !text.contains([':', '/']);
            return is_name.then_some(AwsPolicy {
                partition: None,
                path: text,
                span: self.text.content_span(),
            });
        }
        let arn = Arn::parse(text).ok()?;
        let path = arn.resource.strip_prefix("policy/")?;
        let range = text.len() - path.len()..text.len();
        let is_aws = arn.service == "iam" && arn.account == "aws" && self.is_known(range.clone());
        let partition = Some(arn.partition).filter(|_| self.is_known(arn.range(ArnPart::Partition)));
        let span = self.text.part(range);
        (is_aws && !path.is_empty()).then_some(AwsPolicy { partition, path, span })
    }

    /// Whether nothing of that range of the text is filled in later.
    pub fn is_known(&self, range: Range<usize>) -> bool {
        !self.text.is_unknown_in(range)
    }
}

/// The members of a document about attachments; none of other documents.
fn members(document: &Document) -> &[Member] {
    let object = document.object().filter(|_| document.kind == DocumentKind::Attachments);
    object.map_or(&[], |object| &object.members)
}

/// The policies that a document attaches, those written as strings.
pub(super) fn policies(document: &Document) -> impl Iterator<Item = Attached<'_>> {
    members(document).iter().flat_map(|member| {
        let is_boundary = &*member.name.text == "permissionsBoundary";
        let is_policies = is_boundary || &*member.name.text == "managedPolicies";
        let values = if is_policies { member.value.one_or_many() } else { &[] };
        values.iter().filter_map(Value::as_string).map(move |text| Attached { text, is_boundary })
    })
}

/// The members that say so of managed policies, by the name of the model: `users`.
pub(super) fn fields<'a>(document: &'a Document, name: &str) -> impl Iterator<Item = &'a Member> {
    members(document).iter().filter(move |member| *member.name.text == *name)
}

/// The type of the resource that the document belongs to; empty where it has none.
fn resource_type(document: &Document) -> &str {
    document.owner.as_ref().map_or("", |owner| &owner.resource_type)
}

/// Whether the document looks a policy up, and attaches nothing.
pub(super) fn is_lookup(document: &Document) -> bool {
    document.owner.as_ref().is_some_and(|owner| owner.name.starts_with("data."))
}

/// Whether ARNs only stand in it, and it is not known what becomes of them.
pub(super) fn is_hearsay(document: &Document) -> bool {
    let keyword = |owner: &str| {
        owner.split('.').next().is_some_and(|it| matches!(it, "module" | "variable" | "locals"))
    };
    document.owner.as_ref().is_some_and(|owner| keyword(&owner.name))
}

/// Whether an array in it is one list of what is attached together, and not what is gone through.
pub(super) fn is_list(document: &Document) -> bool {
    let resource_type = resource_type(document);
    !is_hearsay(document) && !resource_type.ends_with("_attachment")
}

/// Whether names stand for policies there, as SAM takes them.
pub(super) fn takes_names(document: &Document) -> bool {
    catalog::takes_policy_names(resource_type(document)) || is_lookup(document)
}

/// To whom the document attaches policies; `None`: to whom it names, or to nobody yet.
pub(super) fn to(document: &Document) -> Option<AttachesTo> {
    catalog::attaches_to(resource_type(document))
}
