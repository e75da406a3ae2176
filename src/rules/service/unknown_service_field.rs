use super::linked_task;
use crate::catalog::READ_ONLY_SERVICE_FIELDS;
use crate::declare_rule;
use crate::diagnostic::{Findings, Fix, Severity};
use crate::graph::Neighbours;
use crate::host::Edit;
use crate::host::value::Member;
use crate::model::ServiceInput;
use crate::rules::Rule;
use crate::rules::task::shape_walk;
use crate::rules::task::unknown_task_field;

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
        reads: [Service],
        on: [Service],
        cases: ["belongs-elsewhere", "described", "typo"],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "the input of a service, or of a task to run, has no such field here",
        sources: ["botocore/unknown-parameter"],
        fix: Unsafe,
        since: "0.2.0",
        service_messages: ["Parameter validation failed: Unknown parameter in input"],
    }
}

impl Rule for UnknownServiceField {
    fn check_service(&self, service: ServiceInput<'_>, _: &Neighbours, acc: &mut Findings) {
        unknown_task_field::misspelt(service.document, acc);
        let input = service.input;
        let Some(shape) = service.json_shape() else { return };
        shape_walk::structures(input, shape, &mut |structure| {
            unknown_task_field::check(structure, false, service.document.naming, acc);
        });
        let read_only: Vec<&Member> = input
            .members
            .iter()
            .filter(|member| {
                shape.field(&member.name.text).is_none()
                    && READ_ONLY_SERVICE_FIELDS.contains(&&*member.name.text)
            })
            .collect();
        let Some(first) = read_only.first() else { return };
        // Tasks to run have none of them, so there they are unknown like any other.
        if !matches!(shape.name, "CreateServiceRequest" | "UpdateServiceRequest") {
            return;
        }
        let names = linked_task::listed(read_only.iter().map(|member| &*member.name.text));
        let are = if read_only.len() == 1 { "is a field" } else { "are fields" };
        acc.report(first.name.content_span(), format!("{names} {are} that only describe-services writes"))
            .case("described")
            .severity(Severity::Warning)
            .note("The AWS CLI and the SDKs refuse them: `Unknown parameter in input`. Some deploy tools leave them out.")
            .fix(Fix::safe(
                "Remove the fields that only AWS writes",
                read_only.iter().map(|member| Edit::RemoveMember { span: member.name.span }).collect(),
            ));
    }
}
