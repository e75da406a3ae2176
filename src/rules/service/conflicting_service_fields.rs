use super::inputs::{self, Operation, known, objects};
use crate::catalog;
use crate::declare_rule;
use crate::diagnostic::{Finding, Findings, Fix, Severity};
use crate::graph::Neighbours;
use crate::host::value::{Member, Object, Value};
use crate::host::{Document, Edit, Naming};
use crate::rules::Rule;
use crate::text::Span;

declare_rule! {
    /// Finds settings of a service, or of a task to run, that ECS does not take together.
    ///
    /// | with | not |
    /// |---|---|
    /// | `launchType` | `capacityProviderStrategy` |
    /// | `launchType` `EC2` | `platformVersion` |
    /// | Fargate | placement constraints and strategies, Classic Load Balancers, `DAEMON` |
    /// | `launchType` `EXTERNAL` | `loadBalancers`, `serviceRegistries` (a warning) |
    /// | `DAEMON` | `desiredCount`, placement strategies, `maximumPercent` above 100, Availability Zone rebalancing, the deployment controllers `CODE_DEPLOY` and `EXTERNAL` |
    /// | deployment controller `EXTERNAL` | `loadBalancers`, `taskDefinition` |
    /// | deployment controller `CODE_DEPLOY` | no load balancer; a circuit breaker |
    /// | `targetGroupArn` | `loadBalancerName` in the same item |
    /// | `role` | no load balancer, or a `networkConfiguration` |
    /// | `distinctInstance` | `expression` |
    /// | `random` | `field`; `binpack` has `cpu` or `memory` |
    /// | `minimumHealthyPercent` | a `maximumPercent` that is no higher; it is at most 100, the other at least |
    /// | a `base` of one capacity provider | of another; and some `weight` is above zero |
    /// | EBS `iops`, `throughput` | volume types that have none; and `sizeInGiB` or `snapshotId` is there |
    ///
    /// ECS refuses the request, one of them at a time.
    ///
    /// See "CreateService" and "RunTask" in the Amazon ECS API Reference.
    pub ConflictingServiceFields {
        id: "conflicting-service-fields",
        group: Service,
        reads: [Other],
        on: [Service],
        cases: ["binpack-field", "circuit-breaker", "classic", "code-deploy", "daemon-controller", "daemon-count", "daemon-fargate", "daemon-percent", "daemon-placement", "daemon-rebalancing", "distinct-instance", "ebs-iops", "ebs-size", "ebs-throughput", "external-controller", "external-launch-type", "fargate-placement", "launch-type-and-strategy", "maximum-percent", "minimum-percent", "percents", "platform-version", "random-field", "role-with-network", "role-without-load-balancer", "two-bases", "two-targets", "zero-weight"],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "ECS does not take these settings together",
        sources: [
            "cdk-preflight/pf-ecs-service-codedeploy-lb",
            "cdk-preflight/pf-ecs-service-daemon-desired-count",
            "cdk-preflight/pf-ecs-service-deployment-percent",
            "cdk-preflight/pf-ecs-service-fargate-placement",
            "cdk-preflight/pf-ecs-service-launch-type-capacity-provider",
            "cdk-preflight/pf-ecs-service-lb-target-exclusive",
            "cdk-preflight/pf-ecs-service-platform-version-ec2",
            "cdk-preflight/pf-ecs-svc-az-rebalancing-with-daemon",
            "cfn-lint/E3044",
            "cdk-preflight/pf-ecs-svc-binpack-field",
            "cdk-preflight/pf-ecs-svc-capacity-provider-multiple-base",
            "cdk-preflight/pf-ecs-svc-capacity-provider-zero-weight",
            "cdk-preflight/pf-ecs-svc-circuit-breaker-with-code-deploy",
            "cdk-preflight/pf-ecs-svc-classic-lb-with-fargate",
            "cdk-preflight/pf-ecs-svc-daemon-max-percent",
            "cdk-preflight/pf-ecs-svc-daemon-with-placement-strategies",
            "cdk-preflight/pf-ecs-svc-ebs-iops-unsupported-type",
            "cdk-preflight/pf-ecs-svc-ebs-throughput-non-gp3",
            "cdk-preflight/pf-ecs-svc-ebs-volume-without-size-or-snapshot",
            "cdk-preflight/pf-ecs-svc-external-with-load-balancers",
            "cdk-preflight/pf-ecs-svc-external-with-taskdef",
            "cdk-preflight/pf-ecs-svc-min-healthy-over-max-percent",
            "cdk-preflight/pf-ecs-svc-placement-constraint-distinct-instance-expression",
            "cdk-preflight/pf-ecs-svc-random-with-field",
            "cdk-preflight/pf-ecs-svc-role-with-awsvpc",
            "cdk-preflight/pf-ecs-svc-role-without-load-balancers",
        ],
        fix: Unsafe,
        since: "0.2.0",
        service_messages: [
            "Specifying both a launch type and capacity provider strategy is not supported",
            "The platform version must be null when specifying an EC2 launch type",
            "The daemon scheduling strategy does not support",
            "The daemon scheduling strategy is not supported",
            "Availability Zone Rebalancing does not support DAEMON services",
            "Classic Load Balancers are not supported with Fargate",
            "loadBalancerName and targetGroupArn cannot both be specified",
            "LoadBalancers must be empty or null",
            "TaskDefinition must be blank",
            "the service requires an Application Load Balancer or Network Load Balancer",
            "You cannot specify an IAM role for services that require a service linked role",
            "IAM roles are only valid for services configured to use load balancers",
            "distinctInstance expression should not be specified",
            "random field should not be specified",
            "binpack field is invalid",
            "minimumHealthyPercent must be at most 100",
            "maximumPercent must be at least 100",
            "Both maximumPercent and minimumHealthyPercent cannot be 100 as this will block deployments",
            "There are multiple capacity providers in the specified capacity provider strategy with a base value defined",
            "There are no capacity providers in the capacity provider strategy with a weight value greater than zero",
            "ECS managed EBS volume configuration was invalid",
        ],
    }
}

