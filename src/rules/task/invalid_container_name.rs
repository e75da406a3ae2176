use super::values;
use crate::catalog;
use crate::declare_rule;
use crate::diagnostic::{Findings, Fix};
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
        let is_fine = |it: char| it.is_ascii_alphanumeric() || matches!(it, '-' | '_');
        if let Some((at, wrong)) = name.text.char_indices().find(|(_, it)| !is_fine(*it)) {
            let span = name.part(at..at + wrong.len_utf8());
            let shown = if wrong == ' ' { "a blank".to_string() } else { format!("`{wrong}`") };
            let repaired: String = name.text.chars().map(|it| if is_fine(it) { it } else { '-' }).collect();
            acc.report(span, format!("the container's name has {shown} in it"))
                .case("characters")
                .note("It takes letters, digits, hyphens and underscores. ECS refuses the task definition.")
                .fix(Fix::unsafe_(
                    format!("Replace with `{repaired}`"),
                    vec![crate::host::Edit::ReplaceText {
                        span: name.content_span(),
                        text: repaired.as_str().into(),
                    }],
                ));
        } else if let Some(most) = catalog::container_limit("nameLength")
            && name.text.len() > most as usize
        {
            acc.report(name.content_span(), format!("the container's name has more than {most} characters"))
                .case("length")
                .note("ECS refuses the task definition.");
        }
    }
}
