//! Actions: look-up, and expansion of patterns.

use super::blob::{self, Section, Set};
use super::handles::{Action, ConditionKey, ResourceType, Service};
use super::service::{service, services};
use crate::catalog::keys::{global_key, is_tag_key, key_fits};
use crate::catalog::wildcards::wildcard_matches;

const ACTION: usize = 10;

/// The service authorization reference's five, "Permissions" for "Permissions management".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum AccessLevel {
    List,
    Read,
    Write,
    Tagging,
    PermissionsManagement,
}

/// A resource type that an action acts on.
#[derive(Debug, Clone, Copy)]
pub struct ResourceUse {
    pub resource_type: ResourceType,
    /// The reference's star: a request always names such a resource. Good for hints only.
    pub required: bool,
    keys: Set,
}

impl ResourceUse {
    /// Keys of that pair of action and resource type.
    pub fn condition_keys(&self) -> impl Iterator<Item = ConditionKey> + Clone + use<> {
        self.keys.items().map(ConditionKey::of_service)
    }
}

/// The action `service:Name`; case does not count. `None` for patterns.
pub fn action(full_name: &str) -> Option<Action> {
    let (prefix, name) = full_name.split_once(':')?;
    service(prefix)?.action(name)
}

/// The actions that a pattern covers: `ecs:*`, `ec2:Describe*`, `*:Get*`, `*`. Case does not count.
pub fn expand(pattern: &str) -> impl Iterator<Item = Action> + use<> {
    let (prefix, name) = match pattern.split_once(':') {
        Some(parts) => parts,
        None if pattern == "*" => ("*", "*"),
        None => ("", ""),
    };
    let one = (!has_wildcard(prefix)).then(|| service(prefix)).flatten();
    let every = has_wildcard(prefix).then(|| {
        let prefix = prefix.to_string();
        services().filter(move |service| matches(&prefix, service.prefix()))
    });
    let start = name[..name.find(['*', '?']).unwrap_or(name.len())].to_string();
    let name = name.to_string();
    one.into_iter().chain(every.into_iter().flatten()).flat_map(move |service| {
        let (start, name) = (start.clone(), name.clone());
        service.actions_starting_with(&start).filter(move |action| matches(&name, action.name()))
    })
}

fn has_wildcard(pattern: &str) -> bool {
    pattern.contains(['*', '?'])
}

fn matches(pattern: &str, text: &str) -> bool {
    wildcard_matches(pattern, text, true)
}

impl Action {
    fn number(self, at: usize) -> u16 {
        blob::number(Section::Actions, usize::from(self.index) * ACTION + at)
    }

    fn flags(self) -> u8 {
        blob::byte(Section::Actions, usize::from(self.index) * ACTION + 2)
    }

    pub fn service(self) -> Service {
        self.service
    }

    /// Without the service's prefix.
    pub fn name(self) -> &'static str {
        blob::string(self.number(0))
    }

    pub fn access_level(self) -> AccessLevel {
        match self.flags() & 0x7f {
            0 => AccessLevel::List,
            1 => AccessLevel::Read,
            2 => AccessLevel::Write,
            3 => AccessLevel::Tagging,
            _ => AccessLevel::PermissionsManagement,
        }
    }

    /// Whether no API operation stands behind it. `false` also for actions newer than July 2026, of
    /// which nothing is known.
    pub fn is_permission_only(self) -> bool {
        self.flags() & 0x80 != 0
    }

    pub fn resource_types(self) -> impl Iterator<Item = ResourceUse> + Clone {
        let set = blob::set(self.number(4));
        let service = self.service;
        (0..set.len() / 2).map(move |index| {
            let mut pair = set.items().skip(index * 2);
            let (on, keys) = (pair.next().unwrap_or_default(), pair.next().unwrap_or_default());
            ResourceUse {
                resource_type: service.resource_type_at(on & 0x7fff),
                required: on & 0x8000 != 0,
                keys: blob::set(keys),
            }
        })
    }

    /// Whether the reference lists no resource type for it, so that only `"Resource": "*"` grants it.
    pub fn takes_all_resources_only(self) -> bool {
        blob::set(self.number(4)).len() == 0
    }

    /// The service's keys that a request for this action may carry: the action's, those of its resource
    /// types, and those of the pair. Global keys come on top. Some come up more than once.
    pub fn condition_keys(self) -> impl Iterator<Item = ConditionKey> + Clone {
        let own = blob::set(self.number(6)).items().map(ConditionKey::of_service);
        own.chain(
            self.resource_types().flat_map(|on| on.condition_keys().chain(on.resource_type.condition_keys())),
        )
    }

    /// Whether a request for it may carry that key, global keys included. Case does not count.
    pub fn accepts_condition_key(self, key: &str) -> bool {
        self.condition_keys().any(|known| key_fits(known.name(), key))
            || global_key(key).is_some() && !is_tag_key(key)
    }

    /// Other actions that the operation needs, by the reference of July 2026: `iam:PassRole` …
    pub fn dependent_actions(self) -> impl Iterator<Item = &'static str> {
        blob::set(self.number(8)).items().map(blob::string)
    }
}

