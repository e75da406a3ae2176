//! `.passrole.jsonc`: what its JSON Schema says may stand there.

use super::skeleton::{self, Skeleton};
use super::{Item, ItemKind, List, Options, Writing};
use crate::catalog;
use crate::config::Config;
use crate::diagnostic::Group;
use crate::host::Naming;
use crate::ide::File;
use crate::ide::place::{self, Notation, Slot, Step};
use crate::rules;
use crate::text::{Source, Span};
use serde_json::Value;
use std::sync::OnceLock;

/// Whether a file is one, by its name.
pub(super) fn is_one(path: &str) -> bool {
    path.rsplit(['/', '\\']).next() == Some(Config::FILE_NAME)
}

fn schema() -> &'static Value {
    static SCHEMA: OnceLock<Value> = OnceLock::new();
    let text = include_str!("../../../schemas/json-schema/config.schema.json");
    SCHEMA.get_or_init(|| serde_json::from_str(text).unwrap_or_default())
}

/// The part of the schema that a reference leads to.
fn resolved(part: &'static Value) -> &'static Value {
    let reference = part["$ref"].as_str().and_then(|it| it.strip_prefix('#'));
    reference.and_then(|pointer| schema().pointer(pointer)).unwrap_or(part)
}

/// The member at an offset of a configuration: where its name stands, the name, what it is for.
pub(in crate::ide) fn described(file: &File<'_>, offset: u32) -> Option<(Span, String, &'static str)> {
    if !is_one(file.report.path()) {
        return None;
    }
    let outside = place::outside(file, offset)?;
    let Slot::Name { .. } = outside.slot else { return None };
    let span = outside.typed.replace;
    let name = file.text.slice(span).to_string();
    let about =
        resolved(&of_path(&outside.path)["properties"][name.as_str()])["markdownDescription"].as_str()?;
    Some((span, name, about))
}

/// The part of the schema that says what stands at a place.
fn of_path(path: &[Step]) -> &'static Value {
    let mut part = schema();
    for step in path {
        part = resolved(match step {
            Step::Item => &part["items"],
            Step::Member(name) => match &part["properties"][name.as_str()] {
                Value::Null => &part["additionalProperties"],
                known => known,
            },
        });
    }
    part
}

pub(super) fn complete(file: &File<'_>, offset: u32, options: Options) -> Option<List> {
    let outside = place::outside(file, offset)?;
    let part = of_path(&outside.path);
    let mut typed = outside.typed;
    let lacks_value = matches!(outside.slot, Slot::Name { has_colon: false });
    if lacks_value && typed.closed {
        typed.replace.end += 1;
        typed.closed = false;
    }
    let replace = typed.replace;
    let writing = Writing {
        typed,
        options,
        lacks_value,
        notation: Notation::Json,
        naming: Naming::Aws,
        dash: 0,
        starts_line: false,
    };
    let items: Vec<Item> = match outside.slot {
        Slot::Name { .. } => {
            let properties = part["properties"].as_object()?.iter();
            let new = properties.filter(|(name, _)| !outside.siblings.contains(name));
            new.map(|(name, value)| {
                let usual = catalog::usual_place("configuration", name).map_or(60, |it| it as u16);
                field(&writing, name, resolved(value)).ranked(usual)
            })
            .collect()
        }
        Slot::Value if outside.path.iter().any(|it| *it == Step::Member("actions".to_string())) => {
            return actions(&writing);
        }
        Slot::Value if names_rules(&outside.path) => rules::all()
            .map(|rule| rule.meta())
            .map(|rule| writing.value(ItemKind::Value, rule.id, rule.group.name()).about(Some(rule.summary)))
            .chain(Group::ALL.into_iter().map(|group| writing.value(ItemKind::Value, group.name(), "group")))
            .collect(),
        Slot::Value => {
            words(part).into_iter().map(|word| writing.value(ItemKind::Value, word.to_string(), "")).collect()
        }
    };
    (!items.is_empty()).then_some(List { replace, comma: None, items, is_incomplete: false })
}

fn field(writing: &Writing, name: &str, part: &'static Value) -> Item {
    let value = match part["type"].as_str() {
        Some("array") => Skeleton::List(vec![Skeleton::empty()]),
        Some("object") => Skeleton::Map,
        Some("boolean") => Skeleton::Boolean,
        _ => Skeleton::empty(),
    };
    let item = skeleton::member(writing, ItemKind::Field, name.to_string(), "", &value, false);
    item.about(part["markdownDescription"].as_str())
}

/// Whether a value is the name of a rule or of a group.
fn names_rules(path: &[Step]) -> bool {
    let last = path.iter().rev().find_map(|step| match step {
        Step::Member(name) => Some(name.as_str()),
        Step::Item => None,
    });
    matches!(last, Some("select" | "ignore" | "rule" | "rules"))
}

/// Patterns of actions that no policy may have.
fn actions(writing: &Writing) -> Option<List> {
    let typed = writing.typed.before.as_str();
    let mut items: Vec<Item> = match typed.split_once(':').and_then(|(prefix, _)| catalog::service(prefix)) {
        Some(service) => service
            .actions()
            .map(|action| {
                let level = action.access_level().name();
                writing.value(ItemKind::Action, action.to_string(), level)
            })
            .collect(),
        None => catalog::services()
            .map(|service| {
                let usual = catalog::usual_place("services", service.prefix()).map_or(80, |it| it as u16);
                let mut item =
                    writing.value(ItemKind::Service, format!("{}:*", service.prefix()), service.title());
                item.goes_on = false;
                item.ranked(usual)
            })
            .collect(),
    };
    if let Some((prefix, _)) = typed.split_once(':') {
        items.push(writing.value(ItemKind::Wildcard, format!("{prefix}:*"), "every action").ranked(1));
    }
    Some(List { replace: writing.typed.replace, comma: None, items, is_incomplete: true })
}

/// The values that a part of the schema names.
fn words(part: &'static Value) -> Vec<&'static str> {
    let alternatives = ["anyOf", "oneOf"].into_iter().filter_map(|name| part[name].as_array()).flatten();
    let own = part["enum"].as_array().into_iter().flatten().filter_map(Value::as_str);
    own.chain(alternatives.flat_map(|it| words(resolved(it)))).collect()
}
