//! Intrinsic functions: what a value is before the stack is there, as far as that is known.

use super::call::Call;
use super::choice;
use super::environment::Template;
use crate::host::Assumed;
use crate::host::budget::weight_of_text;
use crate::host::compose::Composed;
use crate::host::value::{Array, Member, Object, StringValue, Value};
use crate::text::Span;
use std::collections::HashMap;

/// What a value is once its functions have been called, as far as that is known; `None` where it is
/// left out (`AWS::NoValue`).
pub(super) fn evaluate(value: &Value, template: Template<'_>, assumed: &mut Vec<Assumed>) -> Option<Value> {
    if let Some(call) = Call::of(value) {
        return evaluate_call(&call, template, assumed);
    }
    Some(match value {
        Value::Object(object) => {
            let members = object
                .members
                .iter()
                .filter_map(|member| {
                    // What a macro or an include adds is not known; what is there, is.
                    if member.name.text.starts_with("Fn::") {
                        let span = member.name.span;
                        return Some(Member {
                            name: StringValue::unknown(span),
                            value: Value::Unknown(span),
                        });
                    }
                    let value = match choice::of_element(member) {
                        Some(list) => evaluate(&list, template, assumed)?,
                        None => evaluate(&member.value, template, assumed)?,
                    };
                    Some(Member { name: member.name.clone(), value })
                })
                .collect();
            Value::Object(Object { span: object.span, members })
        }
        Value::Array(array) => {
            let items = array.items.iter().flat_map(|item| list_items(item, template, assumed)).collect();
            Value::Array(Array { span: array.span, items })
        }
        other => other.clone(),
    })
}

/// A condition in a list of statements: both may be there, so both are looked at. A list that a condition yields is not
/// put into the one around it.
fn list_items(item: &Value, template: Template<'_>, assumed: &mut Vec<Assumed>) -> Vec<Value> {
    let Some(call) = choice::call(item) else {
        return evaluate(item, template, assumed).into_iter().collect();
    };
    let branches = || call.list().iter().skip(1);
    let is_statement = |value: &Value| value.as_object().is_some_and(|it| it.has("Effect"));
    if call.list().len() == 3 && branches().any(|branch| branch.one_or_many().iter().any(is_statement)) {
        let mut found = Vec::new();
        for branch in branches() {
            if let Value::Array(list) = branch {
                found.push(choice::list_in_list(list.span));
            }
            for statement in branch.one_or_many() {
                found.extend(list_items(statement, template, assumed).into_iter().map(choice::nameless));
            }
        }
        return found;
    }
    let is_texts = |branch: &Value| {
        branch.as_array().is_some_and(|array| array.items.iter().all(|item| item.as_string().is_some()))
    };
    if template.references && branches().any(is_texts) {
        return vec![choice::list_in_list(call.span)];
    }
    evaluate(item, template, assumed).into_iter().collect()
}

fn evaluate_call(call: &Call<'_>, template: Template<'_>, assumed: &mut Vec<Assumed>) -> Option<Value> {
    let unknown = Value::Unknown(call.span);
    Some(match (call.function, call.argument) {
        ("Ref", Value::String(name)) if &*name.text == "AWS::NoValue" => return None,
        ("Ref", Value::String(name)) => match template.environment.parameter(&name.text) {
            Some(parameter) if template.budget.take_value(&parameter.value, call.span) => {
                if !parameter.is_certain {
                    assumed.push(Assumed::default_of(name.text.clone(), call.span));
                }
                let mut value = parameter.value.clone();
                value.stand_for(call.span);
                value
            }
            _ => reference(&name.text, None, call.span, template).map_or(unknown, Value::String),
        },
        ("Fn::GetAtt", argument) => {
            let path = match argument {
                Value::String(path) => path.text.split_once('.').map(|(id, rest)| (id.into(), rest.into())),
                Value::Array(array) => match &array.items[..] {
                    [Value::String(id), Value::String(rest)] => Some((id.text.clone(), rest.text.clone())),
                    _ => None,
                },
                _ => None,
            };
            let found: Option<StringValue> = path.and_then(|(id, rest): (Box<str>, Box<str>)| {
                reference(&id, Some(&rest), call.span, template)
            });
            found.map_or(unknown, Value::String)
        }
        ("Fn::Sub", Value::String(text)) => {
            Value::String(substitute(text, call.span, None, template, assumed))
        }
        ("Fn::Sub", Value::Array(array)) => match &array.items[..] {
            [Value::String(text), Value::Object(names)] => {
                Value::String(substitute(text, call.span, Some(names), template, assumed))
            }
            _ => unknown,
        },
        ("Fn::Join", Value::Array(array)) => match &array.items[..] {
            [Value::String(separator), Value::Array(parts)] => {
                Value::String(join(separator, parts, call.span, template, assumed))
            }
            _ => unknown,
        },
        // The text is this value as JSON.
        ("Fn::ToJsonString", inner) => return evaluate(inner, template, assumed),
        _ => unknown,
    })
}

