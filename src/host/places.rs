//! Tables of where policies stand in resources of templates and modules, and what those attach.

use super::DocumentKind::{self, Rcp, Scp};
use super::value::Object;

/// A property or an argument that holds a policy.
pub(super) struct PolicyPlace {
    pub resource_type: &'static str,
    /// From the resource's properties or its block; lists and nested blocks are walked through.
    pub path: &'static [&'static str],
    /// `None`: told by another property, or by the content.
    pub kind: Option<DocumentKind>,
}

/// A property or an argument that attaches managed policies, or says to whom.
pub(super) struct AttachmentPlace {
    pub resource_type: &'static str,
    pub path: &'static [&'static str],
    /// What it is in the document.
    pub field: &'static str,
}

pub(super) const fn place(
    resource_type: &'static str,
    path: &'static [&'static str],
    kind: Option<DocumentKind>,
) -> PolicyPlace {
    PolicyPlace { resource_type, path, kind }
}

pub(super) const fn attachment(
    resource_type: &'static str,
    path: &'static [&'static str],
    field: &'static str,
) -> AttachmentPlace {
    AttachmentPlace { resource_type, path, field }
}

impl PolicyPlace {
    /// What the policy is for, where the place or another property tells. `object` holds the properties.
    pub fn kind_in(&self, object: &Object) -> Option<DocumentKind> {
        // Only AWS Organizations has policies of several kinds in one place.
        self.kind.or_else(|| match object.string("Type").or_else(|| object.string("type")) {
            Some(policy_type) => match &*policy_type.text {
                "SERVICE_CONTROL_POLICY" => Some(Scp),
                "RESOURCE_CONTROL_POLICY" => Some(Rcp),
                _ => None,
            },
            // What Terraform's provider takes where none is written.
            None => (self.resource_type == "aws_organizations_policy").then_some(Scp),
        })
    }
}