impl Rule for ConflictingServiceFields {
    fn check_other(&self, document: &Document, _: &Neighbours, acc: &mut Findings) {
        let Some(input) = inputs::of(document) else { return };
        // A skeleton, of which nothing is filled in yet.
        if input.string("serviceName").is_some_and(|name| name.text.is_empty()) {
            return;
        }
        let operation = inputs::operation(document, input);
        launch_type(input, acc);
        daemon(document, input, acc);
        placement(input, acc);
        capacity_providers(input, acc);
        percents(input, acc);
        volumes(input, acc);
        if operation == Operation::CreateService {
            load_balancers(input, acc);
            controller(input, acc);
        }
    }
}

/// Reports a member that cannot be combined with what stands at `other`; the fix removes it.
fn report<'f>(
    member: &Member,
    case: &'static str,
    message: impl Into<Box<str>>,
    says: &str,
    other: Option<(Span, &str)>,
    acc: &'f mut Findings,
) -> &'f mut Finding {
    let name = acc.name(&member.name.text);
    let finding = acc.report(member.name.content_span(), message);
    finding
        .case(case)
        .note(format!("ECS refuses the request: `{says}`."))
        .fix(Fix::unsafe_(format!("Remove `{name}`"), vec![Edit::RemoveMember { span: member.name.span }]));
    if let Some((span, label)) = other {
        finding.related(span, label);
    }
    finding
}

/// Whether a member asks for something that is known to be there.
fn is_set(member: &&Member) -> bool {
    match &member.value {
        Value::Array(array) => !array.items.is_empty(),
        Value::String(text) => !text.text.is_empty() && !text.is_wholly_unknown(),
        Value::Object(_) | Value::Number(_) | Value::Bool(..) => true,
        _ => false,
    }
}

fn set<'o>(object: &'o Object, field: &str) -> Option<&'o Member> {
    object.member(field).filter(is_set)
}

/// Where the input says that it runs on Fargate.
fn fargate(input: &Object) -> Option<Span> {
    if let Some(launch_type) = known(input, "launchType") {
        return (&*launch_type.text == "FARGATE").then(|| launch_type.content_span());
    }
    let mut providers = objects(input, "capacityProviderStrategy").peekable();
    let first = known(providers.peek()?, "capacityProvider")?;
    providers
        .all(|item| {
            known(item, "capacityProvider").is_some_and(|it| matches!(&*it.text, "FARGATE" | "FARGATE_SPOT"))
        })
        .then(|| first.content_span())
}

