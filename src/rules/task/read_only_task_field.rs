use crate::catalog::{DAEMON_ARN, READ_ONLY_FIELDS};
use crate::declare_rule;
use crate::diagnostic::{Findings, Fix};
use crate::host::value::Member;
use crate::host::{Edit, Form};
use crate::model::{TaskContext, TaskDefinition};
use crate::rules::Rule;
use crate::text::listed;

declare_rule! {
    /// Finds fields that only `describe-task-definition` writes, such as `taskDefinitionArn`, `revision` and
    /// `status`, and the wrapper around its answer.
    ///
    /// `register-task-definition` refuses them: `Unknown parameter in input: "taskDefinitionArn"`. They come
    /// with every document copied from the console or from the CLI's output. Some deploy tools strip them,
    /// the CLI and the SDKs do not.
    ///
    /// One finding stands for all of them. The fix removes them, but not from a whole answer: that is a record of what
    /// AWS said, and without them still no input.
    ///
    /// See "TaskDefinition" in the Amazon ECS API Reference.
    pub ReadOnlyTaskField {
        id: "read-only-task-field",
        group: Task,
        reads: [Task],
        cases: ["described", "wrapped"],
        severity: Warning,
        confidence: High,
        level: Default,
        summary: "fields that only describe-task-definition writes",
        sources: ["botocore/unknown-parameter"],
        fix: Safe,
        since: "0.1.0",
        service_messages: ["Unknown parameter in input: \"taskDefinitionArn\"", "Unknown parameter in input: \"compatibilities\""],
    }
}

impl Rule for ReadOnlyTaskField {
    fn check_task(&self, task: TaskDefinition<'_>, _context: &TaskContext, acc: &mut Findings) {
        let task_definition = acc.name("taskDefinition");
        let Some(head) = task.head else { return };
        let is_read_only = |name: &str| READ_ONLY_FIELDS.contains(&name) || name == DAEMON_ARN;
        let fields: Vec<&Member> =
            head.members.iter().filter(|member| is_read_only(&member.name.text)).collect();
        let Some(first) = fields.first() else { return };
        let names: Vec<String> = fields.iter().map(|member| format!("`{}`", member.name.text)).collect();
        let message = match names.as_slice() {
            [one] => format!("{one} is a field that only AWS writes"),
            [first, rest @ ..] => format!("{first} and {} more are fields that only AWS writes", rest.len()),
            [] => return,
        };
        let finding = acc.report(first.name.content_span(), message);
        if task.document.form == Form::DescribedAndWrapped {
            finding.case("wrapped").note(
                format!("This is the answer of describe-task-definition. `register-task-definition` takes what is inside of \
                 `{task_definition}`, without the fields that AWS adds."),
            );
            return;
        }
        finding.case("described").note(format!(
            "`register-task-definition` refuses {}: `Unknown parameter in input`.",
            listed(&names)
        ));
        let edits = fields.iter().map(|member| Edit::RemoveMember { span: member.name.span }).collect();
        finding.fix(Fix::safe("Remove the fields that only AWS writes", edits));
    }
}
