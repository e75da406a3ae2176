//! What a policy is for, by where it stands in a resource of a template or module.

use super::DocumentKind::{self, Identity, Rcp, Resource, Scp, Session, Trust};
use super::value::Object;
use crate::catalog::{PlacedKind, PolicyPlace};

/// What the policy of a place is for, where the place or another property tells. `object` holds the
/// properties.
pub(super) fn kind_in(place: &PolicyPlace, object: &Object) -> Option<DocumentKind> {
    let otherwise = match place.kind {
        PlacedKind::Identity => return Some(Identity),
        PlacedKind::Resource => return Some(Resource),
        PlacedKind::Session => return Some(Session),
        PlacedKind::Trust => return Some(Trust),
        PlacedKind::ByType => None,
        PlacedKind::ByTypeElseScp => Some(Scp),
    };
    match object.string("Type").or_else(|| object.string("type")) {
        Some(policy_type) => match &*policy_type.text {
            "SERVICE_CONTROL_POLICY" => Some(Scp),
            "RESOURCE_CONTROL_POLICY" => Some(Rcp),
            _ => None,
        },
        None => otherwise,
    }
}
