//! The ECS structure at a place in a task definition.

use super::place::{Place, Step};
use crate::catalog::{self, FieldType, Shape};
use crate::host::DocumentKind;

/// What belongs at a place: the field it is the value of, and its type.
pub struct At {
    /// The structure and the field, where the place is below one.
    pub field: Option<(&'static Shape, &'static catalog::Field)>,
    pub field_type: FieldType,
}

/// `None` where an unknown field leads.
pub fn at(place: &Place<'_>) -> Option<At> {
    const CONTAINER: FieldType = FieldType::Structure("ContainerDefinition");
    let field_type = match place.document.kind {
        DocumentKind::TaskDefinition => FieldType::Structure(catalog::task_definition_shape().name),
        DocumentKind::ContainerDefinitions => FieldType::List(&CONTAINER),
        _ => return None,
    };
    let mut at = At { field: None, field_type };
    for step in &place.path {
        match (step, at.field_type) {
            (Step::Item, FieldType::List(item)) => at.field_type = *item,
            (Step::Member(name), FieldType::Structure(shape)) => {
                let shape = catalog::shape(shape)?;
                let field = shape.field(name)?;
                at = At { field: Some((shape, field)), field_type: field.field_type };
            }
            (Step::Member(_), FieldType::Map) => at.field_type = FieldType::String,
            _ => return None,
        }
    }
    Some(at)
}
