use crate::declare_rule;
use crate::diagnostic::{Finding, Findings};
use crate::host::value::{StringValue, Value};
use crate::model::{TaskContext, TaskDefinition};
use crate::rules::Rule;

declare_rule! {
    /// Finds families and volumes whose name ECS does not take.
    ///
    /// A name has 1 to 255 letters, digits, hyphens and underscores. ECS refuses dots, slashes, colons and
    /// blanks, and says so without naming the place: `Family contains invalid characters`,
    /// `volume.name contains invalid characters`.
    ///
    /// ```text
    /// "family": "web.production"       refused
    /// "family": "web-production"       right
    /// ```
    ///
    /// See "RegisterTaskDefinition" and "Volume" in the Amazon ECS API Reference.
    pub InvalidTaskName {
        id: "invalid-task-name",
        group: Task,
        reads: [Task],
        cases: ["characters", "length"],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "a family or volume has a name that ECS does not take",
        sources: ["cdk-preflight/pf-ecs-taskdef-family", "cfn-lint/E3031"],
        fix: None,
        since: "0.2.0",
        service_messages: [
            "Family contains invalid characters",
            "Family is too long",
            "volume.name contains invalid characters",
            "Volume.name contains invalid characters",
        ],
    }
}

/// In characters. From "RegisterTaskDefinition" in the Amazon ECS API Reference.
const LONGEST: usize = 255;

impl Rule for InvalidTaskName {
    fn check_task(&self, task: TaskDefinition<'_>, _context: &TaskContext, acc: &mut Findings) {
        let Some(head) = task.head else { return };
        if let Some(family) = head.string("family") {
            check(family, "family", "Family", acc);
        }
        for volume in head.items("volumes").iter().filter_map(Value::as_object) {
            if let Some(name) = volume.string("name") {
                check(name, "volume", "volume.name", acc);
            }
        }
    }
}

/// Of a container too. What it reports is given back, so that more can be said.
pub(super) fn check<'f>(
    name: &StringValue,
    what: &str,
    field: &str,
    acc: &'f mut Findings,
) -> Option<&'f mut Finding> {
    // What is empty is missing, which is another rule's.
    if name.has_unknown() || name.text.is_empty() {
        return None;
    }
    let wrong =
        name.text.char_indices().find(|(_, char)| !char.is_ascii_alphanumeric() && !"-_".contains(*char));
    let (span, message, case, note) = match wrong {
        // Nobody means a brace: something is to be put in its place.
        Some((_, '{' | '<')) => return None,
        Some((at, char)) => {
            let shown = if char.is_control() { char.escape_default().to_string() } else { char.to_string() };
            (
                name.part(at..at + char.len_utf8()),
                format!("the name of a {what} has no `{shown}`"),
                "characters",
                format!(
                    "It has letters, digits, hyphens and underscores. ECS refuses the task definition: `{field} contains invalid characters`."
                ),
            )
        }
        None if name.text.len() > LONGEST => (
            name.content_span(),
            format!("the name of a {what} has at most {LONGEST} characters, not {}", name.text.len()),
            "length",
            "ECS refuses the task definition.".to_string(),
        ),
        None => return None,
    };
    let finding = acc.report(span, message);
    finding.case(case).note(note);
    Some(finding)
}
