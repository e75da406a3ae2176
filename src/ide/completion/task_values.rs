//! Values in task definitions: enumerations, sizes, and names that the task definition itself gives.

use super::{At, Item, ItemKind, condition_values};
use crate::catalog::{self, FieldType};
use crate::host::value::Value;
use crate::ide::task_shape;
use crate::model::TaskDefinition;

/// What Docker lets be added and dropped, without `CAP_`; `ALL` stands for every one.
const CAPABILITIES: [&str; 38] = [
    "ALL",
    "AUDIT_CONTROL",
    "AUDIT_WRITE",
    "BLOCK_SUSPEND",
    "CHOWN",
    "DAC_OVERRIDE",
    "DAC_READ_SEARCH",
    "FOWNER",
    "FSETID",
    "IPC_LOCK",
    "IPC_OWNER",
    "KILL",
    "LEASE",
    "LINUX_IMMUTABLE",
    "MAC_ADMIN",
    "MAC_OVERRIDE",
    "MKNOD",
    "NET_ADMIN",
    "NET_BIND_SERVICE",
    "NET_BROADCAST",
    "NET_RAW",
    "SETFCAP",
    "SETGID",
    "SETPCAP",
    "SETUID",
    "SYS_ADMIN",
    "SYS_BOOT",
    "SYS_CHROOT",
    "SYS_MODULE",
    "SYS_NICE",
    "SYS_PACCT",
    "SYS_PTRACE",
    "SYS_RAWIO",
    "SYS_RESOURCE",
    "SYS_TIME",
    "SYS_TTY_CONFIG",
    "SYSLOG",
    "WAKE_ALARM",
];

pub(super) fn complete(at: &At<'_>) -> Vec<Item> {
    let Some(here) = task_shape::at(at.place) else { return Vec::new() };
    let names = at.place.names();
    let (shape, field) = match here.field {
        Some((shape, field)) => (shape.name, field.name),
        None => return Vec::new(),
    };
    match (shape, field) {
        ("RegisterTaskDefinitionRequest", "cpu") => cpu(at),
        ("RegisterTaskDefinitionRequest", "memory") => memory(at),
        ("ContainerDependency", "containerName") | ("VolumeFrom", "sourceContainer") => containers(at, true),
        ("ContainerDefinition", "links") => containers(at, true),
        ("ProxyConfiguration", "containerName") => containers(at, false),
        ("MountPoint", "sourceVolume") => volumes(at),
        ("KernelCapabilities", "add") if task(at).is_some_and(|it| it.launch_types().fargate) => {
            vec![at.writing.value(ItemKind::Value, "SYS_PTRACE", "the only one on Fargate")]
        }
        ("KernelCapabilities", "add" | "drop") => {
            CAPABILITIES.iter().map(|name| at.writing.value(ItemKind::Value, *name, "")).collect()
        }
        ("LogConfiguration", "logDriver") => log_drivers(at),
        ("LogConfiguration", "options") => match names.last() {
            Some(&"awslogs-region") => condition_values::regions(at),
            Some(&"awslogs-create-group") => words(at, &["true", "false"]),
            Some(&"mode") => words(at, &["non-blocking", "blocking"]),
            _ => Vec::new(),
        },
        _ => match here.field_type {
            FieldType::Enum(values) => words(at, values),
            FieldType::Boolean if !at.writing.typed.opened => {
                ["true", "false"].map(|word| Item::new(ItemKind::Value, word, "", word.to_string())).into()
            }
            _ => Vec::new(),
        },
    }
}

fn words(at: &At<'_>, words: &[&'static str]) -> Vec<Item> {
    words.iter().map(|word| at.writing.value(ItemKind::Value, *word, "")).collect()
}

fn task<'a>(at: &At<'a>) -> Option<TaskDefinition<'a>> {
    TaskDefinition::of(&at.place.document)
}

/// A member of the task definition as text, be it a string or a number.
fn written(at: &At<'_>, field: &str) -> Option<String> {
    match task(at)?.get(field)? {
        Value::String(string) => Some(string.text.to_string()),
        Value::Number(number) => Some(number.text.to_string()),
        _ => None,
    }
}

fn cpu(at: &At<'_>) -> Vec<Item> {
    let memory = written(at, "memory").and_then(|text| catalog::parse_memory(&text));
    catalog::fargate_sizes()
        .iter()
        .zip(0..)
        .map(|(size, index)| {
            let fits = memory.is_none_or(|memory| size.memory.contains(&memory));
            let detail = format!("{} vCPU, {} of memory", f64::from(size.cpu) / 1024.0, range(size.memory));
            at.writing
                .value(ItemKind::Value, size.cpu.to_string(), detail)
                // By size, not by the first digit.
                .ranked(if fits { index } else { index + 100 })
        })
        .collect()
}

fn memory(at: &At<'_>) -> Vec<Item> {
    let cpu = written(at, "cpu").and_then(|text| catalog::parse_cpu(&text));
    let sizes: Vec<u32> = match cpu.and_then(catalog::fargate_size) {
        Some(size) => size.memory.to_vec(),
        None => {
            let mut all: Vec<u32> =
                catalog::fargate_sizes().iter().flat_map(|size| size.memory).copied().collect();
            all.sort_unstable();
            all.dedup();
            all
        }
    };
    // By size, not by the first digit.
    sizes
        .iter()
        .enumerate()
        .map(|(index, size)| {
            at.writing
                .value(ItemKind::Value, size.to_string(), gibibytes(*size))
                .ranked(index.min(usize::from(u8::MAX)) as u8)
        })
        .collect()
}

pub(crate) fn gibibytes(mebibytes: u32) -> String {
    format!("{} GiB", f64::from(mebibytes) / 1024.0)
}

/// `0.5 GiB to 2 GiB`.
pub(crate) fn range(sizes: &[u32]) -> String {
    match sizes {
        [] => String::new(),
        [only] => gibibytes(*only),
        [first, .., last] => format!("{} to {}", gibibytes(*first), gibibytes(*last)),
    }
}

/// The containers of the task; without the one around the cursor where that makes no sense.
fn containers(at: &At<'_>, others: bool) -> Vec<Item> {
    let own = at.place.unit(at.offset).map(|unit| unit.base).filter(|_| others);
    let Some(task) = task(at) else { return Vec::new() };
    task.containers()
        .filter(|(base, _)| Some(*base) != own)
        .filter_map(|(_, container)| {
            let name = container.name().filter(|name| !name.text.is_empty())?;
            let image = container.image().map(|image| image.text.to_string()).unwrap_or_default();
            Some(at.writing.value(ItemKind::Reference, name.text.to_string(), image))
        })
        .collect()
}

fn volumes(at: &At<'_>) -> Vec<Item> {
    let Some(head) = at.place.document.object() else { return Vec::new() };
    head.items("volumes")
        .iter()
        .filter_map(Value::as_object)
        .filter_map(|volume| volume.string("name"))
        .filter(|name| !name.text.is_empty())
        .map(|name| at.writing.value(ItemKind::Reference, name.text.to_string(), "volume"))
        .collect()
}

fn log_drivers(at: &At<'_>) -> Vec<Item> {
    let types = task(at).map(|task| task.launch_types()).unwrap_or_default();
    let launch_type = if types.fargate {
        "FARGATE"
    } else if types.managed_instances && !types.ec2 {
        "MANAGED_INSTANCES"
    } else {
        "EC2"
    };
    words(at, catalog::log_drivers(launch_type))
}
