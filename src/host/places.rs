//! What a policy is for, by where it stands in a resource of a template or module.

use super::DocumentKind::{self, Identity, Rcp, Resource, Scp, Session, Trust};
use super::value::{Object, Value};
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

/// Calls back for every value at a path of arguments and blocks.
pub(super) fn walk<'v>(object: &'v Object, path: &[&str], visit: &mut dyn FnMut(&'v Value)) {
    let [first, rest @ ..] = path else { return };
    for member in object.members.iter().filter(|member| &*member.name.text == *first) {
        match (rest, &member.value) {
            ([], value) => visit(value),
            (_, Value::Object(inner)) => walk(inner, rest, visit),
            _ => {}
        }
    }
}
