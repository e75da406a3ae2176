//! Values as HCL writes them.

use crate::host::NewValue;
use crate::syntax::encode;

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
        NewValue::Array(items) => format!("[{}]", items.iter().map(flow).collect::<Vec<_>>().join(", ")),
        NewValue::Object(members) if members.is_empty() => "{}".to_string(),
        NewValue::Object(members) => {
            let members: Vec<String> =
                members.iter().map(|(name, value)| format!("{} = {}", key(name), flow(value))).collect();
            format!("{{ {} }}", members.join(", "))
        }
        other => other.to_string(),
    }
}
