//! JSON as the AWS provider reads it: Go decodes it into structures, which takes names in any letter case and leaves
//! out what is null.

use crate::catalog::{self, FieldType};
use crate::host::value::{Object, Value};
use crate::host::{Document, PROBE, Placed, Unit};
use std::sync::Arc;

/// The container definitions of a task definition, with the names that the provider takes theirs for.
pub(super) fn containers(document: &mut Document) {
    for placed in &mut document.units {
        let mut value = placed.unit.value.clone();
        structure(&mut value, "ContainerDefinition");
        if value != placed.unit.value {
            *placed = Placed { base: placed.base, unit: Arc::new(Unit::new(value, None)) };
        }
    }
}

fn structure(value: &mut Value, shape: &str) {
    let (Value::Object(object), Some(shape)) = (value, catalog::shape(shape)) else { return };
    // Where something is completed, every name that is there counts.
    if !object.members.iter().any(|member| member.name.text.contains(PROBE)) {
        object.members.retain(|member| !matches!(member.value, Value::Null(_)));
    }
    for index in 0..object.members.len() {
        let written = &object.members[index].name.text;
        let same = |name: &str| name.eq_ignore_ascii_case(written);
        let Some(field) = shape.fields.iter().find(|field| same(field.name)) else { continue };
        if **written != *field.name && !object.has(field.name) {
            object.members[index].name.text = field.name.into();
        }
        typed(&mut object.members[index].value, &field.field_type);
    }
}

fn typed(value: &mut Value, field_type: &FieldType) {
    match (field_type, value) {
        (FieldType::Structure(shape), value) => structure(value, shape),
        (FieldType::List(item_type), Value::Array(array)) => {
            array.items.iter_mut().for_each(|item| typed(item, item_type));
        }
        (FieldType::Map, Value::Object(Object { members, .. })) => {
            members.retain(|member| !matches!(member.value, Value::Null(_)));
        }
        _ => {}
    }
}
