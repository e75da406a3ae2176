//! Fields of task definitions: those of the structure at hand that are not there yet.

use super::skeleton::{Renderer, Skeleton};
use super::task_skeletons::{self, Known};
use super::{At, Item, ItemKind};
use crate::catalog::{self, Field, FieldType, Platforms, Shape};
use crate::host::{self, DocumentKind, Naming};
use crate::ide::place;
use crate::ide::prose;
use crate::ide::task_shape::{self, OfShape};
use std::borrow::Cow;
use std::collections::HashSet;

/// Fields whose one string is completed next.
const COMPLETED: [&str; 10] = [
    "cpu",
    "memory",
    "image",
    "taskRoleArn",
    "executionRoleArn",
    "operatingSystemFamily",
    "containerName",
    "sourceContainer",
    "sourceVolume",
    "valueFrom",
];

/// Behind everything that can be used.
const REFUSED: u16 = 200;

pub(super) fn complete(at: &At<'_>) -> Vec<Item> {
    let Some(here) = task_shape::at(at.place) else { return Vec::new() };
    match here.field_type {
        FieldType::Structure("NetworkConfiguration") if is_module_service(at) => {
            let siblings = at.siblings();
            let arguments = catalog::usual("networkArguments").iter().zip(0..);
            arguments
                .filter(|(name, _)| !siblings.contains(**name))
                .map(|(name, rank)| {
                    let value = match *name {
                        "assign_public_ip" => Skeleton::Boolean,
                        _ => Skeleton::List(vec![Skeleton::empty()]),
                    };
                    named(at, *name, "", &value, false).ranked(rank)
                })
                .collect()
        }
        FieldType::Map => here.field.map_or_else(Vec::new, |field| options(at, field)),
        FieldType::Structure(name) => {
            catalog::shape(name).map_or_else(Vec::new, |shape| of_shape(at, shape, here.not_on))
        }
        _ => Vec::new(),
    }
}

/// Whether it is a service of Terraform, which has other structures than the API's input.
fn is_module_service(at: &At<'_>) -> bool {
    at.writing.naming == Naming::TerraformTask && at.place.document.kind == DocumentKind::Service
}

/// Whether a field of a service is an argument or a block of Terraform's.
fn is_argument(shape: &Shape, field: &Field) -> bool {
    host::spelt_field(Naming::TerraformTask, shape.name, field.name).is_some()
        && !matches!(field.name, "clientToken" | "role")
        && field.field_type.structure().is_none_or(|inner| {
            inner.name == "NetworkConfiguration"
                || host::spelt_field(Naming::TerraformTask, inner.name, "x").is_some()
        })
}

/// The fields of a structure, whose own may already be refused on a platform.
pub(super) fn of_shape(at: &At<'_>, shape: &'static Shape, not_on: Platforms) -> Vec<Item> {
    let siblings = at.siblings();
    let known = Known::of(at);
    let exclusive = catalog::exclusive_fields(shape.name);
    let chosen = exclusive.iter().any(|field| siblings.contains(*field));
    let is_there = |name: &str| siblings.contains(name) || chosen && exclusive.contains(&name);
    let begun = task_skeletons::of_structure(shape.name, &known);
    let begun = begun.names();
    let is_module = is_module_service(at);
    shape
        .fields
        .iter()
        .filter(|field| !is_there(field.name) && (!is_module || is_argument(shape, field)))
        .map(|field| {
            let notes = catalog::field_notes(shape.name, field.name);
            let refused = known.is_refused(not_on.and(notes.not_on));
            let required = field.required
                || notes.needed_on.has(Platforms::EVERY_LAUNCH_TYPE)
                || notes.needed_on.has(Platforms::FARGATE) && known.platforms.has(Platforms::FARGATE);
            let mut detail = type_name(&field.field_type);
            if let Some(unit) = notes.unit {
                detail = format!("{detail}, {unit}");
            }
            let rank = match refused {
                Some(refused) => {
                    detail = format!("{detail}, {refused}");
                    REFUSED
                }
                None => {
                    // What the whole structure begins with comes in that order.
                    let whole = begun.iter().position(|name| *name == field.name).map(|it| it as u16);
                    let usual = catalog::usual_place("fields", field.name).map(|it| it as u16);
                    if required {
                        detail.push_str(", required");
                        whole.unwrap_or(usual.unwrap_or(9)).min(9)
                    } else {
                        whole.map(|it| it + 10).or(usual.map(|it| it + 20)).unwrap_or(90)
                    }
                }
            };
            let skeleton = task_skeletons::of_field(shape, field, &known);
            let goes_on = COMPLETED.contains(&field.name);
            let mut item = member(at, (shape, field), detail, skeleton)
                .ranked(rank)
                .about(prose::task_field(shape.name, field.name));
            item.goes_on = item.is_snippet && goes_on;
            item
        })
        .collect()
}

