//! Service accounts of Kubernetes, as far as Amazon EKS reads them.

use crate::host::value::{Member, Object};
use crate::host::{Document, DocumentKind};

/// A view of a service account's annotations.
#[derive(Debug, Clone, Copy)]
pub struct ServiceAccount<'a> {
    pub annotations: &'a Object,
}

impl<'a> ServiceAccount<'a> {
    /// What the annotations that Amazon EKS reads start with.
    pub const PREFIX: &'static str = "eks.amazonaws.com/";

    /// `None` where the document is none.
    pub fn of(document: &'a Document) -> Option<ServiceAccount<'a>> {
        let annotations = document.object().filter(|_| document.kind == DocumentKind::ServiceAccount)?;
        Some(ServiceAccount { annotations })
    }

    /// The annotations meant for Amazon EKS, each with its name behind the prefix: `role-arn`.
    pub fn of_eks(&self) -> impl Iterator<Item = (&'a str, &'a Member)> + use<'a> {
        let own = |member: &'a Member| Some((member.name.text.strip_prefix(Self::PREFIX)?, member));
        self.annotations.members.iter().filter_map(own)
    }
}
