//! The configuration of the ECS container agent: lines of `NAME=value`.

use super::value::{Member, Object, StringValue, Value};
use super::write::{Comments, Container, Group, Layout, Models, Part, Text, combined, groups, plan};
use super::{Document, DocumentKind, Edit, NewValue, placeholder};
use crate::text::{Span, TextEdit};

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
    let value = StringValue::plain(unquoted, span).with_open_parts(placeholder::find(unquoted));
    Some(Member { name: StringValue::plain(name, name_span), value: Value::String(value) })
}

/// The text edits that make `edits`: nothing is quoted, nothing is nested.
pub(super) fn text_edits(text: &str, models: &Models<'_>, edits: &[Edit]) -> Option<Vec<TextEdit>> {
    let layout = Layout { text, whole: text, comments: Comments::Yaml };
    let mut out = Vec::new();
    for Group { model, edits, .. } in groups(models, edits)? {
        let changes = plan(model, &edits)?;
        let is_line = |text: &str| !text.contains(['\n', '\r']);
        for Text { span, text, .. } in changes.texts {
            is_line(text).then(|| out.push(TextEdit { span, text: text.to_string() }))?;
        }
        for (span, value) in changes.values {
            let text = scalar(value).filter(|text| is_line(text))?;
            out.push(TextEdit { span, text });
        }
        for Container { gone, new, .. } in changes.containers {
            for part in gone {
                let Part::Member(name) = part else { return None };
                let rest = layout.rest(name);
                let end = name + rest.find(['\n', '\r']).unwrap_or(rest.len()) as u32;
                let span = Span::new(layout.line_start(name), layout.behind_line_break(end));
                out.push(TextEdit { span, text: String::new() });
            }
            let at = model.document.span.end;
            for (name, value) in new {
                let text = scalar(value).filter(|text| is_line(text))?;
                let text = format!("{}{}={text}", layout.line_break(), name?);
                out.push(TextEdit { span: Span::new(at, at), text });
            }
        }
    }
    combined(out)
}

fn scalar(value: &NewValue) -> Option<String> {
    match value {
        NewValue::String(text) => Some(text.clone()),
        NewValue::Number(number) => Some(number.to_string()),
        NewValue::Bool(value) => Some(value.to_string()),
        _ => None,
    }
}
