//! Values in task definitions: enumerations, sizes, names that the task definition itself gives, and whole
//! structures.

use super::skeleton::{Renderer, Skeleton};
use super::task_skeletons::{self, Known};
use super::templates::{self, TakenFrom};
use super::{At, Item, ItemKind, arns, condition_values};
use crate::catalog::{self, FieldType, Platforms};
use crate::host::value::Value;
use crate::host::{Placed, Target};
use crate::ide::place::{Notation, Step};
use crate::ide::{prose, task_shape};
use crate::model::{Container, TaskDefinition};

pub(super) fn complete(at: &At<'_>) -> Vec<Item> {
    let Some(here) = task_shape::at(at.place) else { return Vec::new() };
    match here.field_type {
        FieldType::Structure(name) => {
            return structures(at, name, here.not_on, false);
        }
        FieldType::List(FieldType::Structure(name)) if !at.writing.typed.opened => {
            return structures(at, name, here.not_on, true);
        }
        _ => {}
    }
    let Some((shape, field)) = here.field else { return Vec::new() };
    match (shape.name, field.name) {
        ("RegisterTaskDefinitionRequest", "cpu") => cpu(at),
        ("RegisterTaskDefinitionRequest", "memory") => memory(at),
        ("RegisterTaskDefinitionRequest", "taskRoleArn" | "executionRoleArn") => roles(at, field.name),
        ("RegisterTaskDefinitionRequest", "networkMode") => network_modes(at, here.field),
        ("ContainerDefinition", "image") => images(at),
        (request, "taskDefinition") if request.ends_with("Request") => {
            templates::yields(at, &[TakenFrom::Arn("ecs", "task-definition"), TakenFrom::Parameter])
        }
        (request, "cluster") if request.ends_with("Request") => templates::yields(
            at,
            &[TakenFrom::Name("cluster"), TakenFrom::Arn("ecs", "cluster"), TakenFrom::Parameter],
        ),
        ("LoadBalancer", "targetGroupArn") => templates::yields(
            at,
            &[TakenFrom::Arn("elasticloadbalancing", "targetgroup"), TakenFrom::Parameter],
        ),
        ("Secret", "valueFrom") => secrets(at),
        ("RepositoryCredentials" | "FSxWindowsFileServerAuthorizationConfig", "credentialsParameter") => {
            patterns(at, "wholeSecret")
        }
        ("EnvironmentFile", "value") => patterns(at, "environmentFile"),
        ("ContainerDependency", "containerName") | ("VolumeFrom", "sourceContainer") => containers(at, true),
        ("ContainerDefinition", "links") => containers(at, true),
        ("ProxyConfiguration", "containerName") => containers(at, false),
        ("MountPoint", "sourceVolume") => volumes(at),
        ("LoadBalancer" | "ServiceRegistry", "containerName") | ("ContainerOverride", "name") => {
            of_task(at, "containerName")
        }
        ("LoadBalancer" | "ServiceRegistry", "containerPort") => of_task(at, "containerPort"),
        ("ServiceConnectService", "portName") => of_task(at, "portName"),
        ("ServiceVolumeConfiguration" | "TaskVolumeConfiguration", "name") => of_task(at, "name"),
        ("KernelCapabilities", "add" | "drop") => {
            taken(at, here.field, catalog::container_values("capabilities"))
        }
        ("KeyValuePair", "name")
            if here.outer.is_some_and(|(shape, _)| shape.name == "ProxyConfiguration") =>
        {
            words(at, here.outer, catalog::proxy_properties())
        }
        ("LogConfiguration", "logDriver") => log_drivers(at),
        ("HealthCheck", "command") => {
            if is_first_item(at) {
                words(at, None, &["CMD", "CMD-SHELL", "NONE"])
            } else {
                Vec::new()
            }
        }
        (_, _) if field.field_type == FieldType::Map => option_values(at),
        _ => match here.field_type {
            FieldType::Enum(values) => taken(at, here.field, values),
            FieldType::Boolean => ["true", "false"]
                .map(|word| {
                    let mut item = Item::new(ItemKind::Value, word, "", word.to_string());
                    item.is_bare = true;
                    item
                })
                .into(),
            _ => Vec::new(),
        },
    }
}

