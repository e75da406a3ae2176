//! The shapes of RegisterTaskDefinition's input, and of inputs that refer to a task definition:
//! structures, fields, types, values, limits.

use super::tables;

/// A structure of the ECS API.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shape {
    pub name: &'static str,
    pub fields: &'static [Field],
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Field {
    pub name: &'static str,
    /// By the API's model; the service asks for more.
    pub required: bool,
    pub field_type: FieldType,
    pub limits: Limits,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum FieldType {
    String,
    /// The only values it takes; case counts.
    Enum(&'static [&'static str]),
    Integer,
    Number,
    Boolean,
    List(&'static FieldType),
    /// Names to strings.
    Map,
    /// Any JSON.
    Document,
    /// The name of another shape.
    Structure(&'static str),
}

/// Limits, numbers in the unit of the field; `None` where there is none.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    pub min: Option<i64>,
    pub max: Option<i64>,
    pub default: Option<i64>,
    /// Of a string, in characters.
    pub max_length: Option<i64>,
    /// Of a list.
    pub max_items: Option<i64>,
}

/// Fields that only `describe-task-definition` writes, and `register-task-definition` refuses.
pub const READ_ONLY_FIELDS: [&str; 9] = [
    "taskDefinitionArn",
    "revision",
    "status",
    "requiresAttributes",
    "compatibilities",
    "registeredAt",
    "registeredBy",
    "deregisteredAt",
    "deleteRequestedAt",
];

/// Fields that only `describe-services` writes, and no input takes.
pub const READ_ONLY_SERVICE_FIELDS: [&str; 14] = [
    "serviceArn",
    "clusterArn",
    "status",
    "runningCount",
    "pendingCount",
    "platformFamily",
    "taskSets",
    "deployments",
    "events",
    "createdAt",
    "createdBy",
    "roleArn",
    "currentServiceDeployment",
    "currentServiceRevisions",
];

/// The field that only `describe-daemon-task-definition` writes, and that tells its answer.
pub const DAEMON_ARN: &str = "daemonTaskDefinitionArn";

/// The structures of a task definition.
pub fn shapes() -> &'static [Shape] {
    tables::SHAPES
}

/// The structures of services, of running tasks, and of daemon task definitions.
pub fn other_shapes() -> &'static [Shape] {
    tables::OTHER_SHAPES
}

pub fn shape(name: &str) -> Option<&'static Shape> {
    let find = |shapes: &'static [Shape]| {
        shapes.binary_search_by(|shape| shape.name.cmp(name)).ok().map(|at| &shapes[at])
    };
    find(tables::SHAPES).or_else(|| find(tables::OTHER_SHAPES))
}

/// Whether it is a structure of a task definition, maybe of other inputs as well.
pub fn is_task_shape(name: &str) -> bool {
    tables::SHAPES.binary_search_by(|shape| shape.name.cmp(name)).is_ok()
}

/// The input of an operation that is not RegisterTaskDefinition: `CreateService`, `RunTask`.
pub fn input_shape(operation: &str) -> Option<&'static Shape> {
    tables::OTHER_SHAPES.iter().find(|shape| shape.name.strip_suffix("Request") == Some(operation))
}

/// The whole input.
pub fn task_definition_shape() -> &'static Shape {
    shape(tables::TASK_DEFINITION).unwrap_or(&tables::SHAPES[0])
}

/// Fields that ECS asks for in a structure though the API's model does not say so; `of_services` where it belongs to a
/// service or to a task to run alone.
pub fn required_by_ecs(shape: &str, of_services: bool) -> &'static [&'static str] {
    let rows = if of_services { tables::REQUIRED_OF_SERVICES } else { tables::REQUIRED_OF_TASKS };
    rows.iter().find(|(known, _)| *known == shape).map_or(&[], |(_, fields)| fields)
}

/// The structures that have a field of that name.
pub fn shapes_with_field(field: &str) -> impl Iterator<Item = &'static Shape> {
    tables::SHAPES.iter().filter(move |shape| shape.field(field).is_some())
}

impl Shape {
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.name == name)
    }
}

impl FieldType {
    /// The JSON type of its values.
    pub const fn json_type(&self) -> &'static str {
        match self {
            FieldType::Document => "value",
            FieldType::String | FieldType::Enum(_) => "string",
            FieldType::Integer | FieldType::Number => "number",
            FieldType::Boolean => "boolean",
            FieldType::List(_) => "array",
            FieldType::Map | FieldType::Structure(_) => "object",
        }
    }

    /// The structure of its values or of its items.
    pub fn structure(&self) -> Option<&'static Shape> {
        match self {
            FieldType::Structure(name) => shape(name),
            FieldType::List(item) => item.structure(),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shape_that_is_named_is_there() {
        let root = task_definition_shape();
        assert!(root.field("containerDefinitions").is_some());
        assert_eq!(root.field("cpu").map(|field| field.field_type), Some(FieldType::String));
        for shape in shapes().iter().chain(other_shapes()) {
            for field in shape.fields {
                let mut field_type = &field.field_type;
                while let FieldType::List(item) = field_type {
                    field_type = item;
                }
                if let FieldType::Structure(name) = field_type {
                    assert!(super::shape(name).is_some(), "{}.{} is a {name}", shape.name, field.name);
                }
            }
        }
        let interval = shape("HealthCheck").and_then(|shape| shape.field("interval")).unwrap();
        assert_eq!((interval.limits.min, interval.limits.max), (Some(5), Some(300)));
        let key = shape("Tag").and_then(|shape| shape.field("key")).unwrap();
        assert_eq!((key.limits.max, key.limits.max_length), (None, Some(128)));
        let tags = root.field("tags").map(|field| field.limits.max_items);
        assert_eq!(tags, Some(Some(50)));
        for operation in
            ["CreateService", "UpdateService", "RunTask", "StartTask", "RegisterDaemonTaskDefinition"]
        {
            assert!(input_shape(operation).is_some(), "{operation}");
        }
    }
}