/// What a reference to a resource of the template comes to, as far as its type tells.
fn reference(
    logical_id: &str,
    attribute: Option<&str>,
    span: Span,
    template: Template<'_>,
) -> Option<StringValue> {
    let found =
        template.environment.reference(logical_id, attribute, span).filter(|_| template.references)?;
    template.budget.take(weight_of_text(&found.text), span).then_some(found)
}

/// `${Name}` filled in where that is known, `${!Name}` taken as `${Name}`.
fn substitute(
    string: &StringValue,
    span: Span,
    names: Option<&Object>,
    template: Template<'_>,
    assumed: &mut Vec<Assumed>,
) -> StringValue {
    let text = &*string.text;
    let mut out = Composed::new(span);
    // What names are given is worked out once, however often they are named.
    let given: HashMap<&str, &Value> = names.map_or_else(HashMap::new, |names| {
        names.members.iter().rev().map(|member| (&*member.name.text, &member.value)).collect()
    });
    let mut worked_out: HashMap<&str, Option<StringValue>> = HashMap::new();
    let mut at = 0;
    while let Some(start) = text[at..].find("${").map(|found| at + found) {
        out.push(string, at..start);
        let Some(end) = text[start..].find('}').map(|found| start + found + 1) else {
            at = start;
            break;
        };
        let inside = &text[start + 2..end - 1];
        let place = string.part(start..end);
        let name = inside.trim();
        let fits = |known: &str| template.budget.take(weight_of_text(known), place);
        if let Some(literal) = inside.strip_prefix('!') {
            out.push(string, start..start + 2);
            out.push(string, start + 2 + (inside.len() - literal.len())..end);
        } else if let Some(value) = given.get(name) {
            let known = worked_out.entry(name).or_insert_with(|| match evaluate(value, template, assumed) {
                // Of what is open all over, its own name says as much.
                Some(Value::String(known)) if !known.is_wholly_unknown() => Some(known),
                _ => None,
            });
            match known {
                Some(known) if fits(&known.text) => {
                    out.push_all(&known.clone().standing_at(place));
                }
                _ => out.push_unknown(string, start..end),
            }
        } else {
            let parameter = template.environment.parameter(name);
            match parameter.map(|parameter| (&parameter.value, parameter.is_certain)) {
                Some((Value::String(known), is_certain)) if fits(&known.text) => {
                    if !is_certain {
                        assumed.push(Assumed::default_of(name, place));
                    }
                    out.stand_in(&known.text, place, false);
                }
                Some(_) => out.push_unknown(string, start..end),
                None => {
                    let (id, attribute) = match name.split_once('.') {
                        Some((id, attribute)) => (id, Some(attribute)),
                        None => (name, None),
                    };
                    match reference(id, attribute, place, template) {
                        Some(known) => out.push_all(&known),
                        None => out.push_unknown(string, start..end),
                    }
                }
            }
        }
        at = end;
    }
    out.push(string, at..text.len());
    out.finish()
}

fn join(
    separator: &StringValue,
    parts: &Array,
    span: Span,
    template: Template<'_>,
    assumed: &mut Vec<Assumed>,
) -> StringValue {
    let mut out = Composed::new(span);
    let mut is_first = true;
    for part in &parts.items {
        let place = part.span();
        let Some(value) = evaluate(part, template, assumed) else { continue };
        if !is_first {
            let fits = template.budget.take(weight_of_text(&separator.text), place);
            let between = if fits { &*separator.text } else { "${}" };
            out.stand_in(between, Span::new(place.start, place.start), !fits);
        }
        is_first = false;
        match value {
            Value::String(known) => out.push_all(&known),
            Value::Number(number) => out.stand_in(&number.text, place, false),
            _ => out.stand_in("${}", place, true),
        }
    }
    out.finish()
}
