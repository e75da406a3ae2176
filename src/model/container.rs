//! Container definitions.

use crate::host::value::{Array, Object, StringValue, Value};

/// A view of one container definition.
#[derive(Debug, Clone, Copy)]
pub struct Container<'a> {
    pub object: &'a Object,
}

impl<'a> Container<'a> {
    pub fn name(&self) -> Option<&'a StringValue> {
        self.object.string("name")
    }

    pub fn image(&self) -> Option<&'a StringValue> {
        self.object.string("image")
    }

    /// Absent means essential.
    pub fn is_essential(&self) -> bool {
        self.object.get("essential").and_then(Value::as_bool) != Some(false)
    }

    pub fn get(&self, field: &str) -> Option<&'a Value> {
        self.object.get(field)
    }

    /// Whether a condition chooses what is in the array of that field: its items may not be there together.
    pub fn is_chosen(&self, field: &str) -> bool {
        self.object.get(field).and_then(Value::as_array).is_some_and(Array::is_choice)
    }

    /// The objects in the array of that field.
    pub fn objects(&self, field: &str) -> impl Iterator<Item = &'a Object> + use<'a> {
        self.object.items(field).iter().filter_map(Value::as_object)
    }
}
