//! Partitions and Regions.

use super::tables;

/// Every partition with its Regions.
pub fn partitions() -> &'static [(&'static str, &'static [&'static str])] {
    tables::PARTITIONS
}

pub fn is_region(name: &str) -> bool {
    partition_of_region(name).is_some()
}

/// `aws` for `eu-west-1`; `None` for a Region that is not in the list, which may only be newer.
pub fn partition_of_region(name: &str) -> Option<&'static str> {
    tables::PARTITIONS.iter().find(|(_, regions)| regions.contains(&name)).map(|(partition, _)| *partition)
}
