use crate::catalog::{self, ValueType};
use crate::declare_rule;
use crate::diagnostic::{Findings, Fix};
use crate::host::value::{Array, Object, Value};
use crate::host::{Edit, NewValue};
use crate::model::{Policy, PolicyContext, Statement};
use crate::rules::Rule;

declare_rule! {
    /// Finds an element whose value has the wrong type: a number for an action, a list where an object
    /// belongs, a list in a list.
    ///
    /// AWS refuses the policy, mostly with nothing but "Syntax errors in policy".
    ///
    /// ```json
    /// { "Effect": "Allow", "Action": [["ecs:RunTask"]], "Resource": "*", "Condition": [] }
    /// ```
    ///
    /// `Version`, `Id`, `Sid` and `Effect` take a string; `Action` and `Resource` a string or a list of
    /// strings; `Principal` the string `"*"` or an object; `Condition` an object of objects.
    ///
    /// AWS: "Grammar of the IAM JSON policy language" in the IAM user guide.
    pub WrongElementType {
        id: "wrong-element-type",
        group: Policy,
        reads: [Statement, Policy],
        templates: SilentOnText,
        cases: ["key-without-operator", "statement", "type"],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "an element's value has the wrong type",
        sources: [
            "access-analyzer/DATA_TYPE_MISMATCH",
            "parliament/MALFORMED",
            "iam-policy-validator/invalid_statement_type",
            "iam-policy-validator/invalid_sid_type",
            "cfn-lint/E3510",
            "cfn-lint/E3512",
            "cfn-lint/E3530",
            "cdk-preflight/pf-iam-policy-statement-required",
            "cdk-preflight/pf-iam-policy-condition-value-type",
        ],
        fix: Unsafe,
        since: "0.1.0",
        service_messages: ["Syntax errors in policy", "The policy failed legacy parsing"],
    }
}

impl Rule for WrongElementType {
    fn check_policy(&self, policy: Policy<'_>, _: &PolicyContext, acc: &mut Findings) {
        let [statement_name, effect, action] = acc.names(["Statement", "Effect", "Action"]);
        for member in &policy.head.members {
            match &*member.name.text {
                name @ ("Version" | "Id") => text(&member.value, name, acc),
                "Statement" => match &member.value {
                    Value::Apart(_) | Value::Null(_) => {}
                    // The second of two of that name is lowered whole; it is reported as such.
                    Value::Object(_) | Value::Array(_) => {}
                    other => {
                        wrong(other, &format!("`{statement_name}`"), "a list of objects", acc);
                    }
                },
                _ => {}
            }
        }
        let mut cut_short = false;
        for placed in policy.units() {
            let value = &placed.unit.value;
            // What follows a statement that ends in half a member is the rest of that statement.
            if cut_short {
                return;
            }
            cut_short = value
                .as_object()
                .and_then(|object| object.members.last())
                .is_some_and(|member| matches!(member.value, Value::Missing(_) | Value::Unknown(_)));
            if let (false, Some(found)) = (matches!(value, Value::Object(_)), type_of(value)) {
                acc.report(value.span().shifted(placed.base), format!("a statement must be an object, not {found}"))
                    .case("statement")
                    .note(format!("AWS refuses the policy. Each item of `{statement_name}` is an object with `{effect}`, `{action}` and the like."));
            }
        }
    }

    fn check_statement(&self, statement: Statement<'_>, _: &PolicyContext, acc: &mut Findings) {
        for member in &statement.object.members {
            let value = &member.value;
            match &*member.name.text {
                name @ ("Sid" | "Effect") => text(value, name, acc),
                name @ ("Action" | "NotAction" | "Resource" | "NotResource") => {
                    texts(value, &format!("`{}`", acc.name(name)), acc);
                }
                name @ ("Principal" | "NotPrincipal") => match value {
                    Value::Object(object) => {
                        for member in &object.members {
                            texts(&member.value, &format!("`{}`", member.name.text), acc);
                        }
                    }
                    Value::String(_) | Value::Null(_) => {}
                    other => wrong(
                        other,
                        &format!("`{}`", acc.name(name)),
                        "`\"*\"` or an object such as `{\"AWS\": \"…\"}`",
                        acc,
                    ),
                },
                "Condition" => condition(value, acc),
                _ => {}
            }
        }
    }
}

fn condition(value: &Value, acc: &mut Findings) {
    let condition_name = acc.name("Condition");
    let Value::Object(operators) = value else {
        if !matches!(value, Value::Null(_)) {
            wrong(value, &format!("`{condition_name}`"), "an object of operators", acc);
        }
        return;
    };
    for operator in &operators.members {
        let name = format!("`{}`", operator.name.text);
        match &operator.value {
            Value::Object(keys) => values(keys, acc),
            // A key without an operator around it: told apart, as it is the commonest slip.
            other if operator.name.text.contains(':') && !operator.name.text.starts_with("For") => {
                if type_of(other).is_some() {
                    acc.report(operator.name.span, format!("the condition key {name} stands outside of an operator"))
                        .case("key-without-operator")
                        .note(format!("AWS refuses the policy. Write `\"StringEquals\": {{{}: …}}`, or the operator that fits.", name.replace('`', "\"")))
                        .maybe_fix(wrapped(operators));
                }
            }
            other => wrong(other, &name, "an object of condition keys", acc),
        }
    }
}

