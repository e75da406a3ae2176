//! What is written for a field or a structure of a task definition that is not there yet.

use super::At;
use super::skeleton::Skeleton::{self, Boolean, Choice, Fixed, Is, List, Map, Number, Object, Options, Text};
use crate::catalog::{self, Field, FieldType, Platform, Platforms, Shape};
use crate::host::value::{Object as Written, Value};
use crate::model::{Arn, ImageName, TaskDefinition};
use std::borrow::Cow;

/// What the document tells of where it will run: what new parts of it may say.
pub(super) struct Known {
    pub partition: String,
    pub region: Option<String>,
    pub account: Option<String>,
    pub family: Option<String>,
    /// The name of the container around the cursor.
    container: Option<String>,
    /// Whether each container has to say how much memory it takes.
    needs_memory: bool,
    /// Launch types and operating systems that the task definition asks for.
    pub platforms: Platforms,
}

impl Known {
    pub(super) fn of(at: &At<'_>) -> Known {
        let mut known = Known {
            partition: "aws".to_string(),
            region: None,
            account: None,
            family: None,
            container: None,
            needs_memory: false,
            platforms: Platforms::default(),
        };
        let document = &at.place.document;
        let Some(task) = TaskDefinition::of(document) else { return known };
        for field in ["executionRoleArn", "taskRoleArn"] {
            if let Some(Value::String(role)) = task.get(field) {
                known.learn_from_arn(&role.text);
            }
        }
        for (_, container) in task.containers() {
            if known.region.is_some() && known.account.is_some() {
                break;
            }
            known.learn_from(container.object);
        }
        let plain = |text: &str| is_plain(text).then(|| text.to_string());
        known.family = task.head.and_then(|head| head.string("family")).and_then(|it| plain(&it.text));
        known.container = at
            .place
            .unit(at.offset)
            .and_then(|unit| unit.unit.value.as_object()?.string("name"))
            .and_then(|it| plain(&it.text));
        let types = task.launch_types();
        let on = |is_on: bool, platform| if is_on { platform } else { Platforms::default() };
        known.platforms = on(types.fargate, Platforms::FARGATE)
            .and(on(types.ec2, Platforms::EC2))
            .and(on(types.external, Platforms::EXTERNAL))
            .and(on(types.managed_instances, Platforms::MANAGED_INSTANCES));
        if task.operating_system() == crate::model::OperatingSystem::Windows {
            known.platforms = known.platforms.and(Platforms::WINDOWS);
        }
        known.needs_memory = task.head.is_some_and(|head| !head.has("memory")) && !types.fargate;
        known
    }

    fn learn_from(&mut self, container: &Written) {
        if let Some(image) = container.string("image")
            && let Some(ecr) = ImageName::parse(&image.text).ecr()
        {
            self.learn(ecr.region, ecr.account);
        }
        let region = container
            .object("logConfiguration")
            .and_then(|log| log.object("options"))
            .and_then(|options| options.string("awslogs-region"));
        if let Some(region) = region {
            self.learn(&region.text, "");
        }
        for secret in container.items("secrets").iter().filter_map(Value::as_object) {
            if let Some(from) = secret.string("valueFrom") {
                self.learn_from_arn(&from.text);
            }
        }
    }

    fn learn_from_arn(&mut self, text: &str) {
        if let Ok(arn) = Arn::parse(text) {
            if is_plain(arn.partition) {
                self.partition = arn.partition.to_string();
            }
            self.learn(arn.region, arn.account);
        }
    }

    fn learn(&mut self, region: &str, account: &str) {
        if self.region.is_none() && catalog::is_region(region) {
            self.region = Some(region.to_string());
        }
        if self.account.is_none() && catalog::is_account_id(account) {
            self.account = Some(account.to_string());
        }
    }

    /// A text with `${Region}`, `${Account}` and `${Partition}` filled in as far as they are known.
    pub(super) fn filled(&self, pattern: &str) -> String {
        let mut text = pattern.replace("${Partition}", &self.partition);
        if let Some(region) = &self.region {
            text = text.replace("${Region}", region);
        }
        if let Some(account) = &self.account {
            text = text.replace("${Account}", account);
        }
        text
    }

    /// Whether a value cannot be used on a platform that is asked for.
    pub(super) fn refuses_value(&self, shape: &str, field: &str, value: &str) -> bool {
        let is_asked = |platform: Platform| match platform {
            Platform::Ec2 => self.platforms.has(Platforms::EC2),
            Platform::Fargate => self.platforms.has(Platforms::FARGATE),
            Platform::External => self.platforms.has(Platforms::EXTERNAL),
            Platform::ManagedInstances => self.platforms.has(Platforms::MANAGED_INSTANCES),
            Platform::Windows => self.platforms.has(Platforms::WINDOWS),
            Platform::Any => true,
        };
        let rows = catalog::field_support(shape, field).iter();
        let mut rows = rows.filter(|row| !(row.only.is_empty() && row.not.is_empty()) && is_asked(row.on));
        rows.any(|row| !row.takes(value))
    }