fn launch_type(input: &Object, acc: &mut Findings) {
    let [launch_type_name, capacity_provider_strategy, platform_version] =
        acc.names(["launchType", "capacityProviderStrategy", "platformVersion"]);
    if let (Some(launch_type), Some(strategy)) =
        (set(input, "launchType"), set(input, "capacityProviderStrategy"))
    {
        report(
            launch_type,
            "launch-type-and-strategy",
            format!("`{launch_type_name}` cannot be combined with `{capacity_provider_strategy}`"),
            "Specifying both a launch type and capacity provider strategy is not supported",
            Some((strategy.name.content_span(), "the strategy")),
            acc,
        );
    }
    if let Some(ec2) = known(input, "launchType").filter(|it| &*it.text == "EC2")
        && let Some(version) = set(input, "platformVersion")
    {
        report(
            version,
            "platform-version",
            format!("`{platform_version}` is for Fargate, not for the launch type `EC2`"),
            "The platform version must be null when specifying an EC2 launch type",
            Some((ec2.content_span(), "the launch type")),
            acc,
        );
    }
}

fn daemon(document: &Document, input: &Object, acc: &mut Findings) {
    let [desired_count, maximum_percent] = acc.names(["desiredCount", "maximumPercent"]);
    let Some(strategy) = known(input, "schedulingStrategy").filter(|it| &*it.text == "DAEMON") else {
        return;
    };
    let span = strategy.content_span();
    let other = Some((span, "the scheduling strategy"));
    if let Some(fargate) = fargate(input) {
        acc.report(span, "Fargate does not have the scheduling strategy `DAEMON`")
            .case("daemon-fargate")
            .note("There is no instance of which each could run one task. ECS refuses the request.")
            .related(fargate, "Fargate");
    }
    if let Some(controller) = input.object("deploymentController").and_then(|it| known(it, "type"))
        && matches!(&*controller.text, "CODE_DEPLOY" | "EXTERNAL")
    {
        acc.report(
            span,
            format!("the deployment controller `{}` cannot be combined with `DAEMON`", controller.text),
        )
        .case("daemon-controller")
        .note("ECS refuses the request.")
        .related(controller.content_span(), "the deployment controller");
    }
    // Terraform does not send it then.
    if let Some(count) = set(input, "desiredCount").filter(|_| document.naming != Naming::TerraformTask) {
        report(
            count,
            "daemon-count",
            format!("a `DAEMON` service has no `{desired_count}`"),
            "The daemon scheduling strategy does not support a desired count for services",
            other,
            acc,
        );
    }
    if let Some(placement) = set(input, "placementStrategy") {
        report(
            placement,
            "daemon-placement",
            "a `DAEMON` service has no placement strategy",
            "The daemon scheduling strategy does not support placement strategies",
            other,
            acc,
        );
    }
    if let Some(rebalancing) = input.member("availabilityZoneRebalancing")
        && rebalancing.value.as_string().is_some_and(|it| &*it.text == "ENABLED")
    {
        report(
            rebalancing,
            "daemon-rebalancing",
            "a `DAEMON` service is not rebalanced over Availability Zones",
            "Availability Zone Rebalancing does not support DAEMON services",
            other,
            acc,
        );
    }
    if let Some(most) = percent(input, "maximumPercent").filter(|(most, _)| *most > 100) {
        acc.report(most.1, format!("`{maximum_percent}` of a `DAEMON` service is at most 100, not {}", most.0))
            .case("daemon-percent")
            .note("ECS refuses the request: `The daemon scheduling strategy does not support values above 100 for maximumPercent`.")
            .related(span, "the scheduling strategy");
    }
}

fn placement(input: &Object, acc: &mut Findings) {
    let [expression_name, field_name] = acc.names(["expression", "field"]);
    if let Some(fargate) = fargate(input) {
        for field in ["placementConstraints", "placementStrategy"] {
            if let Some(member) = set(input, field) {
                report(
                    member,
                    "fargate-placement",
                    format!("Fargate does not support `{}`", acc.name(field)),
                    "Placement constraints and strategies are not supported with FARGATE launch type",
                    Some((fargate, "Fargate")),
                    acc,
                );
            }
        }
    }
    for constraint in objects(input, "placementConstraints") {
        if let (Some(kind), Some(expression)) = (known(constraint, "type"), set(constraint, "expression"))
            && &*kind.text == "distinctInstance"
        {
            report(
                expression,
                "distinct-instance",
                format!("`distinctInstance` has no `{expression_name}`"),
                "distinctInstance expression should not be specified",
                Some((kind.content_span(), "the type")),
                acc,
            );
        }
    }
    for strategy in objects(input, "placementStrategy") {
        let Some(kind) = known(strategy, "type") else { continue };
        match (&*kind.text, set(strategy, "field")) {
            ("random", Some(field)) => {
                report(
                    field,
                    "random-field",
                    format!("the strategy `random` has no `{field_name}`"),
                    "random field should not be specified",
                    Some((kind.content_span(), "the type")),
                    acc,
                );
            }
            ("binpack", Some(_)) => {
                let Some(field) = known(strategy, "field") else { continue };
                if !["cpu", "memory"].iter().any(|it| field.text.eq_ignore_ascii_case(it)) {
                    acc.report(
                        field.content_span(),
                        format!("the strategy `binpack` is by `cpu` or `memory`, not by `{}`", field.text),
                    )
                    .case("binpack-field")
                    .note("ECS refuses the request.");
                }
            }
            _ => {}
        }
    }
}

