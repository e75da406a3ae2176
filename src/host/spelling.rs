//! Names of the model as a file spells them.

use super::write::Models;
use super::{Document, Edit, Name, Naming, NewValue, cloudformation, terraform};
use crate::catalog;
use crate::text::Span;

/// How a document, or a part of it, spells the fields of the ECS API and the elements of a policy. Only
/// names are asked for: what users named themselves, and values, are written as they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Spelling(Naming);

impl Spelling {
    pub fn of(naming: Naming) -> Spelling {
        Spelling(naming)
    }

    /// That of a document's units. Containers in Terraform are JSON, spelt as AWS does; statements are
    /// blocks.
    pub fn of_units(naming: Naming) -> Spelling {
        Spelling(if naming == Naming::TerraformTask { Naming::Aws } else { naming })
    }

    /// `networkMode`, `NetworkMode`, `network_mode`: as it is written into a sentence. A way through fields
    /// is spelt part by part: `linuxParameters.capabilities`.
    pub fn name(self, name: &str) -> Spelt<'_> {
        Spelt { naming: self.0, name }
    }
}

/// A name that is spelt when it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spelt<'n> {
    naming: Naming,
    name: &'n str,
}

impl std::fmt::Display for Spelt<'_> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (index, name) in self.name.split('.').enumerate() {
            if index > 0 {
                out.write_str(".")?;
            }
            match spelt(self.naming, name) {
                Some(name) => out.write_str(&name)?,
                None => out.write_str(name)?,
            }
        }
        Ok(())
    }
}

/// A field or an element of the model as a file spells it; `None` where it has no other name there.
pub fn spelt(naming: Naming, name: &str) -> Option<String> {
    match naming {
        Naming::Aws | Naming::Fields => None,
        Naming::CloudFormation => cloudformation::translate(name),
        Naming::TerraformTask => terraform::task_argument(name),
        Naming::TerraformPolicy => catalog::policy_argument(name).map(str::to_string),
    }
}

/// The same for a field of a structure of the ECS API, where the spelling depends on that.
pub fn spelt_field(naming: Naming, shape: &str, field: &str) -> Option<String> {
    match naming {
        Naming::Aws | Naming::TerraformPolicy | Naming::Fields => None,
        Naming::CloudFormation => cloudformation::property(shape, field),
        Naming::TerraformTask => terraform::argument_of(shape, field),
    }
}

/// The edits with every field's name as the document at its place spells it; `None` where one would give
/// an object a field twice.
pub(super) fn spelt_edits(models: &Models<'_>, edits: &[Edit]) -> Option<Vec<Edit>> {
    edits
        .iter()
        .map(|edit| {
            let place = edit.span();
            let Some(model) = models.around(place) else {
                return Some(edit.clone());
            };
            let document = model.document;
            let is_within = matches!(edit, Edit::ReplaceText { .. } | Edit::RemoveItem { .. });
            if document.naming == Naming::Fields && !is_within {
                return None;
            }
            let spelling = spelling_at(document, place);
            let key = |name: &Name| match name {
                Name::Field(field) => Name::key(spelling.name(field).to_string()),
                Name::Key(_) => name.clone(),
            };
            Some(match edit {
                Edit::RenameField { span, field } => {
                    if model.has_sibling(*span, field) {
                        return None;
                    }
                    Edit::ReplaceText { span: *span, text: spelling.name(field).to_string().into() }
                }
                Edit::InsertMember { object, name, value } => {
                    Edit::InsertMember { object: *object, name: key(name), value: value.clone() }
                }
                Edit::InsertItem { array, value } if document.units_span == Some(*array) => {
                    Edit::InsertItem { array: *array, value: unit(value, spelling) }
                }
                Edit::InsertSibling { item, value } if model.unit(*item).is_some() => {
                    Edit::InsertSibling { item: *item, value: unit(value, spelling) }
                }
                other => other.clone(),
            })
        })
        .collect()
}

fn spelling_at(document: &Document, place: Span) -> Spelling {
    let is_in_units = document.units_span.is_some_and(|units| units.covers(place));
    if is_in_units { Spelling::of_units(document.naming) } else { Spelling::of(document.naming) }
}

fn unit(value: &NewValue, spelling: Spelling) -> NewValue {
    match value {
        NewValue::Object(members) => members
            .iter()
            .map(|(name, value)| (spelling.name(name).to_string(), value.clone()))
            .collect::<serde_json::Map<_, _>>()
            .into(),
        other => other.clone(),
    }
}
