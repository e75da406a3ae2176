//! Task definitions: the document around the container definitions.

use super::Container;
use crate::catalog::Platform;
use crate::host::value::{Object, StringValue, Value};
use crate::host::{Document, DocumentKind, Form, Naming};

/// A view of a task definition, or of a bare array of container definitions.
#[derive(Debug, Clone, Copy)]
pub struct TaskDefinition<'a> {
    pub document: &'a Document,
    /// The members beside `containerDefinitions`, spans in the file; `None` for a bare array.
    pub head: Option<&'a Object>,
}

/// What a container definition's rules may know of the task around it. Findings of a container are
/// kept as long as the container and this stay the same, so it holds as little as possible.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskContext {
    /// Whether the task definition around the containers is there to be judged; for a bare array it
    /// is not, and nothing may be concluded from what is absent.
    pub whole: bool,
    /// Whether it is no more than an excerpt, as documentation shows: without a family, and with
    /// containers that have neither name nor image; or a skeleton of which nothing is filled in yet. Then
    /// it is not whole either.
    pub excerpt: bool,
    pub launch_types: LaunchTypes,
    pub network_mode: NetworkMode,
    pub operating_system: OperatingSystem,
    pub execution_role: ExecutionRole,
    /// Whether the task states its `memory` (or a template fills it in).
    pub task_memory: bool,
    /// Whether it is what `describe-task-definition` prints, not what was written for registration.
    pub described: bool,
    /// Whether it is a daemon task definition, whose structures are others.
    pub daemon: bool,
    /// How the file spells its fields. Terraform reads the containers before AWS does, and drops what it
    /// does not know.
    pub naming: Naming,
}

