use crate::declare_rule;
use crate::diagnostic::Findings;
use crate::graph::Neighbours;
use crate::model::ServiceInput;
use crate::rules::Rule;
use crate::rules::task::shape_walk;
use crate::rules::task::wrong_task_field_type;

declare_rule! {
    /// Finds values of the wrong JSON type in the inputs of `create-service`, `update-service`, `run-task` and
    /// `start-task`: a port or a desired count in quotes, a list where an object belongs.
    ///
    /// The AWS CLI and every SDK refuse the document: `Invalid type for parameter`.
    ///
    /// See "CreateService", "UpdateService", "RunTask" and "StartTask" in the Amazon ECS API Reference.
    pub WrongServiceFieldType {
        id: "wrong-service-field-type",
        group: Service,
        reads: [Service],
        on: [Service],
        cases: ["null"],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "a value of a service, or of a task to run, has the wrong JSON type",
        sources: ["botocore/invalid-type"],
        fix: Unsafe,
        since: "0.2.0",
        service_messages: ["Invalid type for parameter", "Parameter validation failed"],
    }
}

impl Rule for WrongServiceFieldType {
    fn check_service(&self, service: ServiceInput<'_>, _: &Neighbours, acc: &mut Findings) {
        let Some(shape) = service.json_shape() else { return };
        let mut nulls = Vec::new();
        shape_walk::values(service.input, shape, &mut |typed| {
            wrong_task_field_type::check(typed, true, &mut nulls, acc)
        });
        wrong_task_field_type::report_nulls(&nulls, true, false, acc);
    }
}