/// Values under an operator: texts, numbers and booleans, alone or in a list.
fn values(keys: &Object, acc: &mut Findings) {
    for key in &keys.members {
        let name = format!("`{}`", key.name.text);
        match &key.value {
            Value::Object(_) | Value::Null(_) => wrong(&key.value, &name, "a value or a list of values", acc),
            Value::Array(array) => {
                for item in &array.items {
                    if matches!(item, Value::Object(_) | Value::Array(_) | Value::Null(_)) {
                        wrong(item, &format!("an item of {name}"), "a string, a number or a boolean", acc);
                    }
                }
            }
            _ => {}
        }
    }
}

/// The condition with every key that stands outside of an operator in the one that fits its values.
fn wrapped(condition: &Object) -> Option<Fix> {
    let mut operators = serde_json::Map::new();
    for member in &condition.members {
        let (name, value) = (&*member.name.text, member.value.to_new()?);
        if value.is_object() {
            let keys = operators.entry(name).or_insert_with(|| NewValue::Object(Default::default()));
            keys.as_object_mut()?.extend(value.as_object()?.clone());
            continue;
        }
        let operator = match catalog::condition_key(name).map(|key| key.value_type()) {
            Some(ValueType::Arn) => "ArnLike",
            Some(ValueType::Bool) => "Bool",
            Some(ValueType::Numeric) => "NumericEquals",
            Some(ValueType::Date) => "DateEquals",
            Some(ValueType::IpAddress) => "IpAddress",
            Some(ValueType::String) => "StringEquals",
            _ => return None,
        };
        let keys = operators.entry(operator).or_insert_with(|| NewValue::Object(Default::default()));
        keys.as_object_mut()?.insert(name.to_string(), value);
    }
    let value = NewValue::Object(operators);
    Some(Fix::unsafe_(
        "Put the key under an operator",
        vec![Edit::ReplaceValue { span: condition.span, value }],
    ))
}

fn text(value: &Value, name: &str, acc: &mut Findings) {
    if matches!(value, Value::String(_) | Value::Null(_)) {
        return;
    }
    let only = match value {
        Value::Array(array) => match array.items.as_slice() {
            [Value::String(only)] => Some(only),
            _ => None,
        },
        _ => None,
    };
    let fix = only.filter(|only| !only.has_unknown()).map(|only| {
        let text = NewValue::String(only.text.to_string());
        Fix::safe(
            format!("Replace with `\"{}\"`", only.text),
            vec![Edit::ReplaceValue { span: value.span(), value: text }],
        )
    });
    repairable(value, &format!("`{}`", acc.name(name)), "a string", fix, None, acc);
}

fn texts(value: &Value, name: &str, acc: &mut Findings) {
    match value {
        Value::String(_) | Value::Null(_) => {}
        Value::Array(array) => {
            let mut lists = 0;
            let mut repair = None;
            for item in array.items.iter().filter(|item| !matches!(item, Value::String(_))) {
                let mut fix = None;
                let mut left_out = None;
                if matches!(item, Value::Array(_)) {
                    lists += 1;
                    let repair = repair.get_or_insert_with(|| without_lists(array));
                    if lists <= REPAIRED {
                        fix.clone_from(repair);
                    } else if repair.is_some() {
                        left_out =
                            Some("The fix stands at the first 16 of these lists, and is for all of them.");
                    }
                }
                repairable(item, &format!("an item of {name}"), "a string", fix, left_out, acc);
            }
        }
        other => wrong(other, name, "a string or a list of strings", acc),
    }
}

fn wrong(value: &Value, what: &str, wanted: &str, acc: &mut Findings) {
    repairable(value, what, wanted, None, None, acc);
}

/// `left_out` says where the fix is that is not here.
fn repairable(
    value: &Value,
    what: &str,
    wanted: &str,
    fix: Option<Fix>,
    left_out: Option<&str>,
    acc: &mut Findings,
) {
    let Some(found) = type_of(value) else { return };
    acc.report(value.span(), format!("{what} must be {wanted}, not {found}"))
        .case("type")
        .note(format!("AWS refuses the policy. Write {wanted} here."))
        .also(left_out)
        .maybe_fix(fix);
}

/// How many lists of one list carry the repair, which is the same for all of them and as long as the list.
const REPAIRED: usize = 16;

fn without_lists(array: &Array) -> Option<Fix> {
    let mut items = Vec::new();
    flat(&array.items, &mut items)?;
    let value = NewValue::Array(items);
    Some(Fix::safe("Take the lists out of the list", vec![Edit::ReplaceValue { span: array.span, value }]))
}

/// A list without lists in it.
fn flat(list: &[Value], items: &mut Vec<NewValue>) -> Option<()> {
    for item in list {
        match item {
            Value::Array(array) => flat(&array.items, items)?,
            Value::String(_) => items.push(item.to_new()?),
            _ => return None,
        }
    }
    Some(())
}

/// With its article; `None` for what may be anything yet.
fn type_of(value: &Value) -> Option<&'static str> {
    Some(match value {
        Value::Object(_) => "an object",
        Value::Array(_) => "a list",
        // What fills it in later may be of any type.
        Value::String(text) if text.is_wholly_unknown() => return None,
        Value::String(_) => "a string",
        Value::Number(_) => "a number",
        Value::Bool(..) => "a boolean",
        Value::Null(_) => "null",
        Value::Unknown(_) | Value::Missing(_) | Value::Apart(_) => return None,
    })
}
