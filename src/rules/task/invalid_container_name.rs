use super::{invalid_task_name, values};
use crate::declare_rule;
use crate::diagnostic::{Findings, Fix};
use crate::host::Edit;
use crate::model::{Container, TaskContext};
use crate::rules::Rule;

declare_rule! {
    /// Finds container names with characters other than letters, digits, hyphens and underscores, and names of more
    /// than 255 characters.
    ///
    /// ECS refuses the task definition.
    ///
    /// See "ContainerDefinition" in the Amazon ECS API Reference.
    pub InvalidContainerName {
        id: "invalid-container-name",
        group: Task,
        reads: [Container],
        cases: ["characters"],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "a container's name has characters that ECS refuses",
        sources: [],
        fix: Unsafe,
        since: "0.1.0",
        service_messages: ["Container.name contains invalid characters"],
    }
}

impl Rule for InvalidContainerName {
    fn check_container(&self, container: Container<'_>, _task: &TaskContext, acc: &mut Findings) {
        // Blank names are another rule's matter.
        let Some(name) = values::stated(container.object, "name").filter(|name| !name.text.trim().is_empty())
        else {
            return;
        };
        let Some(finding) = invalid_task_name::check(name, "container", "Container.name", acc) else {
            return;
        };
        if finding.case == "characters" {
            let is_fine = |it: char| it.is_ascii_alphanumeric() || matches!(it, '-' | '_');
            let repaired: String = name.text.chars().map(|it| if is_fine(it) { it } else { '-' }).collect();
            finding.fix(Fix::unsafe_(
                format!("Replace with `{repaired}`"),
                vec![Edit::ReplaceText { span: name.content_span(), text: repaired.into() }],
            ));
        }
    }
}
