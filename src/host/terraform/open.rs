//! Expressions of which a part is known: what functions, conditions and `for` make of lists and objects.
//!
//! What is known is there to be judged. What is not stands in its list as an item that is not known, or in
//! its object as a member whose name is not known: rules that need the whole stay silent then.

use super::parse::{BlockReader, DEEPEST, braces};
use crate::host::outcomes::{CONDITION, side_by_side};
use crate::host::value::{Array, Member, Object, StringValue, Value};
use crate::text::Span;
use hcl_edit::expr::{Conditional, Expression, ForExpr, FuncCall, ObjectKey, ObjectValue};
use hcl_edit::structure;

impl BlockReader<'_> {
    /// The values that an argument may have: of documents that a condition chooses from, each is one.
    pub(super) fn alternatives(&self, name: &str, expression: &Expression, depth: usize) -> Vec<Value> {
        match expression {
            Expression::Parenthesis(inner) => return self.alternatives(name, inner.inner(), depth),
            Expression::Conditional(conditional) => {
                let branches = [&conditional.true_expr, &conditional.false_expr];
                let values: Vec<Value> =
                    branches.iter().flat_map(|branch| self.alternatives(name, branch, depth + 1)).collect();
                if values.iter().any(|value| is_document(value) || self.is_policy_document(value)) {
                    return values.into_iter().filter(|value| !is_nothing(value)).collect();
                }
            }
            _ => {}
        }
        vec![self.member(name, expression, depth)]
    }

    /// Whether it refers to an `aws_iam_policy_document`.
    fn is_policy_document(&self, value: &Value) -> bool {
        let source = self.text.get(value.span().as_usize()).unwrap_or_default();
        matches!(value, Value::Unknown(_)) && source.starts_with("data.aws_iam_policy_document.")
    }

    /// The value of a member. `Action = var.all ? "s3:*" : "s3:GetObject"` is a list as well as a text.
    pub(super) fn member(&self, name: &str, expression: &Expression, depth: usize) -> Value {
        if name == "Condition" {
            return self.condition(expression, CONDITION, depth);
        }
        if !matches!(name, "Action" | "NotAction" | "Resource" | "NotResource" | "action") {
            return self.value(expression, depth);
        }
        let mut items = Vec::new();
        self.item(expression, depth, &mut items);
        match items.len() {
            1 => items.remove(0),
            _ => Value::Array(Array { span: self.span(expression), items }),
        }
    }

    /// A `Condition`, its operators or its keys, both sides of what chooses them beside each other.
    fn condition(&self, expression: &Expression, levels: usize, depth: usize) -> Value {
        match expression {
            Expression::Parenthesis(inner) => self.condition(inner.inner(), levels, depth + 1),
            Expression::Conditional(conditional) if depth < DEEPEST => {
                let branches = [&conditional.true_expr, &conditional.false_expr];
                let outcomes = branches.map(|branch| self.condition(branch, levels, depth + 1));
                let outcomes = outcomes.into_iter().filter(|outcome| !is_nothing(outcome));
                side_by_side(outcomes, levels, self.span(expression))
            }
            Expression::Object(object) if levels > 0 && depth < DEEPEST => {
                let member = |(key, value): (&ObjectKey, &ObjectValue)| {
                    let value = self.condition(value.expr(), levels - 1, depth + 1);
                    Some(Member { name: self.key(key)?, value })
                };
                let members = object.iter().filter_map(member).collect();
                Value::Object(Object { span: self.span(expression), members })
            }
            _ => self.value(expression, depth),
        }
    }

    /// What an item of a list adds to it.
    pub(super) fn item(&self, expression: &Expression, depth: usize, items: &mut Vec<Value>) {
        let branches: Vec<&Expression> = match expression {
            Expression::Parenthesis(inner) => return self.item(inner.inner(), depth, items),
            Expression::Conditional(conditional) => vec![&conditional.true_expr, &conditional.false_expr],
            Expression::FuncCall(call) if matches!(name_of(call), "try" | "coalesce") => {
                call.args.iter().collect()
            }
            _ => {
                items.push(self.value(expression, depth));
                return;
            }
        };
        let mut values = Vec::new();
        for branch in branches {
            self.item(branch, depth + 1, &mut values);
        }
        values.retain(|value| !is_nothing(value));
        let is_choice = values.len() > 1;
        let is_known = values.iter().any(|value| !matches!(value, Value::Unknown(_)));
        if values.iter().any(|value| matches!(value, Value::Array(_))) || !is_known {
            items.push(self.value(expression, depth));
            return;
        }
        items.extend(values);
        if is_choice {
            items.push(self.rest(expression));
        }
    }

    /// Items that may be there or not.
    fn rest(&self, of: &Expression) -> Value {
        Value::Unknown(start_of(self.span(of)))
    }

    /// What a function makes of its arguments.
    pub(super) fn call(&self, call: &FuncCall, span: Span, depth: usize) -> Value {
        match name_of(call) {
            "concat" | "setunion" | "flatten" | "compact" | "sort" | "reverse" => {
                let mut items = Vec::new();
                for argument in call.args.iter() {
                    let is_flat = name_of(call) == "flatten";
                    self.spread(self.value(argument, depth + 1), is_flat, &mut items);
                }
                if items.iter().all(|item| matches!(item, Value::Unknown(_))) && !items.is_empty() {
                    return Value::Unknown(span);
                }
                Value::Array(Array { span, items })
            }
            "merge" => self.merge(call, span, depth),
            "try" | "coalesce" | "coalescelist" => {
                let values: Vec<Value> =
                    call.args.iter().map(|argument| self.value(argument, depth + 1)).collect();
                self.choice(values, span)
            }
            _ => Value::Unknown(span),
        }
    }

    /// Takes the items of a list into another one.
    fn spread(&self, value: Value, is_flat: bool, items: &mut Vec<Value>) {
        match value {
            Value::Array(array) => {
                for item in array.items {
                    match item {
                        Value::Array(_) if is_flat => self.spread(item, is_flat, items),
                        Value::Unknown(span) if is_flat => {
                            self.spreads.borrow_mut().push(span);
                            items.push(item);
                        }
                        _ => items.push(item),
                    }
                }
            }
            Value::Unknown(span) => {
                self.spreads.borrow_mut().push(span);
                items.push(value);
            }
            value if is_nothing(&value) => {}
            value => items.push(value),
        }
    }

    /// The members of several objects, of those of one name the last.
    fn merge(&self, call: &FuncCall, span: Span, depth: usize) -> Value {
        let mut members = Vec::new();
        for argument in call.args.iter() {
            let is_certain = !matches!(argument, Expression::Conditional(_) | Expression::Parenthesis(_));
            match self.value(argument, depth + 1) {
                Value::Object(object) => {
                    for member in object.members {
                        put(&mut members, member, is_certain);
                    }
                    if !is_certain {
                        members.push(open_member(start_of(self.span(argument))));
                    }
                }
                Value::Unknown(span) => {
                    self.spreads.borrow_mut().push(span);
                    members.push(open_member(span));
                }
                value if is_nothing(&value) => {}
                _ => return Value::Unknown(span),
            }
        }
        if members.iter().all(|member| member.name.is_wholly_unknown()) && !members.is_empty() {
            return Value::Unknown(span);
        }
        Value::Object(Object { span, members })
    }

    pub(super) fn conditional(&self, conditional: &Conditional, span: Span, depth: usize) -> Value {
        let branches = [&conditional.true_expr, &conditional.false_expr];
        let values = branches.map(|branch| self.value(branch, depth + 1));
        self.choice(values.into(), span)
    }

    /// One of several values: lists are looked at together, and what is alone beside nothing is it.
    fn choice(&self, values: Vec<Value>, span: Span) -> Value {
        let mut values: Vec<Value> = values.into_iter().filter(|value| !is_nothing(value)).collect();
        if values.len() < 2 {
            return match values.pop() {
                Some(Value::Array(mut array)) => {
                    array.items.push(Value::Unknown(start_of(span)));
                    Value::Array(array)
                }
                Some(value) if is_document(&value) => value,
                // It may be absent.
                _ => Value::Unknown(span),
            };
        }
        let is_list = |value: &Value| matches!(value, Value::Array(_) | Value::Unknown(_));
        if !values.iter().all(is_list) || !values.iter().any(|value| matches!(value, Value::Array(_))) {
            return Value::Unknown(span);
        }
        let mut items = Vec::new();
        for value in values {
            self.spread(value, false, &mut items);
        }
        items.push(Value::Unknown(start_of(span)));
        Value::Array(Array { span, items })
    }

    /// `[for name in names : …]` is a list of what it makes, `{ for … }` an object with a name that is not
    /// known.
    pub(super) fn for_each(&self, each: &ForExpr, span: Span, depth: usize) -> Value {
        let Some(key) = &each.key_expr else {
            let mut items = Vec::new();
            self.item(&each.value_expr, depth + 1, &mut items);
            let is_known = items.iter().any(|item| !matches!(item, Value::Unknown(_)));
            return if is_known { Value::Array(Array { span, items }) } else { Value::Unknown(span) };
        };
        match self.value(&each.value_expr, depth + 1) {
            value @ (Value::Object(_) | Value::Array(_)) if !each.grouping => {
                let key = self.span(key);
                let name = StringValue::unknown_as("${}", key);
                Value::Object(Object { span, members: vec![Member { name, value }] })
            }
            _ => Value::Unknown(span),
        }
    }

    /// What the content of `dynamic` makes: none, one or several of it.
    pub(super) fn dynamic(&self, block: &structure::Block, depth: usize) -> Value {
        let Some(content) = block.body.get_blocks("content").next() else {
            return Value::Unknown(self.span(block));
        };
        let span = braces(self.text, content);
        let mut object = self.body(&content.body, span, depth + 1);
        object.members.push(open_member(Span::new(span.end, span.end)));
        Value::Object(object)
    }
}

