use crate::declare_rule;
use crate::diagnostic::Findings;
use crate::graph::Neighbours;
use crate::model::ServiceInput;
use crate::rules::Rule;
use crate::rules::task::missing_task_field;
use crate::rules::task::shape_walk;

declare_rule! {
    /// Finds structures of a service, or of a task to run, without a field that they must have: `subnets` of a
    /// network configuration, `portName` of a Service Connect service, `roleArn` of an EBS volume.
    ///
    /// Fields of the input itself, such as `serviceName`, may be given on the command line and are not asked for.
    ///
    /// See "CreateService", "UpdateService", "RunTask" and "StartTask" in the Amazon ECS API Reference.
    pub MissingServiceField {
        id: "missing-service-field",
        group: Service,
        reads: [Service],
        on: [Service],
        cases: ["absent", "empty"],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "a structure of a service, or of a task to run, lacks a field",
        sources: ["botocore/missing-parameter"],
        fix: None,
        since: "0.2.0",
        service_messages: ["Missing required parameter in"],
    }
}

impl Rule for MissingServiceField {
    fn check_service(&self, service: ServiceInput<'_>, _: &Neighbours, acc: &mut Findings) {
        let Some(shape) = service.shape().filter(|_| !service.is_skeleton()) else { return };
        let is_json = service.json_shape().is_some();
        shape_walk::structures(service.input, shape, &mut |structure| {
            if structure.field.is_some() {
                if is_json {
                    missing_task_field::by_shape(structure, acc);
                }
                missing_task_field::by_ecs(structure, acc);
            }
        });
    }
}
