//! What the reference speaks of, as places in the blob: services, actions, resource types and condition keys
//! point at each other there. What each of them knows stands in its own file.

use crate::catalog::keys::GlobalKey;

/// A service of the service authorization reference.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Service {
    pub(super) index: u16,
}

/// A resource type of a service.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct ResourceType {
    /// Over all services.
    pub(super) index: u16,
}

/// An action of a service.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Action {
    pub(super) service: Service,
    /// Over all services.
    pub(super) index: u16,
}

/// A condition key as a service's list or the global list names it, with placeholders.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct ConditionKey {
    pub(super) kind: Kind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Service(u16),
    Global(&'static GlobalKey),
}

impl ConditionKey {
    /// The key of that number in the services' lists.
    pub(super) fn of_service(index: u16) -> ConditionKey {
        ConditionKey { kind: Kind::Service(index) }
    }
}