impl std::fmt::Display for Action {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.service.prefix(), self.name())
    }
}

impl std::fmt::Debug for Action {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Display::fmt(self, f)
    }
}

impl AccessLevel {
    pub const fn name(self) -> &'static str {
        match self {
            AccessLevel::List => "List",
            AccessLevel::Read => "Read",
            AccessLevel::Write => "Write",
            AccessLevel::Tagging => "Tagging",
            AccessLevel::PermissionsManagement => "Permissions management",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_data_set_is_whole() {
        assert_eq!(services().len(), 457);
        assert_eq!(services().map(|service| service.actions().len()).sum::<usize>(), 22_321);
        let ecs = service("ECS").unwrap();
        assert_eq!(
            (ecs.actions().len(), ecs.resource_types().len(), ecs.condition_keys().count()),
            (92, 15, 31)
        );
        for service in services() {
            for action in service.actions() {
                assert_eq!(service.action(action.name()), Some(action));
                assert!(action.resource_types().all(|on| on.resource_type.arn_formats().count() > 0));
                assert!(action.condition_keys().all(|key| !key.name().is_empty()));
            }
        }
    }

    #[test]
    fn actions_are_found_whatever_their_case() {
        let action = super::action("ecs:runtask").unwrap();
        assert_eq!(action.to_string(), "ecs:RunTask");
        assert_eq!(action.access_level(), AccessLevel::Write);
        assert!(
            action.resource_types().any(|on| on.resource_type.name() == "task-definition" && on.required)
        );
        assert!(super::action("ecs:RunTasks").is_none());
        assert!(super::action("ecs:Run*").is_none());
        assert!(super::action("ecs").is_none());
    }

    #[test]
    fn patterns_expand() {
        assert_eq!(expand("ecs:*").count(), 92);
        assert_eq!(expand("*").count(), 22_321);
        let names: Vec<String> = expand("ecs:?unTask*").map(|action| action.to_string()).collect();
        assert_eq!(names, ["ecs:RunTask"]);
        assert!(expand("ec2:Describe*").count() > 150);
        assert_eq!(expand("nothing:*").count(), 0);
        assert!(expand("*:GetObject").any(|action| action.to_string() == "s3:GetObject"));
    }

    #[test]
    fn keys_of_an_action_are_the_union_of_four_sets() {
        let run = super::action("ecs:RunTask").unwrap();
        for key in
            ["ecs:cluster", "ecs:ResourceTag/team", "aws:PrincipalOrgID", "AWS:requesttag/x", "aws:TagKeys"]
        {
            assert!(run.accepts_condition_key(key), "{key}");
        }
        assert!(!run.accepts_condition_key("s3:prefix"));
        assert!(super::action("s3:GetObject").unwrap().accepts_condition_key("s3:ExistingObjectTag/any"));
        assert!(super::action("kms:Decrypt").unwrap().accepts_condition_key("kms:EncryptionContext:app"));
    }
}