fn enum_values(field_type: &FieldType) -> &'static [&'static str] {
    match field_type {
        FieldType::Enum(values) => values,
        _ => &[],
    }
}

/// Whether nothing stands before the cursor in a container's health check.
fn is_first_item(at: &At<'_>) -> bool {
    let first = at.place.unit(at.offset).and_then(|unit| {
        let check = unit.unit.value.as_object()?.object("healthCheck")?;
        Some(check.items("command").first()?.span().shifted(unit.base))
    });
    first.is_none_or(|first| at.offset <= first.end)
}

/// Strings, each with what it means as a value of a field.
fn words(at: &At<'_>, of: Option<task_shape::OfShape>, words: &[&'static str]) -> Vec<Item> {
    words
        .iter()
        .map(|word| {
            let about = of.and_then(|(shape, field)| prose::task_value(shape.name, field.name, word));
            let usual = catalog::usual_place("values", word).map_or(60, |it| it as u16);
            at.writing.value(ItemKind::Value, *word, "").about(about).ranked(usual)
        })
        .collect()
}

/// Values of an option of a log driver or log router.
fn option_values(at: &At<'_>) -> Vec<Item> {
    let Some(Step::Member(option)) = at.place.path.last() else { return Vec::new() };
    match option.as_str() {
        "awslogs-region" | "region" => {
            let mut items = condition_values::regions(at);
            let is_template =
                at.place.document.owner.as_ref().is_some_and(|it| it.resource_type.contains("::"));
            if is_template && at.place.notation == Notation::Yaml && !at.writing.typed.opened {
                let region = "!Ref AWS::Region";
                items.push(Item::new(
                    ItemKind::Reference,
                    region,
                    "the Region of the stack",
                    region.to_string(),
                ));
            }
            items
        }
        "awslogs-group" => templates::yields(at, &[TakenFrom::Name("logGroup")]),
        "awslogs-create-group" | "auto_create_group" | "enable-ecs-log-metadata" => {
            words(at, None, &["true", "false"])
        }
        "mode" => words(at, None, &["non-blocking", "blocking"]),
        "config-file-type" if Known::of(at).platforms.has(Platforms::FARGATE) => words(at, None, &["file"]),
        "config-file-type" => words(at, None, &["file", "s3"]),
        "awslogs-datetime-format" => words(at, None, &["%Y-%m-%dT%H:%M:%S"]),
        _ => Vec::new(),
    }
}

/// Whole structures; `in_list`: in a list of their own.
fn structures(at: &At<'_>, name: &'static str, not_on: Platforms, in_list: bool) -> Vec<Item> {
    if at.writing.typed.opened {
        return Vec::new();
    }
    let known = Known::of(at);
    let whole = match name {
        name if name.ends_with("Request") && name != catalog::task_definition_shape().name => {
            return Vec::new();
        }
        "Volume" => task_skeletons::volumes(&known),
        _ => vec![(
            catalog::structure_title(name),
            Platforms::default(),
            task_skeletons::of_structure(name, &known),
        )],
    };
    let places = at.writing.options.snippets;
    whole
        .into_iter()
        .filter(|(_, platforms, _)| known.is_refused(not_on.and(*platforms)).is_none())
        .map(|(title, _, skeleton)| {
            let skeleton = if in_list { Skeleton::List(vec![skeleton]) } else { skeleton };
            let insert = Renderer::new(at.writing, places).value(&skeleton);
            let mut item = Item::new(ItemKind::Snippet, title, "", insert);
            item.is_snippet = places;
            item
        })
        .collect()
}

