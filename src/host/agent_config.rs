//! The configuration of the ECS container agent: lines of `NAME=value`.

use super::value::{Member, Object, StringValue, Value};
use super::{Document, DocumentKind, placeholder};
use crate::text::Span;

/// The document of a text; `None` where no line sets a variable of the agent.
pub(super) fn document(text: &str) -> Option<Document> {
    let mut members = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len() as u32;
        members.extend(variable(line, start));
    }
    let is_ours = members.iter().any(|member: &Member| member.name.text.starts_with("ECS_"));
    let span = Span::new(members.first()?.span().start, members.last()?.span().end);
    let head = Value::Object(Object { span, members });
    is_ours.then(|| Document::of(DocumentKind::AgentConfig, "it sets variables of the ECS agent", head, ""))
}

fn variable(line: &str, start: u32) -> Option<Member> {
    let indent = line.len() - line.trim_start().len();
    let content = line.trim();
    if content.starts_with('#') {
        return None;
    }
    let (name, value) = content.split_once('=')?;
    let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if !is_name {
        return None;
    }
    let from = start + indent as u32;
    let name_span = Span::new(from, from + name.len() as u32);
    let value_start = name_span.end + 1;
    let span = Span::new(value_start, value_start + value.len() as u32);
    // Shells and systemd take quotes off.
    let unquoted = ['"', '\'']
        .into_iter()
        .find_map(|quote| value.strip_prefix(quote)?.strip_suffix(quote))
        .unwrap_or(value);
    let value = StringValue { unknown: placeholder::find(unquoted), ..StringValue::plain(unquoted, span) };
    Some(Member { name: StringValue::plain(name, name_span), value: Value::String(value) })
}