fn capacity_providers(input: &Object, acc: &mut Findings) {
    let base_name = acc.name("base");
    let items = input.items("capacityProviderStrategy");
    let mut first_base: Option<Span> = None;
    for item in items.iter().filter_map(Value::as_object) {
        let Some((base, span)) = number(item, "base") else { continue };
        match first_base {
            _ if base == 0 => {}
            None => first_base = Some(span),
            Some(first) => {
                acc.report(span, format!("a strategy has a `{base_name}` for one capacity provider"))
                    .case("two-bases")
                    .note("ECS refuses the request.")
                    .related(first, "the first");
            }
        }
    }
    // Without a weight it is zero in a request, but one where a console or a module writes it.
    let weights: Option<Vec<(i64, Span)>> =
        items.iter().map(|item| number(item.as_object()?, "weight")).collect();
    if let Some(weights) = weights
        && let Some((_, span)) = weights.first()
        && weights.iter().all(|(weight, _)| *weight == 0)
    {
        acc.report(*span, "no capacity provider of the strategy has a weight above zero")
            .case("zero-weight")
            .note("No task could be placed. ECS refuses the request.");
    }
}

fn number(object: &Object, field: &str) -> Option<(i64, Span)> {
    let value = object.get(field)?;
    Some((value.whole_number()?, value.span()))
}

fn percent(input: &Object, field: &str) -> Option<(i64, Span)> {
    number(input.object("deploymentConfiguration")?, field)
}

fn percents(input: &Object, acc: &mut Findings) {
    let [minimum_healthy_percent, maximum_percent] = acc.names(["minimumHealthyPercent", "maximumPercent"]);
    let (least, most) = (percent(input, "minimumHealthyPercent"), percent(input, "maximumPercent"));
    let is_daemon = input.string("schedulingStrategy").is_some_and(|it| &*it.text == "DAEMON");
    if let Some((least, span)) = least.filter(|(least, _)| *least > 100) {
        acc.report(span, format!("`{minimum_healthy_percent}` is at most 100, not {least}"))
            .case("minimum-percent")
            .note("ECS refuses the request: `minimumHealthyPercent must be at most 100`.");
    } else if let Some((most, span)) = most.filter(|(most, _)| *most < 100) {
        acc.report(span, format!("`{maximum_percent}` is at least 100, not {most}"))
            .case("maximum-percent")
            .note("ECS refuses the request: `maximumPercent must be at least 100`.");
    } else if let (Some((100, least)), Some((100, most)), false) = (least, most, is_daemon) {
        acc.report(most, "with both percents at 100, no task can be replaced")
            .case("percents")
            .note("ECS refuses the request: `Both maximumPercent and minimumHealthyPercent cannot be 100 as this will block deployments`.")
            .related(least, "the tasks that keep running");
    }
}

fn load_balancers(input: &Object, acc: &mut Findings) {
    let [load_balancer_name, target_group_arn, network_configuration, role_name] =
        acc.names(["loadBalancerName", "targetGroupArn", "networkConfiguration", "role"]);
    let fargate = fargate(input);
    for item in objects(input, "loadBalancers") {
        let (group, classic) = (set(item, "targetGroupArn"), set(item, "loadBalancerName"));
        if let (Some(group), Some(classic)) = (group, classic) {
            report(
                classic,
                "two-targets",
                format!("`{load_balancer_name}` cannot be combined with `{target_group_arn}`"),
                "loadBalancerName and targetGroupArn cannot both be specified",
                Some((group.name.content_span(), "the target group")),
                acc,
            );
        } else if let (Some(classic), Some(fargate)) = (classic, fargate) {
            acc.report(classic.name.content_span(), "Fargate does not support Classic Load Balancers")
                .case("classic")
                .note(format!("ECS refuses the request. Name a target group in `{target_group_arn}`."))
                .related(fargate, "Fargate");
        }
    }
    if let Some(external) = known(input, "launchType").filter(|it| &*it.text == "EXTERNAL") {
        for field in ["loadBalancers", "serviceRegistries"] {
            if let Some(member) = set(input, field) {
                acc.report(member.name.content_span(), format!("ECS Anywhere does not support `{}`", acc.name(field)))
                    .case("external-launch-type")
                    .severity(Severity::Warning)
                    .note("Tasks on external instances are not registered with load balancers, nor for service discovery.")
                    .related(external.content_span(), "the launch type");
            }
        }
    }
    let Some(role) = set(input, "role") else { return };
    if let Some(network) = set(input, "networkConfiguration") {
        report(
            role,
            "role-with-network",
            format!(
                "a service with a `{network_configuration}` uses the service-linked role, no `{role_name}`"
            ),
            "You cannot specify an IAM role for services that require a service linked role",
            Some((network.name.content_span(), "the network configuration")),
            acc,
        );
    } else if input.get("loadBalancers").is_none_or(is_empty) {
        report(
            role,
            "role-without-load-balancer",
            format!("a `{role_name}` is for services with load balancers"),
            "IAM roles are only valid for services configured to use load balancers",
            None,
            acc,
        );
    }
}

