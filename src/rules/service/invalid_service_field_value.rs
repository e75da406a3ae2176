use crate::catalog;
use crate::declare_rule;
use crate::diagnostic::Findings;
use crate::graph::Neighbours;
use crate::host::value::{Object, StringValue, Value};
use crate::model::{Arn, ArnPart, ServiceInput};
use crate::rules::Rule;
use crate::rules::task::shape_walk::{self, Typed};
use crate::rules::task::{task_field_out_of_range, unknown_task_field_value};

declare_rule! {
    /// Finds values that a field of a service, or of a task to run, does not take: of a fixed list, a number out
    /// of range, or more items than there may be.
    ///
    /// Case counts: `FARGATE`, `REPLICA`, `ENABLED`. ECS refuses the document.
    ///
    /// See "CreateService", "UpdateService", "RunTask" and "StartTask" in the Amazon ECS API Reference.
    pub InvalidServiceFieldValue {
        id: "invalid-service-field-value",
        group: Service,
        reads: [Service],
        on: [Service],
        cases: ["dns-name", "items", "length", "other-arn", "other-id", "started-by"],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "a field of a service, or of a task to run, does not take that value",
        sources: [
            "botocore/invalid-range",
            "cdk-preflight/pf-ecs-svc-connect-client-alias-dns-name",
            "cdk-preflight/pf-ecs-svc-connect-client-aliases-max",
            "cdk-preflight/pf-ecs-svc-placement-strategies-max6",
            "cdk-preflight/pf-ecs-svc-registries-multiple",
        ],
        fix: Unsafe,
        since: "0.2.0",
        service_messages: [
            "Maximum number of strategies is 5",
            "service registries can have at most 1 items",
            "clientAliases exceeds the max limit of 1",
            "The DNS name that you provided is invalid",
        ],
    }
}

impl Rule for InvalidServiceFieldValue {
    fn check_service(&self, service: ServiceInput<'_>, _: &Neighbours, acc: &mut Findings) {
        let Some(shape) = service.shape() else { return };
        let is_json = service.json_shape().is_some();
        shape_walk::values(service.input, shape, &mut |typed| {
            if is_json {
                unknown_task_field_value::check(typed, acc);
            }
            task_field_out_of_range::check(typed, acc);
            match (typed.field.name, typed.value) {
                ("dnsName", Value::String(name)) => alias(name, acc),
                (
                    "targetGroupArn" | "hookTargetArn" | "cluster" | "taskDefinition" | "registryArn"
                    | "roleArn" | "role",
                    Value::String(arn),
                ) => target(typed.field.name, arn, acc),
                ("startedBy", Value::String(name)) => started_by(name, acc),
                ("overrides", value @ Value::Object(_)) => overrides(value, acc),
                _ => {}
            }
            if let Value::String(text) = typed.value {
                length(typed, text, acc);
            }
        });
        network(service, acc);
    }
}

fn length(typed: Typed<'_>, text: &StringValue, acc: &mut Findings) {
    let count = text.text.chars().count();
    let Some(most) = typed.field.limits.max_length.filter(|most| count as i64 > *most) else { return };
    if text.has_unknown() || typed.key.is_some() {
        return;
    }
    let name = acc.name(typed.field.name);
    acc.report(text.content_span(), format!("`{name}` has at most {most} characters, not {count}"))
        .case("length")
        .note("ECS refuses the request.");
}

/// What a task is started by: letters, digits and a few signs.
fn started_by(name: &StringValue, acc: &mut Findings) {
    let field = acc.name("startedBy");
    if let Some(at) = name.text.find(char::is_whitespace).filter(|_| !name.has_unknown()) {
        acc.report(name.part(at..at + 1), format!("`{field}` has a blank in it")).case("started-by").note(
            "It takes letters, digits, hyphens, underscores, slashes and colons. ECS refuses the request.",
        );
    }
}

