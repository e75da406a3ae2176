//! CloudFormation's names of what the ECS API names otherwise.

use crate::catalog::{self, Field, FieldType};
use crate::host::value::{StringValue, Value};
use crate::host::{Misspelt, coerce};

/// The property that stands for a field in a structure; `None` for an empty name.
pub(in crate::host) fn property(shape: &str, field: &str) -> Option<String> {
    if let Some(property) = catalog::cloudformation().spelling(shape, field) {
        return Some(property.to_string());
    }
    let first = field.chars().next()?;
    Some(first.to_ascii_uppercase().to_string() + &field[first.len_utf8()..])
}

/// The property of a field, wherever it is.
pub(in crate::host) fn translate(field: &str) -> Option<String> {
    let shape = catalog::shapes_with_field(field)
        .next()
        .or_else(|| catalog::other_shapes().iter().find(|shape| shape.field(field).is_some()))?;
    property(shape.name, field)
}

/// Gives the properties of a structure, such as a task definition, their names in the ECS API, and scalars the type that
/// CloudFormation turns them into. What has the API's name already is not what CloudFormation takes, and is put down.
pub(super) fn conform(value: &mut Value, shape: &str, misspelt: &mut Vec<Misspelt>) {
    structure(value, shape, misspelt);
}

fn structure(value: &mut Value, shape: &str, misspelt: &mut Vec<Misspelt>) {
    let (Value::Object(object), Some(shape)) = (value, catalog::shape(shape)) else { return };
    for member in &mut object.members {
        let written = &*member.name.text;
        let is_spelt_so =
            |field: &&Field| property(shape.name, field.name).is_some_and(|property| property == written);
        let field = match shape.fields.iter().find(is_spelt_so) {
            Some(field) => {
                rename(&mut member.name, field.name);
                field
            }
            None => {
                let Some(field) = shape.field(written) else { continue };
                let Some(right) = property(shape.name, field.name) else { continue };
                misspelt.push(Misspelt {
                    span: member.name.content_span(),
                    name: written.into(),
                    right: right.into(),
                });
                field
            }
        };
        typed(&mut member.value, &field.field_type, misspelt);
    }
}

fn typed(value: &mut Value, field_type: &FieldType, misspelt: &mut Vec<Misspelt>) {
    match (field_type, value) {
        (FieldType::Structure(shape), value) => structure(value, shape, misspelt),
        (FieldType::List(item_type), Value::Array(array)) => {
            array.items.iter_mut().for_each(|item| typed(item, item_type, misspelt));
        }
        (field_type, value) => coerce::to_type(value, field_type),
    }
}

/// Another name for the same characters.
fn rename(name: &mut StringValue, to: &str) {
    if name.text.len() == to.len() {
        name.text = to.into();
    } else {
        *name = StringValue::standing_for(to, name.span);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_have_the_names_of_properties() {
        for (field, property) in [
            ("executionRoleArn", "ExecutionRoleArn"),
            ("efsVolumeConfiguration", "EFSVolumeConfiguration"),
            ("pseudoTerminal", "PseudoTerminal"),
        ] {
            assert_eq!(translate(field).as_deref(), Some(property));
        }
        assert_eq!(
            super::property("EFSVolumeConfiguration", "fileSystemId").as_deref(),
            Some("FilesystemId")
        );
        assert_eq!(
            super::property("FSxWindowsFileServerVolumeConfiguration", "fileSystemId").as_deref(),
            Some("FileSystemId")
        );
        assert_eq!(translate("noSuchField"), None);
    }
}