fn is_empty(value: &Value) -> bool {
    matches!(value, Value::Null(_)) || value.as_array().is_some_and(|array| array.items.is_empty())
}

fn controller(input: &Object, acc: &mut Findings) {
    let Some(controller) = input.object("deploymentController").and_then(|it| known(it, "type")) else {
        return;
    };
    let other = Some((controller.content_span(), "the deployment controller"));
    match &*controller.text {
        "EXTERNAL" => {
            for (field, says) in [
                ("loadBalancers", "LoadBalancers must be empty or null"),
                ("taskDefinition", "TaskDefinition must be blank"),
            ] {
                if let Some(member) = set(input, field) {
                    let message = format!(
                        "the deployment controller `EXTERNAL` takes `{}` with each task set",
                        acc.name(field)
                    );
                    report(member, "external-controller", message, says, other, acc);
                }
            }
        }
        "CODE_DEPLOY" if input.get("loadBalancers").is_none_or(is_empty) => {
            acc.report(controller.content_span(), "the deployment controller `CODE_DEPLOY` needs a load balancer")
                .case("code-deploy")
                .note("ECS refuses the request: `the service requires an Application Load Balancer or Network Load Balancer`.");
        }
        _ => {}
    }
    let breaker =
        input.object("deploymentConfiguration").and_then(|it| it.object("deploymentCircuitBreaker"));
    let enabled = breaker.and_then(|breaker| breaker.member("enable"));
    if &*controller.text != "ECS"
        && let Some(enabled) = enabled.filter(|member| member.value.as_bool() == Some(true))
    {
        acc.report(
            enabled.value.span(),
            format!("the deployment controller `{}` has no circuit breaker", controller.text),
        )
        .case("circuit-breaker")
        .note("A circuit breaker is for ECS's own deployments. ECS refuses the request.")
        .related(controller.content_span(), "the deployment controller");
    }
}

fn volumes(input: &Object, acc: &mut Findings) {
    let [iops_name, throughput_name, size_in_gi_b, snapshot_id] =
        acc.names(["iops", "throughput", "sizeInGiB", "snapshotId"]);
    for volume in objects(input, "volumeConfigurations").filter_map(|it| it.object("managedEBSVolume")) {
        let kind = known(volume, "volumeType");
        // A type that is not known may take both.
        let lacks = |list: &str| {
            kind.is_some_and(|kind| {
                catalog::container_values("ebsVolumeTypes").contains(&&*kind.text)
                    && !catalog::container_values(list).contains(&&*kind.text)
            })
        };
        let says = "ECS managed EBS volume configuration was invalid";
        let other = kind.map(|kind| (kind.content_span(), "the volume type"));
        if let Some(iops) = set(volume, "iops").filter(|_| lacks("ebsTypesWithIops")) {
            report(
                iops,
                "ebs-iops",
                format!("`{iops_name}` is for the volume types `io1`, `io2` and `gp3`"),
                says,
                other,
                acc,
            );
        }
        if let Some(throughput) = set(volume, "throughput").filter(|_| lacks("ebsTypesWithThroughput")) {
            report(
                throughput,
                "ebs-throughput",
                format!("`{throughput_name}` is for the volume type `gp3`"),
                says,
                other,
                acc,
            );
        }
        if !volume.has("sizeInGiB") && !volume.has("snapshotId") {
            acc.report(volume.open(), format!("an EBS volume needs `{size_in_gi_b}` or `{snapshot_id}`"))
                .case("ebs-size")
                .note("ECS refuses the request.");
        }
    }
}