/// The overrides of a task to run, as JSON.
fn overrides(value: &Value, acc: &mut Findings) {
    let Some(most) = catalog::container_limit("overridesLength") else { return };
    let count = value.characters();
    if count > most {
        let name = acc.name("overrides");
        acc.report(
            value.as_object().map_or(value.span(), Object::open),
            format!("`{name}` has {count} characters, more than {most}"),
        )
        .case("length")
        .note("ECS refuses the request. What is formatted around them counts, too.");
    }
}

/// ARNs of another sort than the field takes.
fn target(field: &str, arn: &StringValue, acc: &mut Findings) {
    let Ok(parsed) = Arn::parse(&arn.text) else { return };
    let resource = parsed.resource.split(['/', ':']).next().unwrap_or_default();
    let is_known = !arn.is_unknown_in(parsed.range(ArnPart::Service))
        && !arn.is_unknown_in(parsed.resource_start(resource.len()));
    let what = match field {
        "targetGroupArn"
            if parsed.service == "elasticloadbalancing"
                && matches!(resource, "loadbalancer" | "listener") =>
        {
            "a target group"
        }
        "hookTargetArn" if !matches!(parsed.service, "lambda" | "") => "a Lambda function",
        "cluster" if (parsed.service, resource) != ("ecs", "cluster") => "a cluster",
        "taskDefinition" if (parsed.service, resource) != ("ecs", "task-definition") => "a task definition",
        "registryArn" if (parsed.service, resource) != ("servicediscovery", "service") => {
            "a service of AWS Cloud Map"
        }
        "role" | "roleArn" if (parsed.service, resource) != ("iam", "role") => "a role",
        _ => return,
    };
    if is_known {
        let name = acc.name(field);
        acc.report(arn.content_span(), format!("`{name}` is the ARN of {what}"))
            .case("other-arn")
            .note("This ARN is that of something else. ECS refuses the request.");
    }
}

/// Ids of another sort among subnets and security groups.
fn network(service: ServiceInput<'_>, acc: &mut Findings) {
    let Some(network) = service.input.object("networkConfiguration") else { return };
    // In a module its arguments stand in the block itself.
    let network = network.object("awsvpcConfiguration").unwrap_or(network);
    for (field, argument, prefix, title) in [
        ("subnets", "subnets", "subnet-", "a subnet"),
        ("securityGroups", "security_groups", "sg-", "a security group"),
    ] {
        let Some(value) = network.get(field).or_else(|| network.get(argument)) else { continue };
        if let Some(list) = value.as_array().filter(|it| it.items.is_empty() && field == "subnets") {
            let name = acc.name(field);
            acc.report(list.span, format!("`{name}` is empty"))
                .case("items")
                .note("ECS refuses the request.");
        }
        for id in value.one_or_many().iter().filter_map(Value::as_string).filter(|id| !id.has_unknown()) {
            let other = ["subnet-", "sg-", "vpc-", "eni-", "rtb-", "igw-"]
                .into_iter()
                .find(|it| id.text.starts_with(it));
            if other.is_some_and(|other| other != prefix) {
                acc.report(id.content_span(), format!("`{}` is not {title}", id.text))
                    .case("other-id")
                    .note(format!("The id of {title} begins with `{prefix}`. ECS refuses the request."));
            }
        }
    }
}

/// The name by which other services reach a Service Connect service.
fn alias(name: &StringValue, acc: &mut Findings) {
    // Letters, digits, hyphens, underscores and dots; what a template fills in is left alone.
    let wrong = name
        .text
        .char_indices()
        .find(|(_, char)| !char.is_ascii_alphanumeric() && !matches!(char, '-' | '_' | '.'));
    if let Some((at, char)) = wrong.filter(|_| !name.has_unknown()) {
        let shown = if char.is_control() { char.escape_default().to_string() } else { char.to_string() };
        acc.report(name.part(at..at + char.len_utf8()), format!("a DNS name has no `{shown}`"))
            .case("dns-name")
            .note("ECS refuses the request: `The DNS name that you provided is invalid`.");
    }
}
