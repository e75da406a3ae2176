//! The entries of `aws-auth`: what its rules walk over.

use crate::host::value::{Member, Object, StringValue, Value};
use crate::host::{Document, DocumentKind};

/// One entry of `mapRoles` or `mapUsers`.
#[derive(Clone, Copy)]
pub(super) struct Entry<'a> {
    /// `mapRoles` or `mapUsers`.
    pub list: &'static str,
    pub object: &'a Object,
}

/// The lists of entries with the field that names the role or user.
const LISTS: [(&str, &str); 2] = [("mapRoles", "rolearn"), ("mapUsers", "userarn")];

impl<'a> Entry<'a> {
    /// The field that names the role or user: `rolearn`.
    pub fn arn_field(&self) -> &'static str {
        LISTS.iter().find(|(list, _)| *list == self.list).map_or("rolearn", |(_, field)| field)
    }

    /// A field; names are read whatever their case.
    pub fn member(&self, name: &str) -> Option<&'a Member> {
        self.object.members.iter().find(|member| member.name.text.eq_ignore_ascii_case(name))
    }

    /// The ARN, where all of it is known.
    pub fn arn(&self) -> Option<&'a StringValue> {
        let arn = self.member(self.arn_field())?.value.as_string()?;
        (!arn.text.is_empty() && !arn.is_wholly_unknown()).then_some(arn)
    }
}

/// The entries of an `aws-auth` ConfigMap; none of other documents.
pub(super) fn entries(document: &Document) -> impl Iterator<Item = Entry<'_>> {
    let data = document.object().filter(|_| document.kind == DocumentKind::AwsAuth);
    data.into_iter().flat_map(|data| {
        LISTS.iter().flat_map(move |(list, _)| {
            data.items(list).iter().filter_map(Value::as_object).map(move |object| Entry { list, object })
        })
    })
}

/// The lists with the field that names the role or user.
pub(super) fn lists() -> impl Iterator<Item = (&'static str, &'static str)> {
    LISTS.into_iter()
}