/// An item that writes a field as the host at hand does.
fn member(at: &At<'_>, (shape, field): OfShape, detail: String, skeleton: Skeleton) -> Item {
    let naming = at.writing.naming;
    // Terraform has arguments and blocks where the API has objects and lists of them.
    if naming == Naming::TerraformTask && host::spelt_field(naming, shape.name, field.name).is_some() {
        match (shape.name, field.name) {
            ("Volume", "host") => return named(at, "host_path", "string", &Skeleton::empty(), false),
            (_, "containerDefinitions") => {
                let mut item = named(at, "container_definitions", detail, &skeleton, false);
                if let Some(value) = item.insert.strip_prefix("container_definitions = ") {
                    item.insert = format!("container_definitions = jsonencode({value})");
                }
                return item;
            }
            (_, "networkConfiguration") => {
                let list = || Skeleton::List(vec![Skeleton::empty()]);
                let value = Skeleton::Options(vec![("subnets", list()), ("security_groups", list())]);
                return spelt(at, shape, field.name, detail, &value, true);
            }
            (_, "tags" | "properties") => {
                return spelt(at, shape, field.name, detail, &Skeleton::Map, false);
            }
            _ => {}
        }
        let is_block = field.field_type.structure().is_some();
        return spelt(at, shape, field.name, detail, &skeleton, is_block);
    }
    spelt(at, shape, field.name, detail, &skeleton, false)
}

fn spelt(
    at: &At<'_>,
    shape: &Shape,
    field: &'static str,
    detail: String,
    skeleton: &Skeleton,
    is_block: bool,
) -> Item {
    let name =
        host::spelt_field(at.writing.naming, shape.name, field).map_or(Cow::Borrowed(field), Cow::Owned);
    named(at, name, detail, skeleton, is_block)
}

/// An item that writes a name, and a value where there is none yet.
fn named(
    at: &At<'_>,
    name: impl Into<Cow<'static, str>>,
    detail: impl Into<Cow<'static, str>>,
    skeleton: &Skeleton,
    is_block: bool,
) -> Item {
    let name = name.into();
    let writing = at.writing;
    let places = writing.options.snippets && writing.lacks_value;
    let mut insert = writing.name(&name);
    if writing.lacks_value && skeleton.is_left_open(writing) {
        insert.push(':');
    } else if writing.lacks_value {
        insert.push_str(&Renderer::new(writing, places).behind_name(skeleton, is_block));
    }
    let mut item = Item::new(ItemKind::Field, name, detail, insert);
    item.is_snippet = places;
    item
}

/// The type in a few words.
pub(crate) fn type_name(field_type: &FieldType) -> String {
    match field_type {
        FieldType::List(item) => match **item {
            FieldType::Structure(_) => "list of objects".to_string(),
            FieldType::Integer | FieldType::Number => "list of numbers".to_string(),
            _ => "list of strings".to_string(),
        },
        FieldType::Map => "names to strings".to_string(),
        FieldType::Integer => "whole number".to_string(),
        other => other.json_type().to_string(),
    }
}

/// Options of a log driver or of a log router, as far as they are known.
fn options(at: &At<'_>, (shape, field): OfShape) -> Vec<Item> {
    let siblings: HashSet<String> = at.siblings();
    let option = |name: &'static str, detail: &'static str, about: Option<&'static str>, rank: u16| {
        named(at, name, detail, &option_value(name), false).ranked(rank).about(about)
    };
    let items: Vec<Item> = match (shape.name, field.name) {
        ("LogConfiguration", "options") => {
            let Some(driver) = place::log_driver(at.place, at.offset) else { return Vec::new() };
            let about = |name: &str| prose::log_option(&driver, name);
            // On Fargate a stream prefix is needed, too; everywhere it makes streams findable.
            let is_usual = |name: &str| name == "awslogs-stream-prefix";
            let closed = catalog::log_options(&driver);
            let required = closed.map_or(&[][..], |options| options.required);
            let optional =
                closed.map_or_else(|| catalog::open_log_options(&driver), |options| options.optional);
            let required = required.iter().map(|name| option(name, "required", about(name), 0));
            let optional =
                optional.iter().map(|name| option(name, "", about(name), if is_usual(name) { 1 } else { 2 }));
            required.chain(optional).collect()
        }
        ("FirelensConfiguration", "options") => catalog::container_values("firelensOptions")
            .iter()
            .map(|name| option(name, "", prose::task_value(shape.name, field.name, name), 0))
            .collect(),
        _ => Vec::new(),
    };
    items.into_iter().filter(|item| !siblings.contains(&*item.label)).collect()
}

fn option_value(name: &str) -> Skeleton {
    match name {
        "mode" => Skeleton::Choice(&["non-blocking", "blocking"]),
        "awslogs-create-group" | "auto_create_group" | "enable-ecs-log-metadata" => {
            Skeleton::Choice(&["true", "false"])
        }
        "config-file-type" => Skeleton::Choice(&["file", "s3"]),
        _ => Skeleton::empty(),
    }
}
