use super::shape_walk::{self, Typed};
use super::wrong_task_field_type::switch_named;
use crate::catalog::{self, FieldType, Guess};
use crate::declare_rule;
use crate::diagnostic::{Findings, Fix, Severity};
use crate::host::Edit;
use crate::model::{Container, TaskContext, TaskDefinition};
use crate::rules::Rule;
use crate::text::quoted;

declare_rule! {
    /// Finds values that a field with a fixed list of values does not take.
    ///
    /// Case counts: `FARGATE`, `awsvpc`, `X86_64`. ECS refuses the document.
    ///
    /// ```text
    /// "requiresCompatibilities": ["fargate"]     refused
    /// "requiresCompatibilities": ["FARGATE"]     right
    /// ```
    ///
    /// `networkMode` `default` is only mentioned: AWS's pages differ on it.
    ///
    /// An unknown `protocol` of a port mapping is not refused but taken for `tcp`: a warning.
    ///
    /// See "RegisterTaskDefinition" in the Amazon ECS API Reference.
    pub UnknownTaskFieldValue {
        id: "unknown-task-field-value",
        group: Task,
        reads: [Container, Task],
        cases: ["network-mode", "protocol"],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "a field does not take that value",
        sources: [],
        fix: Unsafe,
        since: "0.1.0",
        service_messages: ["should be one of", "is not a valid value", "Must be one of"],
    }
}

impl Rule for UnknownTaskFieldValue {
    fn check_task(&self, task: TaskDefinition<'_>, context: &TaskContext, acc: &mut Findings) {
        if let Some(head) = task.head {
            shape_walk::values(head, shape_walk::task(context), &mut |typed| check(typed, acc));
        }
    }

    fn check_container(&self, container: Container<'_>, task: &TaskContext, acc: &mut Findings) {
        shape_walk::values(container.object, shape_walk::container(task), &mut |typed| check(typed, acc));
    }
}

pub(in crate::rules) fn check(typed: Typed<'_>, acc: &mut Findings) {
    let network_mode = acc.name("networkMode");
    let FieldType::Enum(values) = typed.field_type else { return };
    let Some(string) = typed.value.as_string().filter(|string| !string.has_unknown()) else { return };
    if values.contains(&&*string.text) {
        return;
    }
    // `firelens` for `awsfirelens`: the only value that the word is a part of.
    let mut holders = values.iter().filter(|value| string.text.len() > 3 && value.contains(&*string.text));
    let holder = holders.next().filter(|_| holders.next().is_none());
    let near = switch_named(values, &string.text)
        .map(Guess::plain)
        .or_else(|| catalog::guess(&string.text, values.iter().copied()))
        .or_else(|| holder.map(|word| Guess { word: *word, is_plain: false }));
    let span = if string.text.is_empty() { string.span } else { string.content_span() };
    let name = typed.field.name;
    let hint = near
        .filter(|_| !string.text.is_empty())
        .map_or_else(String::new, |near| format!("; did you mean `{}`?", near.word));
    let finding = acc.report(span, format!("`{}` does not take `{}`{hint}", acc.name(name), string.text));
    let listed = quoted(values.iter().take(12));
    let more = if values.len() > 12 { ", …" } else { "" };
    if name == "protocol" {
        finding
            .severity(Severity::Warning)
            .case("protocol")
            .note(format!("It takes {listed}. Anything else is taken for `tcp` without a word."));
    } else if name == "networkMode" && &*string.text == "default" {
        // The developer guide knows it, for Windows; the API's model does not.
        finding.severity(Severity::Info).case("network-mode").note(format!(
            "The API takes {listed}. What the guide calls `default` is the mode of Windows tasks that state none."
        ));
        finding.fix(Fix::unsafe_(
            format!("Remove `{network_mode}`"),
            vec![Edit::RemoveMember { span: string.span }],
        ));
        return;
    } else {
        finding.note(format!("It takes {listed}{more}. ECS refuses the document."));
    }
    if let Some(near) = near.filter(|_| !string.text.is_empty()) {
        finding.fix(Fix::guess(span, near));
    }
}
