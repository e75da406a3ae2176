//! What a statement means, in one sentence and a list.

use super::list;
use crate::model::{Effect, Statement};
use std::fmt::Write;

pub(super) fn about(statement: Statement<'_>) -> String {
    let mut out = match statement.effect() {
        Some(Effect::Deny) => "**Denies**".to_string(),
        Some(Effect::Allow) => "**Allows**".to_string(),
        None => "**Statement**".to_string(),
    };
    let actions: Vec<&str> = statement.listed_actions().map(|it| it.text()).collect();
    let all: Vec<&str> = statement.actions().map(|it| it.text()).collect();
    if actions.is_empty() && !all.is_empty() {
        out.push_str(" every action but ");
        list(&mut out, all.iter().copied(), all.len());
    } else {
        out.push(' ');
        list(&mut out, actions.iter().copied(), actions.len());
    }
    let resources: Vec<&str> = statement.listed_resources().map(|it| &*it.text).collect();
    let every: Vec<&str> = statement.resources().map(|it| &*it.text).collect();
    if resources.is_empty() && !every.is_empty() {
        out.push_str("\n\non everything but ");
        list(&mut out, every.iter().copied(), every.len());
    } else if resources == ["*"] {
        out.push_str("\n\non every resource");
    } else if !resources.is_empty() {
        out.push_str("\n\non ");
        list(&mut out, resources.iter().copied(), resources.len());
    }
    for principal in statement.principals() {
        let word = if principal.negated { "to everyone but" } else { "to" };
        let value = &principal.member.value;
        let mut names: Vec<String> = Vec::new();
        if let Some(text) = value.as_string() {
            names.push(text.text.to_string());
        }
        for member in value.as_object().iter().flat_map(|object| &object.members) {
            let texts = member.value.one_or_many().iter().filter_map(|it| it.as_string());
            names.extend(texts.map(|text| text.text.to_string()));
        }
        if !names.is_empty() {
            let _ = write!(out, "\n\n{word} ");
            list(&mut out, names.iter().map(String::as_str), names.len());
        }
    }
    if let Some(conditions) = statement.object.object("Condition") {
        out.push_str("\n\nwhere\n");
        for operator in &conditions.members {
            for key in operator.value.as_object().iter().flat_map(|object| &object.members) {
                let values: Vec<&str> =
                    key.value.one_or_many().iter().filter_map(|it| Some(&*it.as_string()?.text)).collect();
                let _ = write!(out, "\n* `{}` {} ", key.name.text, operator.name.text);
                list(&mut out, values.iter().copied(), values.len());
            }
        }
    }
    out
}