    /// Whether something cannot be used on a platform that is asked for.
    pub(super) fn is_refused(&self, not_on: Platforms) -> Option<&'static str> {
        if self.platforms.has(Platforms::WINDOWS) && not_on.has(Platforms::WINDOWS) {
            return Some("not on Windows");
        }
        Platforms::LAUNCH_TYPES
            .iter()
            .find(|(platform, _)| self.platforms.has(*platform) && not_on.has(*platform))
            .map(|(_, name)| match *name {
                "Fargate" => "not on Fargate",
                "EC2" => "not on EC2",
                "ECS Anywhere" => "not on ECS Anywhere",
                _ => "not on Managed Instances",
            })
    }
}

/// What a snippet can hold without being mistaken for its own marks.
fn is_plain(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_./".contains(&byte))
}

fn text(text: &'static str) -> Skeleton {
    Text(Cow::Borrowed(text))
}

/// The value of a field.
pub(super) fn of_field(shape: &'static Shape, field: &'static Field, known: &Known) -> Skeleton {
    match (shape.name, field.name) {
        ("RegisterTaskDefinitionRequest", "requiresCompatibilities") => List(vec![text("FARGATE")]),
        ("RegisterTaskDefinitionRequest", "networkMode") if known.platforms.has(Platforms::FARGATE) => {
            text("awsvpc")
        }
        ("HealthCheck", "command") => health_command(),
        ("LogConfiguration", "options") => log_options(known),
        ("Ulimit", "name") => text("nofile"),
        ("ContainerDefinition", "repositoryCredentials") => {
            Object("RepositoryCredentials", vec![("credentialsParameter", secret_arn(known))])
        }
        ("RepositoryCredentials" | "FSxWindowsFileServerAuthorizationConfig", "credentialsParameter") => {
            secret_arn(known)
        }
        _ => of_type(&field.field_type, Some(field), known),
    }
}

fn of_type(field_type: &FieldType, field: Option<&Field>, known: &Known) -> Skeleton {
    match field_type {
        FieldType::String => Skeleton::empty(),
        // Few values are offered as a choice, many by completion.
        FieldType::Enum(values) if values.len() <= 8 => Choice(values),
        FieldType::Enum(_) => Skeleton::empty(),
        FieldType::Integer | FieldType::Number => {
            let limits = field.map(|field| field.limits);
            Number(limits.and_then(|limits| limits.default.or(limits.min)).unwrap_or(0))
        }
        FieldType::Boolean => Boolean,
        FieldType::Map | FieldType::Document => Map,
        FieldType::Structure(name) => of_structure(name, known),
        FieldType::List(item) => List(vec![match **item {
            FieldType::Structure(name) => of_structure(name, known),
            // A choice of what is to be repeated is no help.
            FieldType::Enum(_) => Skeleton::empty(),
            _ => of_type(item, None, known),
        }]),
    }
}

