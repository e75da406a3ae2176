//! The service authorization reference: services, their actions, resource types and condition keys.

mod action;
mod blob;
mod condition_key;
mod handles;
mod resource_type;
mod service;

pub use action::{AccessLevel, ResourceUse, action, expand};
pub use condition_key::condition_key;
pub use handles::{Action, ConditionKey, ResourceType, Service};
pub use service::{service, services};
