//! What the API's model does not say of fields of task definitions, and names of what their texts may be.

use super::tables;

/// Notes on a field. From the Amazon ECS API Reference and developer guide.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FieldNotes {
    /// `MiB`, `seconds`; `None` for what has none.
    pub unit: Option<&'static str>,
    /// What absence means where that is not a number, as JSON writes it without quotes.
    pub default: Option<&'static str>,
    /// Where ECS asks for it, though the API's model does not.
    pub needed_on: Platforms,
    /// Where it is refused or ignored.
    pub not_on: Platforms,
}

/// Launch types and operating systems.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Platforms(pub(super) u8);

impl Platforms {
    pub const FARGATE: Platforms = Platforms(1);
    pub const EC2: Platforms = Platforms(2);
    pub const EXTERNAL: Platforms = Platforms(4);
    pub const MANAGED_INSTANCES: Platforms = Platforms(8);
    pub const LINUX: Platforms = Platforms(16);
    pub const WINDOWS: Platforms = Platforms(32);

    pub const EVERY_LAUNCH_TYPE: Platforms = Platforms(15);

    /// Each launch type with the name that users know it by.
    pub const LAUNCH_TYPES: [(Platforms, &'static str); 4] = [
        (Platforms::FARGATE, "Fargate"),
        (Platforms::EC2, "EC2"),
        (Platforms::EXTERNAL, "ECS Anywhere"),
        (Platforms::MANAGED_INSTANCES, "Managed Instances"),
    ];

    /// Whether all of `others` are among these.
    pub const fn has(self, others: Platforms) -> bool {
        self.0 & others.0 == others.0
    }

    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    #[must_use]
    pub const fn and(self, others: Platforms) -> Platforms {
        Platforms(self.0 | others.0)
    }
}

impl FieldNotes {
    const NONE: FieldNotes =
        FieldNotes { unit: None, default: None, needed_on: Platforms(0), not_on: Platforms(0) };
}

/// What is known of a field of a structure.
pub fn field_notes(shape: &str, field: &str) -> FieldNotes {
    let wanted = || shape.bytes().chain([b'.']).chain(field.bytes());
    tables::FIELD_NOTES
        .binary_search_by(|(name, _)| name.bytes().cmp(wanted()))
        .map_or(FieldNotes::NONE, |at| tables::FIELD_NOTES[at].1)
}

/// Fields of a structure of which it takes no more than one; empty where there are none.
pub fn exclusive_fields(shape: &str) -> &'static [&'static str] {
    tables::EXCLUSIVE_FIELDS.iter().find(|(known, _)| *known == shape).map_or(&[], |(_, fields)| fields)
}

/// The names that `properties` of an App Mesh proxy have.
pub fn proxy_properties() -> &'static [&'static str] {
    tables::PROXY_PROPERTIES
}

/// Options of a driver that takes others, too; empty for an unknown one.
pub fn open_log_options(driver: &str) -> &'static [&'static str] {
    tables::OPEN_LOG_OPTIONS.iter().find(|(known, _)| *known == driver).map_or(&[], |(_, options)| options)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_are_found() {
        let root = "RegisterTaskDefinitionRequest";
        assert_eq!(field_notes("HealthCheck", "interval").unit, Some("seconds"));
        assert!(field_notes(root, "cpu").needed_on.has(Platforms::FARGATE));
        assert_eq!(field_notes("Secret", "name"), FieldNotes::NONE);
        let privileged = field_notes("ContainerDefinition", "privileged").not_on;
        assert!(privileged.has(Platforms::FARGATE.and(Platforms::WINDOWS)));
        assert!(!privileged.has(Platforms::EC2));
        assert!(exclusive_fields("Volume").contains(&"host"));
        assert!(open_log_options("json-file").contains(&"max-size"));
    }
}
