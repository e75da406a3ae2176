//! Walks a document along the shapes of the ECS API: what several rules compare it with.

use crate::catalog::{Field, FieldType, Shape, shape, task_definition_shape};
use crate::host::value::{Member, Object, Value};

/// A structure of the document beside its shape.
#[derive(Clone, Copy)]
pub(super) struct Structure<'a> {
    pub object: &'a Object,
    pub shape: &'static Shape,
    /// The field it stands in; `None` for the outermost.
    pub field: Option<&'static str>,
}

/// A value beside the type that its field asks for.
#[derive(Clone, Copy)]
pub(super) struct Typed<'a> {
    pub value: &'a Value,
    pub field_type: &'static FieldType,
    /// The field, also for the items of its list.
    pub field: &'static Field,
}

/// The shape of a task definition without its containers.
pub(super) fn task() -> &'static Shape {
    task_definition_shape()
}

/// The shape of a container definition.
pub(super) fn container() -> &'static Shape {
    shape("ContainerDefinition").unwrap_or(task_definition_shape())
}

/// Calls back for every structure, the outermost first.
pub(super) fn structures<'a>(
    object: &'a Object,
    shape: &'static Shape,
    visit: &mut dyn FnMut(Structure<'a>),
) {
    walk(Structure { object, shape, field: None }, visit, &mut |_| {});
}

/// Calls back for every value of a known field, and for the items of its lists.
pub(super) fn values<'a>(object: &'a Object, shape: &'static Shape, visit: &mut dyn FnMut(Typed<'a>)) {
    walk(Structure { object, shape, field: None }, &mut |_| {}, visit);
}

fn walk<'a>(
    structure: Structure<'a>,
    on_structure: &mut dyn FnMut(Structure<'a>),
    on_value: &mut dyn FnMut(Typed<'a>),
) {
    on_structure(structure);
    for Member { name, value } in &structure.object.members {
        if let Some(field) = structure.shape.field(&name.text) {
            typed(Typed { value, field_type: &field.field_type, field }, on_structure, on_value);
        }
    }
}

fn typed<'a>(
    it: Typed<'a>,
    on_structure: &mut dyn FnMut(Structure<'a>),
    on_value: &mut dyn FnMut(Typed<'a>),
) {
    on_value(it);
    match (it.field_type, it.value) {
        (FieldType::List(item_type), Value::Array(array)) => {
            for value in &array.items {
                typed(Typed { value, field_type: item_type, ..it }, on_structure, on_value);
            }
        }
        (FieldType::Structure(name), Value::Object(object)) => {
            if let Some(shape) = shape(name) {
                walk(Structure { object, shape, field: Some(it.field.name) }, on_structure, on_value);
            }
        }
        _ => {}
    }
}
