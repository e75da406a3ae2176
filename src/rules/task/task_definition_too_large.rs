use crate::declare_rule;
use crate::diagnostic::Findings;
use crate::model::{TaskContext, TaskDefinition};
use crate::rules::Rule;

declare_rule! {
    /// Finds task definitions above 64 KiB.
    ///
    /// ECS takes requests of 65,536 bytes: `Actual length: '70000'. Max allowed length is '65536' bytes.` White
    /// space between values is not counted here; the AWS CLI and the SDKs send none.
    ///
    /// Keep configuration in files of the image, in environment files on S3, or in secrets.
    ///
    /// See "Amazon ECS service quotas" in the Amazon ECS Developer Guide.
    pub TaskDefinitionTooLarge {
        id: "task-definition-too-large",
        group: Task,
        reads: [Task],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "the task definition is larger than ECS takes",
        sources: [],
        fix: None,
        since: "0.2.0",
        service_messages: ["Max allowed length is '65536' bytes", "Actual length"],
    }
}

/// In bytes. From "Amazon ECS service quotas" in the Amazon ECS Developer Guide.
const LARGEST: u32 = 65_536;

impl Rule for TaskDefinitionTooLarge {
    fn check_task(&self, task: TaskDefinition<'_>, context: &TaskContext, acc: &mut Findings) {
        let document = task.document;
        // As a text it is longer than as a request, but for escapes that nobody writes.
        let text =
            document.units_span.map_or(document.span.len(), |units| document.span.len().max(units.len()));
        if text <= LARGEST || context.described {
            return;
        }
        let mut counted = document.head.characters();
        for placed in &document.units {
            counted += placed.unit.characters() + 1;
        }
        if counted > LARGEST {
            let span = match task.head {
                Some(head) => head.open(),
                None => return,
            };
            acc.report(span, format!("the task definition has more than {LARGEST} bytes"))
                .note("ECS refuses it: `Max allowed length is '65536' bytes`.");
        }
    }
}
