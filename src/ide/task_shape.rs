//! The ECS structure at a place in a task definition.

use super::place::{Place, Step};
use crate::catalog::{self, FieldType, Platforms, Shape};
use crate::host::{DocumentKind, Form};
use crate::model::ServiceInput;

/// A field and the structure that has it.
pub type OfShape = (&'static Shape, &'static catalog::Field);

/// What belongs at a place: the field it is the value of, and its type.
pub struct At {
    /// The structure and the field, where the place is below one.
    pub field: Option<OfShape>,
    /// The same of the structure around that.
    pub outer: Option<OfShape>,
    pub field_type: FieldType,
    /// Where one of the fields on the way to the place is refused or ignored.
    pub not_on: Platforms,
    /// Whether the place is the name or an item of a list, not the list.
    pub is_item: bool,
}

/// `None` where an unknown field leads.
pub fn at(place: &Place<'_>) -> Option<At> {
    const CONTAINER: FieldType = FieldType::Structure("ContainerDefinition");
    let field_type = match place.document.kind {
        DocumentKind::TaskDefinition if place.document.form == Form::Daemon => {
            FieldType::Structure(catalog::input_shape("RegisterDaemonTaskDefinition")?.name)
        }
        DocumentKind::TaskDefinition => FieldType::Structure(catalog::task_definition_shape().name),
        DocumentKind::ContainerDefinitions => FieldType::List(&CONTAINER),
        DocumentKind::Service => FieldType::Structure(ServiceInput::of(&place.document)?.shape()?.name),
        _ => return None,
    };
    let mut at = At { field: None, outer: None, field_type, not_on: Platforms::default(), is_item: false };
    for step in &place.path {
        match (step, at.field_type) {
            (Step::Item, FieldType::List(item)) => {
                at.field_type = *item;
                at.is_item = true;
            }
            (Step::Member(name), FieldType::Structure(shape)) => {
                let shape = catalog::shape(shape)?;
                let field = shape.field(name)?;
                at = At {
                    field: Some((shape, field)),
                    outer: at.field,
                    field_type: field.field_type,
                    not_on: at.not_on.and(catalog::field_notes(shape.name, field.name).not_on),
                    is_item: false,
                };
            }
            (Step::Member(_), FieldType::Map) => at.field_type = FieldType::String,
            _ => return None,
        }
    }
    Some(at)
}
