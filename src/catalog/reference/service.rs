//! Services.

use super::blob::{self, Section};
use super::handles::{Action, ConditionKey, ResourceType, Service};
use crate::catalog::search::search;

const SERVICE: usize = 16;

/// Every service, by prefix.
pub fn services() -> impl ExactSizeIterator<Item = Service> + Clone {
    (0..blob::len(Section::Services) / SERVICE).map(|index| Service { index: index as u16 })
}

/// The service with that prefix (`ecs`); case does not count.
pub fn service(prefix: &str) -> Option<Service> {
    let count = blob::len(Section::Services) / SERVICE;
    let name = |index: usize| Service { index: index as u16 }.prefix();
    search(count, prefix, name).ok().map(|index| Service { index: index as u16 })
}

impl Service {
    fn number(self, field: usize) -> u16 {
        blob::number(Section::Services, usize::from(self.index) * SERVICE + field * 2)
    }

    pub fn prefix(self) -> &'static str {
        blob::string(self.number(0))
    }

    /// As AWS names it: `Amazon Elastic Container Service`.
    pub fn title(self) -> &'static str {
        blob::string(self.number(1))
    }

    /// In order of their names.
    pub fn actions(self) -> impl ExactSizeIterator<Item = Action> + Clone {
        let first = self.number(2);
        (first..first + self.number(3)).map(move |index| Action { service: self, index })
    }

    /// The action of that name; case does not count.
    pub fn action(self, name: &str) -> Option<Action> {
        let first = self.number(2);
        let at = |index: usize| Action { service: self, index: first + index as u16 };
        search(usize::from(self.number(3)), name, |index| at(index).name()).ok().map(at)
    }

    /// The actions whose names start so; case does not count.
    pub fn actions_starting_with(self, start: &str) -> impl Iterator<Item = Action> + Clone + use<> {
        let count = usize::from(self.number(3));
        let first = self.number(2);
        let at = move |index: usize| Action { service: self, index: first + index as u16 };
        // The empty start stands before every name.
        let (Ok(from) | Err(from)) = search(count, start, |index| at(index).name());
        let start = start.to_ascii_lowercase();
        (from..count).map(at).take_while(move |action| {
            action.name().get(..start.len()).is_some_and(|name| name.eq_ignore_ascii_case(&start))
        })
    }

    pub fn resource_types(self) -> impl ExactSizeIterator<Item = ResourceType> + Clone {
        let first = self.number(4);
        (first..first + self.number(5)).map(|index| ResourceType { index })
    }

    pub fn resource_type(self, name: &str) -> Option<ResourceType> {
        self.resource_types().find(|resource| resource.name() == name)
    }

    pub(super) fn resource_type_at(self, index: u16) -> ResourceType {
        ResourceType { index: self.number(4) + index }
    }

    /// Every key of the service's own list: its own, and the global ones it sets.
    pub fn condition_keys(self) -> impl Iterator<Item = ConditionKey> + Clone {
        blob::set(self.number(6)).items().map(ConditionKey::of_service)
    }

    /// Whether resource control policies reach it.
    pub fn supports_rcp(self) -> bool {
        self.number(7) != 0
    }
}

impl std::fmt::Debug for Service {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.prefix())
    }
}
