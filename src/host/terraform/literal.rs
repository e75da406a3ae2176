//! Values as HCL writes them.

use crate::host::NewValue;
use crate::host::edit::referred;
use crate::syntax::encode;
use crate::text::listed;
use std::fmt::Write as _;

/// What begins a reference, so that it does not.
pub(super) fn escape(text: &str) -> String {
    text.replace("${", "$${").replace("%{", "%%{")
}

pub(super) fn quoted(text: &str) -> String {
    format!("\"{}\"", escape(&encode(text)))
}

pub(super) fn key(name: &str) -> String {
    if is_identifier(name) { name.to_string() } else { quoted(name) }
}

pub(super) fn is_identifier(text: &str) -> bool {
    text.starts_with(|char: char| char.is_ascii_alphabetic() || char == '_')
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
}

/// A value on one line.
pub(super) fn flow(value: &NewValue) -> String {
    match value {
        NewValue::String(text) => quoted(text),
        NewValue::Array(items) => format!("[{}]", listed(items.iter().map(flow))),
        NewValue::Object(_) if referred(value).is_some() => match referred(value) {
            Some((path, "")) => path.to_string(),
            Some((path, behind)) => format!("\"${{{path}}}{}\"", escape(&encode(behind))),
            None => String::new(),
        },
        NewValue::Object(members) if members.is_empty() => "{}".to_string(),
        NewValue::Object(members) => {
            let members: Vec<String> =
                members.iter().map(|(name, value)| format!("{} = {}", key(name), flow(value))).collect();
            format!("{{ {} }}", listed(members))
        }
        other => other.to_string(),
    }
}

/// Names with their values, and blocks without a name, each behind `line`; the signs of those on one line
/// stand below each other, as `terraform fmt` has them.
pub(super) fn assignments(parts: Vec<(Option<String>, String)>, line: &str) -> String {
    let width_of = |(name, text): &(Option<String>, String)| {
        name.as_ref().filter(|_| !text.contains('\n')).map(|name| name.chars().count())
    };
    let mut out = String::new();
    for run in parts.chunk_by(|a, b| width_of(a).is_some() && width_of(b).is_some()) {
        let width = run.iter().filter_map(width_of).max().unwrap_or_default();
        for (name, text) in run {
            let _ = match name {
                Some(name) => write!(out, "{line}{name:width$} = {text}"),
                None => write!(out, "{line}{text}"),
            };
        }
    }
    out
}
