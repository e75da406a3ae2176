use super::inputs;
use crate::declare_rule;
use crate::diagnostic::Findings;
use crate::host::Document;
use crate::rules::task::shape_walk;
use crate::rules::task::unknown_task_field;
use crate::rules::{Around, Rule};

declare_rule! {
    /// Finds fields that the inputs of `create-service`, `update-service`, `run-task` and `start-task` do not have
    /// at their place: misspelt ones, and ones that belong elsewhere.
    ///
    /// The AWS CLI and every SDK refuse the document: `Unknown parameter in input`. `subnets` belong in
    /// `networkConfiguration.awsvpcConfiguration`, `containerName` in an item of `loadBalancers`.
    ///
    /// See "CreateService", "UpdateService", "RunTask" and "StartTask" in the Amazon ECS API Reference.
    pub UnknownServiceField {
        id: "unknown-service-field",
        group: Service,
        severity: Error,
        confidence: High,
        level: Default,
        summary: "the input of a service, or of a task to run, has no such field here",
        sources: ["botocore/unknown-parameter"],
        fix: Safe,
        since: "0.2.0",
        service_messages: ["Parameter validation failed: Unknown parameter in input"],
    }
}

impl Rule for UnknownServiceField {
    fn check_other(&self, document: &Document, _: &Around, acc: &mut Findings) {
        let Some((input, shape)) = inputs::shaped(document) else { return };
        shape_walk::structures(input, shape, &mut |structure| {
            unknown_task_field::check(structure, false, acc)
        });
    }
}
