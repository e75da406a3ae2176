use crate::declare_rule;
use crate::diagnostic::Findings;
use crate::model::{TaskContext, TaskDefinition};
use crate::rules::Rule;

declare_rule! {
    /// Finds tasks whose task role is their task execution role, too.
    ///
    /// The execution role is for ECS itself: it pulls the image, writes the logs and reads the secrets before a
    /// container starts. The task role is for the code in the containers. With one role for both, the code may
    /// read every secret and every image that ECS may, at any time.
    ///
    /// See "Best practices for IAM roles in Amazon ECS" in the Amazon ECS Developer Guide.
    pub SameRoleTwice {
        id: "same-role-twice",
        group: Task,
        reads: [Task],
        severity: Info,
        confidence: High,
        level: Default,
        summary: "the task role is the task execution role, too",
        sources: ["checkov/CKV_AWS_249"],
        fix: None,
        since: "0.2.0",
    }
}

impl Rule for SameRoleTwice {
    fn check_task(&self, task: TaskDefinition<'_>, _context: &TaskContext, acc: &mut Findings) {
        let Some(head) = task.head else { return };
        let note =
            "The code in the containers may do all that ECS may do to start them. Give it a role of its own.";
        let message = "the task role is the task execution role, too";
        let target = |field: &str| task.document.references.iter().find(|it| *it.field == *field);
        if let (Some(role), Some(execution)) = (target("taskRoleArn"), target("executionRoleArn")) {
            if role.target == execution.target {
                acc.report(role.span, message).note(note).related(execution.span, "the execution role");
            }
            return;
        }
        let (Some(role), Some(execution)) = (head.string("taskRoleArn"), head.string("executionRoleArn"))
        else {
            return;
        };
        if role.text == execution.text && !role.has_unknown() && !role.text.is_empty() {
            acc.report(role.content_span(), message)
                .note(note)
                .related(execution.content_span(), "the execution role");
        }
    }
}