/// The forms that a kind of value takes.
fn patterns(at: &At<'_>, of: &str) -> Vec<Item> {
    // What is typed of an ARN stays.
    if at.writing.typed.before.starts_with("arn:") {
        let forms = catalog::value_formats(of).iter();
        return arns::items(at, forms.map(|(form, detail)| (*form, detail.to_string())), "");
    }
    let known = Known::of(at);
    catalog::value_formats(of)
        .iter()
        .zip(0..)
        .map(|((pattern, detail), rank)| {
            at.writing.pattern(ItemKind::Format, &known.filled(pattern), *detail, "").ranked(rank)
        })
        .collect()
}

/// ARNs of secrets and parameters; secrets that the task uses already first.
fn secrets(at: &At<'_>) -> Vec<Item> {
    let used = task(at).into_iter().flat_map(|task| task.containers()).flat_map(|(_, container)| {
        let secrets = container.object.items("secrets").iter().filter_map(Value::as_object);
        secrets.filter_map(|secret| secret.string("valueFrom"))
    });
    let mut items: Vec<Item> = Vec::new();
    for from in used.filter(|from| from.text.starts_with("arn:") && !from.has_unknown()) {
        // Without the key and the version.
        let end = from.text.match_indices(':').nth(6).map_or(from.text.len(), |(at, _)| at);
        let arn = &from.text[..end];
        if Some(arn) != at.place.token.as_ref().map(|token| token.text.as_str())
            && items.iter().all(|item| item.label != arn)
        {
            items.push(at.writing.value(
                ItemKind::Reference,
                arn.to_string(),
                "used in this task definition",
            ));
        }
    }
    items.extend(templates::yields(
        at,
        &[
            TakenFrom::Arn("secretsmanager", "Secret"),
            TakenFrom::Arn("ssm", "parameter"),
            TakenFrom::Parameter,
        ],
    ));
    items.extend(patterns(at, "secret").into_iter().map(|item| {
        let rank = item.rank + 3;
        item.ranked(rank)
    }));
    items
}

/// ARNs of roles, and the roles of the same template or module.
fn roles(at: &At<'_>, field: &str) -> Vec<Item> {
    let mut items = patterns(at, if field == "executionRoleArn" { "executionRole" } else { "role" });
    items.iter_mut().for_each(|item| item.rank += 2);
    items.extend(templates::yields(at, &[TakenFrom::Arn("iam", "role"), TakenFrom::Parameter]));
    items
}

fn images(at: &At<'_>) -> Vec<Item> {
    let mut items = templates::yields(at, &[TakenFrom::Repository, TakenFrom::Parameter]);
    items.extend(patterns(at, "image").into_iter().map(|item| {
        let rank = item.rank + 2;
        item.ranked(rank)
    }));
    items
}

/// The network modes that every launch type at hand takes.
fn network_modes(at: &At<'_>, of: Option<task_shape::OfShape>) -> Vec<Item> {
    let is_fargate = Known::of(at).platforms.has(Platforms::FARGATE);
    let mut items = taken(at, of, of.map_or(&[], |(_, field)| enum_values(&field.field_type)));
    items.retain(|item| !is_fargate || item.label == "awsvpc");
    items
}

/// The strings among some that every platform at hand takes.
fn taken(at: &At<'_>, of: Option<task_shape::OfShape>, all: &'static [&'static str]) -> Vec<Item> {
    let known = Known::of(at);
    let mut items = words(at, of, all);
    if let Some((shape, field)) = of {
        items.retain(|item| !known.refuses_value(shape.name, field.name, &item.label));
    }
    items
}

/// The task definitions that a service may mean: those of its file.
fn tasks<'a>(at: &At<'a>) -> impl Iterator<Item = TaskDefinition<'a>> {
    let target = at.place.document.references.iter().find(|it| &*it.field == "taskDefinition");
    at.file.report.documents.iter().filter_map(TaskDefinition::of).filter(move |task| {
        target.is_none_or(|target| {
            task.document
                .owner
                .as_ref()
                .is_some_and(|owner| matches!(&target.target, Target::Resource(name) if *name == owner.name))
        })
    })
}

