//! What belongs together around roles: resources and what they yield, and what a task needs of its roles.

use super::tables;

/// A kind of resource, in whichever language it is written.
#[derive(Debug)]
pub struct ResourceKind {
    pub name: &'static str,
    pub types: &'static [&'static str],
    /// Properties and arguments that hold its name.
    pub names: &'static [&'static str],
    /// What it yields, by form.
    pub forms: &'static [(&'static str, &'static str)],
    /// The form that `Ref` yields.
    pub by_ref: &'static str,
    /// Attributes and their form.
    pub attributes: &'static [(&'static str, &'static str)],
    /// Attributes that are another property's value.
    pub follow: &'static [(&'static str, &'static str)],
    /// Attributes that are something else in CloudFormation.
    pub in_cloudformation: &'static [(&'static str, &'static str)],
}

/// What a feature of a task definition needs.
#[derive(Debug, PartialEq, Eq)]
pub struct FeatureNeed {
    pub feature: &'static str,
    /// `execution`, `task`, or `caller` for whoever runs the task.
    pub role: &'static str,
    pub actions: &'static [&'static str],
    /// What it is called in a finding.
    pub words: &'static str,
    /// Whether the resource's own policy could grant it alone in the same account.
    pub has_other_granter: bool,
    /// The page of the developer guide that says so.
    pub page: &'static str,
}

pub fn resource_kind(resource_type: &str) -> Option<&'static ResourceKind> {
    tables::RESOURCE_KINDS.iter().find(|kind| kind.types.contains(&resource_type))
}

/// What a feature needs; `None` for a name that is not in the table.
pub fn need_of(feature: &str) -> Option<&'static FeatureNeed> {
    tables::NEEDS.iter().find(|need| need.feature == feature)
}
