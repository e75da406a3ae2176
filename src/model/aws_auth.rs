//! The ConfigMap `aws-auth`: who of IAM is who in a Kubernetes cluster.

use crate::host::value::{Member, Object, StringValue, Value};
use crate::host::{Document, DocumentKind};

/// A view of the ConfigMap's data.
#[derive(Debug, Clone, Copy)]
pub struct AwsAuth<'a> {
    pub document: &'a Document,
    pub data: &'a Object,
}

/// A list that maps roles or users.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AwsAuthList {
    Roles,
    Users,
}

/// One entry of such a list.
#[derive(Debug, Clone, Copy)]
pub struct AwsAuthEntry<'a> {
    pub list: AwsAuthList,
    pub object: &'a Object,
}

impl AwsAuthList {
    pub const ALL: [AwsAuthList; 2] = [AwsAuthList::Roles, AwsAuthList::Users];

    /// The member of the data that it is.
    pub const fn name(self) -> &'static str {
        match self {
            AwsAuthList::Roles => "mapRoles",
            AwsAuthList::Users => "mapUsers",
        }
    }

    /// The field of its entries that names the role or user.
    pub const fn arn_field(self) -> &'static str {
        match self {
            AwsAuthList::Roles => "rolearn",
            AwsAuthList::Users => "userarn",
        }
    }

    /// What its entries are about.
    pub const fn noun(self) -> &'static str {
        match self {
            AwsAuthList::Roles => "role",
            AwsAuthList::Users => "user",
        }
    }

    pub const fn other(self) -> AwsAuthList {
        match self {
            AwsAuthList::Roles => AwsAuthList::Users,
            AwsAuthList::Users => AwsAuthList::Roles,
        }
    }

    pub fn named(name: &str) -> Option<AwsAuthList> {
        AwsAuthList::ALL.into_iter().find(|list| list.name() == name)
    }
}

impl<'a> AwsAuth<'a> {
    /// `None` where the document is none.
    pub fn of(document: &'a Document) -> Option<AwsAuth<'a>> {
        let data = document.object().filter(|_| document.kind == DocumentKind::AwsAuth)?;
        Some(AwsAuth { document, data })
    }

    /// The entries of both lists.
    pub fn entries(&self) -> impl Iterator<Item = AwsAuthEntry<'a>> + use<'a> {
        let data = self.data;
        AwsAuthList::ALL.into_iter().flat_map(move |list| {
            let items = data.items(list.name()).iter();
            items.filter_map(Value::as_object).map(move |object| AwsAuthEntry { list, object })
        })
    }
}

impl<'a> AwsAuthEntry<'a> {
    /// A field; names are read whatever their case.
    pub fn member(&self, name: &str) -> Option<&'a Member> {
        self.object.members.iter().find(|member| member.name.text.eq_ignore_ascii_case(name))
    }

    /// The ARN, where some of it is known.
    pub fn arn(&self) -> Option<&'a StringValue> {
        let arn = self.member(self.list.arn_field())?.value.as_string()?;
        (!arn.text.is_empty() && !arn.is_wholly_unknown()).then_some(arn)
    }
}
