//! Resource types of services.

use super::blob::{self, Section, Set};
use super::handles::{ConditionKey, ResourceType};

const RESOURCE: usize = 6;

impl ResourceType {
    fn set(self, field: usize) -> Set {
        blob::set(blob::number(Section::Resources, usize::from(self.index) * RESOURCE + field * 2))
    }

    pub fn name(self) -> &'static str {
        blob::string(blob::number(Section::Resources, usize::from(self.index) * RESOURCE))
    }

    /// With placeholders: `arn:${Partition}:ecs:${Region}:${Account}:cluster/${ClusterName}`.
    pub fn arn_formats(self) -> impl Iterator<Item = &'static str> + Clone {
        self.set(1).items().map(blob::string)
    }

    pub fn condition_keys(self) -> impl Iterator<Item = ConditionKey> + Clone {
        self.set(2).items().map(ConditionKey::of_service)
    }
}

impl std::fmt::Debug for ResourceType {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}
