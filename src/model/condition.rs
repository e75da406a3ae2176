//! Conditions: operator, key, values.

use crate::host::value::{Member, Object, StringValue, Value};

/// One operator of a `Condition` block with its keys.
#[derive(Debug, Clone, Copy)]
pub struct Condition<'a> {
    /// As written, with set qualifier and `IfExists`.
    pub operator: &'a StringValue,
    /// Usually an object of keys.
    pub value: &'a Value,
}

/// One condition key under an operator.
#[derive(Debug, Clone, Copy)]
pub struct ConditionKey<'a> {
    pub operator: &'a StringValue,
    pub key: &'a StringValue,
    /// One value or an array of them.
    pub value: &'a Value,
    /// All keys under the operator.
    pub siblings: &'a Object,
}

impl<'a> Condition<'a> {
    pub fn of(member: &'a Member) -> Condition<'a> {
        Condition { operator: &member.name, value: &member.value }
    }

    pub fn keys(&self) -> impl Iterator<Item = ConditionKey<'a>> + use<'a> {
        let operator = self.operator;
        self.value
            .as_object()
            .into_iter()
            .flat_map(|object: &'a Object| object.members.iter().map(move |member| (object, member)))
            .map(move |(siblings, member)| ConditionKey {
                operator,
                key: &member.name,
                value: &member.value,
                siblings,
            })
    }
}

impl<'a> ConditionKey<'a> {
    pub fn values(&self) -> &'a [Value] {
        self.value.one_or_many()
    }
}