/// Containers, ports or volumes of the task definition that a service runs.
fn of_task(at: &At<'_>, field: &str) -> Vec<Item> {
    let mut items = Vec::new();
    for task in tasks(at) {
        if field == "name" {
            let volumes = task.head.map_or(&[][..], |head| head.items("volumes"));
            let open = volumes
                .iter()
                .filter_map(Value::as_object)
                .filter(|volume| volume.get("configuredAtLaunch").and_then(Value::as_bool) == Some(true));
            items.extend(
                open.filter_map(|volume| volume.string("name"))
                    .map(|name| at.writing.value(ItemKind::Reference, name.text.to_string(), "volume")),
            );
            continue;
        }
        for (_, container) in task.containers() {
            let name = container.name().map(|name| name.text.to_string()).unwrap_or_default();
            if field == "containerName" {
                items.push(at.writing.value(ItemKind::Reference, name, "container"));
                continue;
            }
            for mapping in container.objects("portMappings") {
                match (field, mapping.get("containerPort"), mapping.string("name")) {
                    ("containerPort", Some(Value::Number(port)), _) if !at.writing.typed.opened => {
                        let port = port.text.to_string();
                        items.push(Item::new(ItemKind::Reference, port.clone(), name.clone(), port));
                    }
                    ("portName", _, Some(port)) => {
                        items.push(at.writing.value(
                            ItemKind::Reference,
                            port.text.to_string(),
                            name.clone(),
                        ));
                    }
                    _ => {}
                }
            }
        }
    }
    items
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

/// Fargate's sizes that Windows has, where that is asked for.
fn sizes(at: &At<'_>) -> impl Iterator<Item = &'static catalog::FargateSize> {
    let windows = Known::of(at).platforms.has(Platforms::WINDOWS);
    catalog::fargate_sizes().iter().filter(move |size| size.windows || !windows)
}

fn cpu(at: &At<'_>) -> Vec<Item> {
    let memory = written(at, "memory").and_then(|text| catalog::parse_memory(&text));
    sizes(at)
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
            let mut all: Vec<u32> = sizes(at).flat_map(|size| size.memory).copied().collect();
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
                .ranked(index.min(usize::from(u16::MAX)) as u16)
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
    let own = at.place.unit(at.offset).map(Placed::span).filter(|_| others);
    let units = at.place.document.units.iter().filter(|unit| Some(unit.span()) != own);
    units
        .filter_map(|unit| {
            let container = Container { object: unit.unit.value.as_object()? };
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

/// The drivers that every launch type at hand takes.
fn log_drivers(at: &At<'_>) -> Vec<Item> {
    let types = task(at).map(|task| task.launch_types()).unwrap_or_default();
    let asked = [
        (types.fargate, "FARGATE"),
        (types.ec2, "EC2"),
        (types.external, "EXTERNAL"),
        (types.managed_instances, "MANAGED_INSTANCES"),
    ];
    let any = asked.iter().any(|(is_asked, _)| *is_asked);
    let asked = || asked.iter().filter(|(is_asked, _)| *is_asked).map(|(_, name)| *name);
    // The longest list where none is asked for.
    let drivers = catalog::log_drivers(asked().next().unwrap_or("EC2")).iter().filter(|driver| {
        !any || asked().all(|launch_type| catalog::log_drivers(launch_type).contains(driver))
    });
    drivers
        .map(|driver| {
            let about = prose::task_value("LogConfiguration", "logDriver", driver);
            let usual = catalog::usual_place("values", driver).map_or(60, |it| it as u16);
            at.writing.value(ItemKind::Value, *driver, "").about(about).ranked(usual)
        })
        .collect()
}
