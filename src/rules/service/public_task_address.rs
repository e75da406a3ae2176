use crate::declare_rule;
use crate::diagnostic::Findings;
use crate::graph::Neighbours;
use crate::host::value::{Object, Value};
use crate::model::ServiceInput;
use crate::rules::Rule;

declare_rule! {
    /// Finds services, and tasks to run, that get public addresses.
    ///
    /// With `assignPublicIp` every task can be reached from the internet as far as its security groups let it.
    /// Behind a load balancer, in private subnets with a NAT gateway or VPC endpoints, tasks need none.
    ///
    /// See "Amazon ECS task networking options for the Fargate launch type" in the Amazon ECS Developer Guide.
    pub PublicTaskAddress {
        id: "public-task-address",
        group: Service,
        reads: [Service],
        on: [Service],
        severity: Info,
        confidence: High,
        level: Pedantic,
        summary: "the tasks get public addresses",
        sources: [
            "checkov/CKV_AWS_333",
            "prowler/ecs_service_no_assign_public_ip",
            "security-hub/ECS.2",
        ],
        fix: None,
        since: "0.2.0",
    }
}

impl Rule for PublicTaskAddress {
    fn check_service(&self, service: ServiceInput<'_>, _: &Neighbours, acc: &mut Findings) {
        let network = service.input.object("networkConfiguration");
        let Some(value) = network.and_then(assigned) else { return };
        let span = match value {
            Value::String(text) if &*text.text == "ENABLED" => text.content_span(),
            Value::Bool(true, span) => *span,
            _ => return,
        };
        acc.report(span, "the tasks get public addresses")
            .note("They can be reached from the internet as far as their security groups let them.");
    }
}

/// Terraform writes it in the block itself, as a boolean.
fn assigned(network: &Object) -> Option<&Value> {
    let vpc = network.object("awsvpcConfiguration");
    vpc.and_then(|vpc| vpc.get("assignPublicIp")).or_else(|| network.get("assign_public_ip"))
}