/// `requiresCompatibilities`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LaunchTypes {
    pub fargate: bool,
    pub ec2: bool,
    pub external: bool,
    pub managed_instances: bool,
    /// Whether any is stated at all. Where none is, the task may run on any that accepts it.
    pub stated: bool,
    /// Whether some are filled in later.
    pub unknown: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NetworkMode {
    /// Not stated: `bridge` on Linux, `default` on Windows.
    Absent,
    Awsvpc,
    Bridge,
    Host,
    None,
    Default,
    /// A placeholder or something AWS does not know.
    Other,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OperatingSystem {
    Linux,
    Windows,
    /// A placeholder.
    Unknown,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExecutionRole {
    Present,
    Absent,
    /// The task definition is not there to be judged.
    Unknown,
}

impl LaunchTypes {
    /// Fargate is among them, so what Fargate refuses cannot be registered.
    pub fn includes_fargate(self) -> bool {
        self.fargate
    }

    pub fn includes(self, platform: Platform) -> bool {
        match platform {
            Platform::Fargate => self.fargate,
            Platform::Ec2 => self.ec2,
            Platform::External => self.external,
            Platform::ManagedInstances => self.managed_instances,
            Platform::Windows => false,
            Platform::Any => true,
        }
    }
}

impl TaskContext {
    /// Whether the task is to run on that platform, as far as it says so.
    pub fn is_for(&self, platform: Platform) -> bool {
        match platform {
            Platform::Windows => self.operating_system == OperatingSystem::Windows,
            other => self.launch_types.includes(other),
        }
    }
}

impl TaskContext {
    /// Whether Terraform reads the containers before AWS does: it drops what it does not know.
    pub fn is_read_by_terraform(&self) -> bool {
        self.naming == Naming::TerraformTask
    }
}

impl<'a> TaskDefinition<'a> {
    /// `None` where the document is none.
    pub fn of(document: &'a Document) -> Option<TaskDefinition<'a>> {
        document.kind.is_task().then(|| TaskDefinition { document, head: document.object() })
    }

    pub fn get(&self, field: &str) -> Option<&'a Value> {
        self.head?.get(field)
    }

    /// Whether a condition chooses some of the containers: they may not be there together.
    pub fn containers_are_chosen(&self) -> bool {
        let units = self.document.units.iter().map(|placed| &placed.unit.value);
        units.into_iter().any(|unit| unit.is_unknown() && unit.span().is_empty())
    }

    /// The container definitions that are objects, each with the base of its spans.
    pub fn containers(&self) -> impl Iterator<Item = (u32, Container<'a>)> + use<'a> {
        self.document
            .units
            .iter()
            .filter_map(|placed| Some((placed.base, Container { object: placed.unit.value.as_object()? })))
    }

    pub fn launch_types(&self) -> LaunchTypes {
        let mut types = LaunchTypes::default();
        let Some(value) = self.get("requiresCompatibilities") else { return types };
        for item in value.one_or_many() {
            types.stated = true;
            match item.as_string().map(|string| &*string.text) {
                Some("FARGATE") => types.fargate = true,
                Some("EC2") => types.ec2 = true,
                Some("EXTERNAL") => types.external = true,
                Some("MANAGED_INSTANCES") => types.managed_instances = true,
                Some(_) if !item.as_string().is_some_and(StringValue::has_unknown) => {}
                _ => types.unknown = true,
            }
        }
        types
    }

    pub fn network_mode(&self) -> NetworkMode {
        if self.head.is_none() {
            return NetworkMode::Other;
        }
        match self.get("networkMode") {
            None | Some(Value::Null(_)) => NetworkMode::Absent,
            Some(Value::String(string)) => match &*string.text {
                "awsvpc" => NetworkMode::Awsvpc,
                "bridge" => NetworkMode::Bridge,
                "host" => NetworkMode::Host,
                "none" => NetworkMode::None,
                "default" => NetworkMode::Default,
                _ => NetworkMode::Other,
            },
            Some(_) => NetworkMode::Other,
        }
    }

    pub fn operating_system(&self) -> OperatingSystem {
        let family = self
            .get("runtimePlatform")
            .and_then(Value::as_object)
            .and_then(|platform| platform.get("operatingSystemFamily"));
        match family {
            None => OperatingSystem::Linux,
            Some(Value::String(string)) if !string.has_unknown() => {
                if string.text.starts_with("WINDOWS") {
                    OperatingSystem::Windows
                } else {
                    OperatingSystem::Linux
                }
            }
            Some(_) => OperatingSystem::Unknown,
        }
    }

    pub fn execution_role(&self) -> ExecutionRole {
        match (self.head, self.get("executionRoleArn")) {
            (None, _) => ExecutionRole::Unknown,
            (_, None | Some(Value::Null(_))) => ExecutionRole::Absent,
            (_, Some(Value::String(string))) if string.text.is_empty() => ExecutionRole::Absent,
            _ => ExecutionRole::Present,
        }
    }

    /// Whether RegisterDaemonTaskDefinition takes it, not RegisterTaskDefinition.
    pub fn is_daemon(&self) -> bool {
        matches!(self.document.form, Form::Daemon | Form::DescribedDaemon)
    }

    /// Whether a family is made up where none is written, as CloudFormation does.
    pub fn is_named_by_template(&self) -> bool {
        self.document.naming == Naming::CloudFormation
    }

    pub fn context(&self) -> TaskContext {
        match self.document.around.as_deref().and_then(Value::as_object) {
            Some(around) => TaskDefinition { head: Some(around), ..*self }.context_of(true),
            None => self.context_of(self.document.kind == DocumentKind::TaskDefinition),
        }
    }

    fn context_of(&self, is_task: bool) -> TaskContext {
        let is_blank = |text: Option<&StringValue>| text.is_some_and(|text| text.text.is_empty());
        // As `aws ecs register-task-definition --generate-cli-skeleton` prints it: nothing is filled in yet.
        let skeleton = !self.document.units.is_empty()
            && is_blank(self.head.and_then(|head| head.string("family")))
            && self.containers().all(|(_, it)| is_blank(it.name()));
        let excerpt = !self.document.is_whole()
            || skeleton
            || !self.document.units.is_empty()
                && !self.is_named_by_template()
                && self.head.is_none_or(|head| !head.has("family"))
                && self.containers().all(|(_, it)| !it.object.has("name") && !it.object.has("image"));
        TaskContext {
            whole: is_task && !excerpt,
            excerpt,
            launch_types: self.launch_types(),
            network_mode: self.network_mode(),
            operating_system: self.operating_system(),
            execution_role: self.execution_role(),
            task_memory: self.get("memory").is_some_and(|value| !matches!(value, Value::Null(_))),
            described: matches!(
                self.document.form,
                Form::Described | Form::DescribedAndWrapped | Form::DescribedDaemon
            ),
            daemon: self.is_daemon(),
            naming: self.document.naming,
        }
    }
}