/// Members that are not known.
pub(super) fn open_member(span: Span) -> Member {
    Member { name: StringValue::unknown(span), value: Value::Unknown(span) }
}

/// Adds a member in place of one with its name; where it may be absent, either may hold.
pub(super) fn put(members: &mut Vec<Member>, member: Member, is_certain: bool) {
    let known = members
        .iter()
        .position(|known| known.name.text == member.name.text && !member.name.is_wholly_unknown());
    match known {
        Some(known) if is_certain => {
            members.remove(known);
            members.push(member);
        }
        Some(known) => members[known].value = Value::Unknown(members[known].value.span()),
        None => members.push(member),
    }
}

fn name_of(call: &FuncCall) -> &str {
    if call.name.is_namespaced() { "" } else { call.name.name.as_str() }
}

/// A place where nothing is written: what stands there is not known.
fn start_of(span: Span) -> Span {
    Span::new(span.start, span.start)
}

/// What a condition has for "leave it out".
fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null(_) => true,
        Value::Array(array) => array.items.iter().all(is_nothing),
        Value::Object(object) => object.members.is_empty(),
        Value::String(string) => string.text.is_empty(),
        _ => false,
    }
}

/// Whether it may be a document by itself: an object, a list of objects, or JSON in a text.
fn is_document(value: &Value) -> bool {
    match value {
        Value::Object(_) => true,
        Value::Array(array) => array.items.iter().any(|item| item.as_object().is_some()),
        Value::String(string) => string.text.trim_start().starts_with(['{', '[']),
        _ => false,
    }
}
