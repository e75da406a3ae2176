//! Walks a document along the shapes of the ECS API: what several rules compare it with.

use crate::catalog::{Field, FieldType, Shape, input_shape, shape, task_definition_shape};
use crate::host::value::{Member, Object, StringValue, Value};
use crate::model::TaskContext;

/// A structure of the document beside its shape.
#[derive(Clone, Copy)]
pub(in crate::rules) struct Structure<'a> {
    pub object: &'a Object,
    pub shape: &'static Shape,
    /// The shape of the outermost.
    pub root: &'static Shape,
    /// The field it stands in; `None` for the outermost.
    pub field: Option<&'static str>,
}

/// A value beside the type that its field asks for.
#[derive(Clone, Copy)]
pub(in crate::rules) struct Typed<'a> {
    pub value: &'a Value,
    pub field_type: &'static FieldType,
    /// The field, also for the items of its list.
    pub field: &'static Field,
    /// The name that the value has in a map of strings, such as the options of a log driver.
    pub key: Option<&'a StringValue>,
}

/// The shape of a task definition without its containers.
pub(super) fn task(context: &TaskContext) -> &'static Shape {
    match input_shape("RegisterDaemonTaskDefinition") {
        Some(daemon) if context.daemon => daemon,
        _ => task_definition_shape(),
    }
}

/// The shape of a container definition.
pub(super) fn container(context: &TaskContext) -> &'static Shape {
    let name = if context.daemon { "DaemonContainerDefinition" } else { "ContainerDefinition" };
    shape(name).unwrap_or(task_definition_shape())
}

/// As a sentence names a structure that is in no other.
pub(in crate::rules) fn title(shape: &Shape) -> &'static str {
    match shape.name {
        "ContainerDefinition" => "a container definition",
        "DaemonContainerDefinition" => "a container definition of a daemon",
        "RegisterDaemonTaskDefinitionRequest" => "a daemon task definition",
        "CreateServiceRequest" => "the input of create-service",
        "UpdateServiceRequest" => "the input of update-service",
        "RunTaskRequest" => "the input of run-task",
        "StartTaskRequest" => "the input of start-task",
        _ => "a task definition",
    }
}

/// Calls back for every structure, the outermost first.
pub(in crate::rules) fn structures<'a>(
    object: &'a Object,
    shape: &'static Shape,
    visit: &mut dyn FnMut(Structure<'a>),
) {
    walk(Structure { object, shape, root: shape, field: None }, visit, &mut |_| {});
}

/// Calls back for every value of a known field, and for the items of its lists.
pub(in crate::rules) fn values<'a>(
    object: &'a Object,
    shape: &'static Shape,
    visit: &mut dyn FnMut(Typed<'a>),
) {
    walk(Structure { object, shape, root: shape, field: None }, &mut |_| {}, visit);
}

fn walk<'a>(
    structure: Structure<'a>,
    on_structure: &mut dyn FnMut(Structure<'a>),
    on_value: &mut dyn FnMut(Typed<'a>),
) {
    on_structure(structure);
    for Member { name, value } in &structure.object.members {
        if let Some(field) = structure.shape.field(&name.text) {
            let it = Typed { value, field_type: &field.field_type, field, key: None };
            typed(it, structure.root, on_structure, on_value);
        }
    }
}

fn typed<'a>(
    it: Typed<'a>,
    root: &'static Shape,
    on_structure: &mut dyn FnMut(Structure<'a>),
    on_value: &mut dyn FnMut(Typed<'a>),
) {
    on_value(it);
    match (it.field_type, it.value) {
        (FieldType::List(item_type), Value::Array(array)) => {
            for value in &array.items {
                typed(Typed { value, field_type: item_type, ..it }, root, on_structure, on_value);
            }
        }
        (FieldType::Map, Value::Object(object)) => {
            for Member { name, value } in &object.members {
                let it = Typed { value, field_type: &FieldType::String, key: Some(name), ..it };
                typed(it, root, on_structure, on_value);
            }
        }
        (FieldType::Structure(name), Value::Object(object)) => {
            if let Some(shape) = shape(name) {
                walk(Structure { object, shape, root, field: Some(it.field.name) }, on_structure, on_value);
            }
        }
        _ => {}
    }
}
