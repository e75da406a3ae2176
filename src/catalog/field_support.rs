//! What a launch type, or Windows, does not take of a task definition.

use super::tables;

/// A field of a structure on one platform.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FieldSupport {
    /// The structure: `ContainerDefinition`.
    pub shape: &'static str,
    pub field: &'static str,
    pub on: Platform,
    /// The only values it takes; empty where `not` or nothing names values.
    pub only: &'static [&'static str],
    /// The values it does not take. Where both lists are empty, it takes no value that asks for something.
    pub not: &'static [&'static str],
    /// Launch types of the same task beside which it is fine.
    pub unless: &'static [Platform],
    pub refusal: Refusal,
    /// The gist of the service's message; empty where none is known.
    pub says: &'static str,
}

/// A launch type, or an operating system where that decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Platform {
    Ec2,
    Fargate,
    External,
    ManagedInstances,
    Windows,
    /// Whatever the launch type: the field is retired.
    Any,
}

/// What comes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// ECS refuses the task definition, or no such task can run.
    Refused,
    /// It has no effect there, or is not known to be refused.
    Ignored,
    /// Sources differ.
    Disputed,
}

/// Where a field is not taken; empty for nearly all of them.
pub fn field_support(shape: &str, field: &str) -> &'static [FieldSupport] {
    let rows = tables::FIELD_SUPPORT;
    let start = rows.partition_point(|row| (row.shape, row.field) < (shape, field));
    let count = rows[start..].iter().take_while(|row| row.shape == shape && row.field == field).count();
    &rows[start..start + count]
}

/// The attributes that placement constraints of ECS Managed Instances may name.
pub fn managed_instances_attributes() -> &'static [&'static str] {
    tables::MANAGED_INSTANCES_ATTRIBUTES
}

impl Platform {
    /// As a sentence names it.
    pub const fn title(self) -> &'static str {
        match self {
            Platform::Ec2 => "the launch type EC2",
            Platform::Fargate => "Fargate",
            Platform::External => "ECS Anywhere",
            Platform::ManagedInstances => "ECS Managed Instances",
            Platform::Windows => "Windows",
            Platform::Any => "ECS",
        }
    }
}

impl FieldSupport {
    /// Whether it takes that value.
    pub fn takes(&self, value: &str) -> bool {
        match (self.only, self.not) {
            ([], []) => false,
            ([], not) => !not.contains(&value),
            (only, _) => only.contains(&value),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_found_by_structure_and_field() {
        let rows = field_support("RegisterTaskDefinitionRequest", "pidMode");
        assert_eq!(rows.iter().map(|row| row.on).collect::<Vec<_>>(), [Platform::Fargate, Platform::Windows]);
        assert!(!rows[0].takes("host") && rows[0].takes("task") && !rows[1].takes("task"));
        assert!(field_support("ContainerDefinition", "image").is_empty());
        let capabilities = field_support("KernelCapabilities", "add");
        assert!(capabilities[0].takes("SYS_PTRACE") && !capabilities[0].takes("NET_ADMIN"));
    }
}
