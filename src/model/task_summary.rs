//! What a service may know of the task definition that it runs.

use super::{Container, LaunchTypes, NetworkMode, TaskDefinition};
use crate::host::Document;
use crate::host::value::{Object, Value};

/// A task definition, as far as services refer to its parts. Nothing of the document is borrowed, so
/// that it can be kept for other files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskSummary {
    /// `None` where it is filled in later.
    pub family: Option<Box<str>>,
    /// Its logical id or address, in a template or module.
    pub owner: Option<Box<str>>,
    /// `None` where some container is not known.
    pub containers: Option<Vec<ContainerSummary>>,
    /// Volumes that a service configures, `None` where some volume is not known.
    pub launch_volumes: Option<Vec<Box<str>>>,
    /// None is stated where some are not known.
    pub launch_types: LaunchTypes,
    pub network_mode: NetworkMode,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContainerSummary {
    pub name: Box<str>,
    /// `None` where some port is not known, or is one of a range.
    pub ports: Option<Vec<PortSummary>>,
    /// Whether it says that its root filesystem is read-only.
    pub read_only_root: bool,
    /// Whether an init process runs in it; `None` where that is not known.
    pub init_process: Option<bool>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PortSummary {
    pub container_port: i64,
    pub name: Option<Box<str>>,
}

impl TaskSummary {
    /// `None` for what is not a whole task definition.
    pub fn of(document: &Document) -> Option<TaskSummary> {
        let task = TaskDefinition::of(document)?;
        let head = task.head?;
        if !task.context().whole || task.is_daemon() {
            return None;
        }
        let is_known = document.units_span.is_some() && task.containers().count() == document.units.len();
        let containers = is_known
            .then(|| task.containers().map(|(_, container)| ContainerSummary::of(container)).collect())
            .flatten();
        // Another value may be given for the service, too.
        let rests_on_default = |field: &str| {
            let place = head.get(field).map(Value::span);
            place.is_some_and(|place| document.assumed.iter().any(|it| place.covers(it.span)))
        };
        Some(TaskSummary {
            family: head.string("family").filter(|it| !it.has_unknown()).map(|it| it.text.clone()),
            owner: document.owner.as_ref().map(|owner| owner.name.clone()),
            containers,
            launch_volumes: launch_volumes(head),
            launch_types: match task.launch_types() {
                types if types.unknown || rests_on_default("requiresCompatibilities") => {
                    LaunchTypes::default()
                }
                types => types,
            },
            network_mode: if rests_on_default("networkMode") {
                NetworkMode::Other
            } else {
                task.network_mode()
            },
        })
    }

    pub fn container(&self, name: &str) -> Option<&ContainerSummary> {
        self.containers.as_ref()?.iter().find(|container| *container.name == *name)
    }
}

impl ContainerSummary {
    /// `None` where its name is not known.
    fn of(container: Container<'_>) -> Option<ContainerSummary> {
        let name = container.name().filter(|name| !name.has_unknown())?.text.clone();
        let ports = match container.get("portMappings") {
            None | Some(Value::Null(_)) => Some(Vec::new()),
            Some(Value::Array(array)) => array.items.iter().map(port).collect(),
            Some(_) => None,
        };
        let read_only_root = container.get("readonlyRootFilesystem").and_then(Value::as_bool) == Some(true);
        let init_process = match container.get("linuxParameters") {
            None | Some(Value::Null(_)) => Some(false),
            Some(Value::Object(parameters)) => match parameters.get("initProcessEnabled") {
                None | Some(Value::Null(_)) => Some(false),
                Some(value) => value.as_bool(),
            },
            Some(_) => None,
        };
        Some(ContainerSummary { name, ports, read_only_root, init_process })
    }
}

fn port(mapping: &Value) -> Option<PortSummary> {
    let mapping = mapping.as_object()?;
    let container_port = mapping.get("containerPort")?.as_number()?.as_integer()?;
    let name = match mapping.get("name") {
        None | Some(Value::Null(_)) => None,
        Some(Value::String(name)) if !name.has_unknown() => Some(name.text.clone()),
        Some(_) => return None,
    };
    Some(PortSummary { container_port, name })
}

/// The names of the volumes with `configuredAtLaunch`.
fn launch_volumes(head: &Object) -> Option<Vec<Box<str>>> {
    match head.get("volumes") {
        None | Some(Value::Null(_)) => Some(Vec::new()),
        Some(Value::Array(array)) => {
            let mut names = Vec::new();
            for volume in &array.items {
                let volume = volume.as_object()?;
                let name = volume.string("name").filter(|name| !name.has_unknown())?;
                match volume.get("configuredAtLaunch") {
                    Some(Value::Bool(true, _)) => names.push(name.text.clone()),
                    None | Some(Value::Bool(false, _) | Value::Null(_)) => {}
                    Some(_) => return None,
                }
            }
            Some(names)
        }
        Some(_) => None,
    }
}
