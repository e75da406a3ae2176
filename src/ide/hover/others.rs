//! Names outside of policies and task definitions: variables of the container agent, members of `.passrole.jsonc`,
//! policy templates of SAM.

use super::{Hover, NAMES, list};
use crate::catalog::{self, AgentValue};
use crate::host::Parsed;
use crate::ide::completion::described;
use crate::ide::{File, prose};
use crate::text::{Source, Span};
use serde_json::Value;
use std::fmt::Write;

/// About the name at an offset of the agent's configuration or of passrole's own.
pub(super) fn about(file: &File<'_>, offset: u32) -> Option<Hover> {
    if !matches!(file.report.parsed, Parsed::AgentConfig(_)) {
        let (span, name, text) = described(file, offset)?;
        return Some(Hover { span, markdown: format!("**{name}**\n\n{text}") });
    }
    let line = file.text.line_span(file.text.line_of(offset));
    let text = file.text.slice(line);
    let end = text.find('=')?;
    let name = text[..end].trim();
    let start = end - text[..end].trim_start().len();
    let span = Span::new(line.start + start as u32, line.start + (start + name.len()) as u32);
    let variable = catalog::agent_variable(name).filter(|_| span.touches(offset))?;
    let mut markdown = format!("**{name}** · {}", type_of(variable.value));
    if let AgentValue::Enum(values) = variable.value {
        markdown.push_str(": ");
        list(&mut markdown, values.iter().copied(), values.len());
    }
    if let Some(prose) = prose::other(name) {
        let _ = write!(markdown, "\n\n{prose}");
    }
    markdown.push_str(
        "\n\n[Amazon ECS Developer Guide](https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-agent-config.html)",
    );
    Some(Hover { span, markdown })
}

/// What a variable takes, in words.
pub(in crate::ide) fn type_of(value: AgentValue) -> &'static str {
    match value {
        AgentValue::Boolean => "boolean",
        AgentValue::Integer { .. } => "whole number",
        AgentValue::Duration => "duration",
        AgentValue::List => "JSON list",
        AgentValue::Object => "JSON object",
        AgentValue::Enum(_) => "one of a few",
        AgentValue::Text => "text",
    }
}

/// About a policy template of SAM.
pub(super) fn policy_template(name: &str) -> Option<String> {
    let template = catalog::sam_policy_template(name)?;
    let statements: Value = serde_json::from_str(template.statements).ok()?;
    let mut actions: Vec<&str> = Vec::new();
    for statement in statements.as_array()? {
        match &statement["Action"] {
            Value::Array(all) => actions.extend(all.iter().filter_map(Value::as_str)),
            one => actions.extend(one.as_str()),
        }
    }
    let mut out = format!("**{name}** · policy template of AWS SAM\n\nAllows ");
    list(&mut out, actions.iter().copied(), actions.len());
    if !template.parameters.is_empty() {
        out.push_str("\n\nParameters: ");
        list(&mut out, template.parameters.iter().take(NAMES).copied(), template.parameters.len());
    }
    Some(out)
}