/// A whole structure: what it needs, and what is usual.
pub(super) fn of_structure(name: &'static str, known: &Known) -> Skeleton {
    let members: Vec<(&'static str, Skeleton)> = match name {
        "ContainerDefinition" => {
            let mut members = vec![("name", text("app")), ("image", Skeleton::empty())];
            if known.needs_memory {
                members.push(("memory", Number(512)));
            }
            members.push(("essential", Is(true)));
            members.push(("portMappings", List(vec![of_structure("PortMapping", known)])));
            members.push(("logConfiguration", of_structure("LogConfiguration", known)));
            members
        }
        "RegisterTaskDefinitionRequest" => vec![
            ("family", text("web")),
            ("requiresCompatibilities", List(vec![Fixed("FARGATE")])),
            ("networkMode", Fixed("awsvpc")),
            ("cpu", text("256")),
            ("memory", text("512")),
            ("executionRoleArn", text("arn:aws:iam::111122223333:role/web-execution")),
            ("containerDefinitions", List(vec![of_structure("ContainerDefinition", known)])),
        ],
        "HealthCheck" => vec![
            ("command", health_command()),
            ("interval", Number(30)),
            ("timeout", Number(5)),
            ("retries", Number(3)),
            ("startPeriod", Number(10)),
        ],
        "LogConfiguration" => vec![("logDriver", Fixed("awslogs")), ("options", log_options(known))],
        "PortMapping" => vec![("containerPort", Number(80)), ("protocol", Choice(&["tcp", "udp"]))],
        "Secret" => vec![("name", Skeleton::empty()), ("valueFrom", secret_arn(known))],
        "KeyValuePair" => vec![("name", Skeleton::empty()), ("value", Skeleton::empty())],
        "Tag" => vec![("key", Skeleton::empty()), ("value", Skeleton::empty())],
        "SystemControl" => vec![("namespace", Skeleton::empty()), ("value", Skeleton::empty())],
        "MountPoint" => vec![
            ("sourceVolume", Skeleton::empty()),
            ("containerPath", Skeleton::empty()),
            ("readOnly", Boolean),
        ],
        "VolumeFrom" => vec![("sourceContainer", Skeleton::empty())],
        "Ulimit" => {
            vec![("name", text("nofile")), ("softLimit", Number(65_536)), ("hardLimit", Number(65_536))]
        }
        "ResourceRequirement" => vec![("type", text("GPU")), ("value", text("1"))],
        "EnvironmentFile" => vec![("value", text("arn:aws:s3:::bucket/web.env")), ("type", Fixed("s3"))],
        "TaskDefinitionPlacementConstraint" => {
            vec![("type", Fixed("memberOf")), ("expression", Skeleton::empty())]
        }
        "RuntimePlatform" => {
            vec![("operatingSystemFamily", text("LINUX")), ("cpuArchitecture", Choice(&["X86_64", "ARM64"]))]
        }
        "ContainerRestartPolicy" => vec![("enabled", Is(true))],
        "EFSVolumeConfiguration" => {
            vec![("fileSystemId", text("fs-")), ("transitEncryption", Fixed("ENABLED"))]
        }
        "EFSAuthorizationConfig" => vec![("iam", Fixed("ENABLED"))],
        "Volume" => vec![("name", Skeleton::empty())],
        "NetworkConfiguration" => {
            vec![("awsvpcConfiguration", of_structure("AwsVpcConfiguration", known))]
        }
        "AwsVpcConfiguration" => vec![
            ("subnets", List(vec![Skeleton::empty()])),
            ("securityGroups", List(vec![Skeleton::empty()])),
            ("assignPublicIp", Choice(&["DISABLED", "ENABLED"])),
        ],
        "LoadBalancer" => vec![
            ("targetGroupArn", Skeleton::empty()),
            ("containerName", Skeleton::empty()),
            ("containerPort", Number(80)),
        ],
        "ContainerOverride" => {
            vec![("name", Skeleton::empty()), ("command", List(vec![Skeleton::empty()]))]
        }
        "Tmpfs" => vec![("containerPath", text("/tmp")), ("size", Number(64))],
        "KernelCapabilities" => vec![("drop", List(vec![text("ALL")]))],
        _ => {
            let shape = catalog::shape(name);
            let fields = shape.map_or(&[][..], |shape| shape.fields);
            let required = fields.iter().filter(|field| field.required);
            required.map(|field| (field.name, of_type(&field.field_type, Some(field), known))).collect()
        }
    };
    Object(name, members)
}

/// The kinds of volumes, each with its title.
pub(super) fn volumes(known: &Known) -> Vec<(&'static str, Platforms, Skeleton)> {
    let not_on = |field| catalog::field_notes("Volume", field).not_on;
    let volume = |kind: Option<(&'static str, Skeleton)>| {
        let mut members = vec![("name", Skeleton::empty())];
        members.extend(kind);
        Object("Volume", members)
    };
    vec![
        ("volume", Platforms::default(), volume(None)),
        (
            "EFS volume",
            not_on("efsVolumeConfiguration"),
            volume(Some(("efsVolumeConfiguration", of_structure("EFSVolumeConfiguration", known)))),
        ),
        (
            "host volume",
            catalog::field_notes("HostVolumeProperties", "sourcePath").not_on,
            volume(Some(("host", Object("HostVolumeProperties", vec![("sourcePath", Skeleton::empty())])))),
        ),
        (
            "Docker volume",
            not_on("dockerVolumeConfiguration"),
            volume(Some((
                "dockerVolumeConfiguration",
                Object("DockerVolumeConfiguration", vec![("scope", Choice(&["task", "shared"]))]),
            ))),
        ),
        ("volume configured at launch", Platforms::default(), volume(Some(("configuredAtLaunch", Is(true))))),
    ]
}

fn health_command() -> Skeleton {
    List(vec![Fixed("CMD-SHELL"), text("curl -f http://localhost/ || exit 1")])
}

fn log_options(known: &Known) -> Skeleton {
    let group = known.family.as_ref().map_or_else(|| "/ecs/web".to_string(), |it| format!("/ecs/{it}"));
    let region = known.region.clone().map_or(Skeleton::empty(), |region| Text(region.into()));
    let prefix = known.container.clone().unwrap_or_else(|| "ecs".to_string());
    Options(vec![
        ("awslogs-group", Text(group.into())),
        ("awslogs-region", region),
        ("awslogs-stream-prefix", Text(prefix.into())),
    ])
}

fn secret_arn(known: &Known) -> Skeleton {
    let region = known.region.as_deref().unwrap_or("eu-west-1");
    let account = known.account.as_deref().unwrap_or("111122223333");
    Text(format!("arn:{}:secretsmanager:{region}:{account}:secret:name", known.partition).into())
}
