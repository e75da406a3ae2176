//! Principals: who a statement is about.

use crate::host::value::{Member, Object, StringValue, Value};

/// `Principal` or `NotPrincipal` of a statement.
#[derive(Debug, Clone, Copy)]
pub struct Principal<'a> {
    pub member: &'a Member,
    /// Whether it is `NotPrincipal`.
    pub negated: bool,
}

/// One principal with its type.
#[derive(Debug, Clone, Copy)]
pub struct PrincipalEntry<'a> {
    /// `AWS`, `Service`, `Federated`, `CanonicalUser`, or what was written in its place.
    pub kind: &'a StringValue,
    pub value: &'a StringValue,
}

impl<'a> Principal<'a> {
    /// A text in place of the object: `"*"`, or a mistake.
    pub fn text(&self) -> Option<&'a StringValue> {
        self.member.value.as_string()
    }

    pub fn object(&self) -> Option<&'a Object> {
        self.member.value.as_object()
    }

    /// Every string under every type; values of other types are left out.
    pub fn entries(&self) -> impl Iterator<Item = PrincipalEntry<'a>> + use<'a> {
        self.object().into_iter().flat_map(|object| &object.members).flat_map(|member| {
            member
                .value
                .one_or_many()
                .iter()
                .filter_map(Value::as_string)
                .map(move |value| PrincipalEntry { kind: &member.name, value })
        })
    }

    /// The service principals among them.
    pub fn services(&self) -> impl Iterator<Item = &'a StringValue> + use<'a> {
        self.entries().filter(|entry| &*entry.kind.text == "Service").map(|entry| entry.value)
    }

    /// `"*"`, or `{"AWS": "*"}`.
    pub fn is_everyone(&self) -> bool {
        self.text().is_some_and(|text| &*text.text == "*")
            || self.entries().any(|entry| &*entry.kind.text == "AWS" && &*entry.value.text == "*")
    }
}
