//! `.passrole.jsonc`: what its JSON Schema says may stand there.

use super::skeleton::{self, Skeleton};
use super::{Item, ItemKind, List, Options, Writing};
use crate::config::Config;
use crate::host::Naming;
use crate::ide::File;
use crate::ide::place::{self, Notation, Slot, Step};
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

pub(super) fn complete(file: &File<'_>, offset: u32, options: Options) -> Option<List> {
    let outside = place::outside(file, offset)?;
    let mut part = schema();
    for step in &outside.path {
        part = resolved(match step {
            Step::Item => &part["items"],
            Step::Member(name) => match &part["properties"][name.as_str()] {
                Value::Null => &part["additionalProperties"],
                known => known,
            },
        });
    }
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
            new.map(|(name, value)| field(&writing, name, resolved(value))).collect()
        }
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

/// The values that a part of the schema names.
fn words(part: &'static Value) -> Vec<&'static str> {
    let alternatives = ["anyOf", "oneOf"].into_iter().filter_map(|name| part[name].as_array()).flatten();
    let own = part["enum"].as_array().into_iter().flatten().filter_map(Value::as_str);
    own.chain(alternatives.flat_map(|it| words(resolved(it)))).collect()
}
