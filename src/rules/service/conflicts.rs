//! What of a service, or of a task to run, ECS does not take beside something else: one table, of which
//! each rule goes through the rows of its cases.

use crate::catalog;
use crate::diagnostic::{Findings, Fix, Severity};
use crate::host::value::{Member, Object, StringValue, Value};
use crate::host::{Edit, Naming};
use crate::model::{Operation, ServiceInput};
use crate::rules::Rule;
use crate::text::Span;
use std::collections::HashSet;

/// A field that does not go with something else.
struct Conflict {
    /// The case of the rule that it belongs to.
    case: &'static str,
    place: Place,
    with: With,
    field: &'static str,
    /// The only value of the field that does not go with it; empty where it must not be there at all.
    value: &'static str,
    /// `{field}` and `{with}` stand for the two names, as the file spells them.
    message: &'static str,
    outcome: Outcome,
    /// What stands at the other place, in words.
    label: &'static str,
    applies: Applies,
}

/// Where both stand.
enum Place {
    Input,
    /// In the same item of a list.
    Items(&'static str),
    /// In an object.
    Object(&'static str),
    /// In the same object in the items of a list.
    ObjectsOf(&'static str, &'static str),
}

/// What the field does not go with.
enum With {
    /// Another field.
    Set(&'static str),
    /// The absence of another field.
    Without(&'static str),
    /// A value of another field.
    Is(&'static str, &'static str),
    /// Any other value of another field.
    IsNot(&'static str, &'static str),
    /// A field of an item of a list.
    ItemHas(&'static str, &'static str),
    Fargate,
    /// That type of deployment controller.
    Controller(&'static str),
    /// A volume type that is not in that list of `schemas/ecs/containers.json`.
    VolumeTypeOutside(&'static str),
}

#[derive(Clone, Copy)]
enum Outcome {
    /// ECS refuses the request, in these words where they are known.
    Refused(&'static str),
    /// Nothing comes of it, and why.
    Ignored(&'static str),
}

#[derive(PartialEq)]
enum Applies {
    Always,
    /// Where a service is made; one that is changed keeps what is left out.
    ToNewServices,
    /// Terraform leaves the field out then.
    NotInTerraform,
}

#[rustfmt::skip]
static CONFLICTS: &[Conflict] = &[
    Conflict {
        case: "launch-type-and-strategy", place: Place::Input,
        with: With::Set("capacityProviderStrategy"), label: "the strategy",
        field: "launchType", value: "",
        message: "`{field}` cannot be combined with `{with}`",
        outcome: Outcome::Refused("Specifying both a launch type and capacity provider strategy is not supported"),
        applies: Applies::Always,
    },
    Conflict {
        case: "platform-version", place: Place::Input,
        with: With::Is("launchType", "EC2"), label: "the launch type",
        field: "platformVersion", value: "",
        message: "`{field}` is for Fargate, not for the launch type `EC2`",
        outcome: Outcome::Refused("The platform version must be null when specifying an EC2 launch type"),
        applies: Applies::Always,
    },
    Conflict {
        case: "daemon-count", place: Place::Input,
        with: DAEMON, label: SCHEDULING,
        field: "desiredCount", value: "",
        message: "a `DAEMON` service has no `{field}`",
        outcome: Outcome::Refused("The daemon scheduling strategy does not support a desired count for services"),
        applies: Applies::NotInTerraform,
    },
    Conflict {
        case: "daemon-placement", place: Place::Input,
        with: DAEMON, label: SCHEDULING,
        field: "placementStrategy", value: "",
        message: "a `DAEMON` service has no placement strategy",
        outcome: Outcome::Refused("The daemon scheduling strategy does not support placement strategies"),
        applies: Applies::Always,
    },
    Conflict {
        case: "daemon-rebalancing", place: Place::Input,
        with: DAEMON, label: SCHEDULING,
        field: "availabilityZoneRebalancing", value: "ENABLED",
        message: "a `DAEMON` service is not rebalanced over Availability Zones",
        outcome: Outcome::Refused("Availability Zone Rebalancing does not support DAEMON services"),
        applies: Applies::Always,
    },
    Conflict {
        case: "fargate-placement", place: Place::Input,
        with: With::Fargate, label: "Fargate",
        field: "placementConstraints", value: "",
        message: "Fargate does not support `{field}`",
        outcome: Outcome::Refused("Placement constraints and strategies are not supported with FARGATE launch type"),
        applies: Applies::Always,
    },
    Conflict {
        case: "fargate-placement", place: Place::Input,
        with: With::Fargate, label: "Fargate",
        field: "placementStrategy", value: "",
        message: "Fargate does not support `{field}`",
        outcome: Outcome::Refused("Placement constraints and strategies are not supported with FARGATE launch type"),
        applies: Applies::Always,
    },
    Conflict {
        case: "distinct-instance", place: Place::Items("placementConstraints"),
        with: With::Is("type", "distinctInstance"), label: "the type",
        field: "expression", value: "",
        message: "`distinctInstance` has no `{field}`",
        outcome: Outcome::Refused("distinctInstance expression should not be specified"),
        applies: Applies::Always,
    },
    Conflict {
        case: "random-field", place: Place::Items("placementStrategy"),
        with: With::Is("type", "random"), label: "the type",
        field: "field", value: "",
        message: "the strategy `random` has no `{field}`",
        outcome: Outcome::Refused("random field should not be specified"),
        applies: Applies::Always,
    },
    Conflict {
        case: "two-targets", place: Place::Items("loadBalancers"),
        with: With::Set("targetGroupArn"), label: "the target group",
        field: "loadBalancerName", value: "",
        message: "`{field}` cannot be combined with `{with}`",
        outcome: Outcome::Refused("loadBalancerName and targetGroupArn cannot both be specified"),
        applies: Applies::ToNewServices,
    },
    Conflict {
        case: "external-launch-type", place: Place::Input,
        with: With::Is("launchType", "EXTERNAL"), label: "the launch type",
        field: "loadBalancers", value: "",
        message: "ECS Anywhere does not support `{field}`",
        outcome: NOT_REGISTERED,
        applies: Applies::ToNewServices,
    },
    Conflict {
        case: "external-launch-type", place: Place::Input,
        with: With::Is("launchType", "EXTERNAL"), label: "the launch type",
        field: "serviceRegistries", value: "",
        message: "ECS Anywhere does not support `{field}`",
        outcome: NOT_REGISTERED,
        applies: Applies::ToNewServices,
    },
    Conflict {
        case: "role-with-network", place: Place::Input,
        with: With::Set("networkConfiguration"), label: "the network configuration",
        field: "role", value: "",
        message: "a service with a `{with}` uses the service-linked role, no `{field}`",
        outcome: Outcome::Refused("You cannot specify an IAM role for services that require a service linked role"),
        applies: Applies::ToNewServices,
    },
    Conflict {
        case: "external-controller", place: Place::Input,
        with: With::Controller("EXTERNAL"), label: "the deployment controller",
        field: "loadBalancers", value: "",
        message: "the deployment controller `EXTERNAL` takes `{field}` with each task set",
        outcome: Outcome::Refused("LoadBalancers must be empty or null"),
        applies: Applies::ToNewServices,
    },
    Conflict {
        case: "external-controller", place: Place::Input,
        with: With::Controller("EXTERNAL"), label: "the deployment controller",
        field: "taskDefinition", value: "",
        message: "the deployment controller `EXTERNAL` takes `{field}` with each task set",
        outcome: Outcome::Refused("TaskDefinition must be blank"),
        applies: Applies::ToNewServices,
    },
    Conflict {
        case: "ebs-iops", place: VOLUMES,
        with: With::VolumeTypeOutside("ebsTypesWithIops"), label: "the volume type",
        field: "iops", value: "",
        message: "`{field}` is for the volume types `io1`, `io2` and `gp3`",
        outcome: EBS_REFUSED,
        applies: Applies::Always,
    },
    Conflict {
        case: "ebs-throughput", place: VOLUMES,
        with: With::VolumeTypeOutside("ebsTypesWithThroughput"), label: "the volume type",
        field: "throughput", value: "",
        message: "`{field}` is for the volume type `gp3`",
        outcome: EBS_REFUSED,
        applies: Applies::Always,
    },
    Conflict {
        case: "registry-port", place: Place::Items("serviceRegistries"),
        with: With::Set("containerName"), label: "the container",
        field: "port", value: "",
        message: "`{field}` of a registry cannot be combined with `{with}`",
        outcome: REFUSED,
        applies: Applies::Always,
    },
    Conflict {
        case: "registry-port", place: Place::Items("serviceRegistries"),
        with: With::Set("containerPort"), label: "the container's port",
        field: "port", value: "",
        message: "`{field}` of a registry cannot be combined with `{with}`",
        outcome: REFUSED,
        applies: Applies::Always,
    },
    Conflict {
        case: "external-network", place: Place::Input,
        with: With::Is("launchType", "EXTERNAL"), label: "the launch type",
        field: "networkConfiguration", value: "",
        message: "ECS Anywhere does not support `{field}`",
        outcome: REFUSED,
        applies: Applies::Always,
    },
    Conflict {
        case: "classic-rebalancing", place: Place::Input,
        with: With::ItemHas("loadBalancers", "loadBalancerName"), label: "the Classic Load Balancer",
        field: "availabilityZoneRebalancing", value: "ENABLED",
        message: "a service with a Classic Load Balancer is not rebalanced over Availability Zones",
        outcome: REFUSED,
        applies: Applies::Always,
    },
    Conflict {
        case: "initialization-rate", place: VOLUMES,
        with: With::Without("snapshotId"), label: "the volume",
        field: "volumeInitializationRate", value: "",
        message: "`{field}` is for volumes made from a snapshot, and there is no `{with}`",
        outcome: EBS_REFUSED,
        applies: Applies::Always,
    },
    Conflict {
        case: "linear-strategy", place: Place::Object("deploymentConfiguration"),
        with: With::IsNot("strategy", "LINEAR"), label: "the strategy",
        field: "linearConfiguration", value: "",
        message: "`{field}` is for the strategy `LINEAR`",
        outcome: REFUSED,
        applies: Applies::Always,
    },
    Conflict {
        case: "canary-strategy", place: Place::Object("deploymentConfiguration"),
        with: With::IsNot("strategy", "CANARY"), label: "the strategy",
        field: "canaryConfiguration", value: "",
        message: "`{field}` is for the strategy `CANARY`",
        outcome: REFUSED,
        applies: Applies::Always,
    },
];

const DAEMON: With = With::Is("schedulingStrategy", "DAEMON");
const SCHEDULING: &str = "the scheduling strategy";
const VOLUMES: Place = Place::ObjectsOf("volumeConfigurations", "managedEBSVolume");
/// Refused in words that are not known here.
const REFUSED: Outcome = Outcome::Refused("");
const EBS_REFUSED: Outcome = Outcome::Refused("ECS managed EBS volume configuration was invalid");
const NOT_REGISTERED: Outcome = Outcome::Ignored(
    "Tasks on external instances are not registered with load balancers, nor for service discovery.",
);

/// Reports what the rows of a rule's cases find.
pub(super) fn check(rule: &dyn Rule, service: ServiceInput<'_>, acc: &mut Findings) {
    if service.is_skeleton() {
        return;
    }
    let is_new = service.operation() == Operation::CreateService;
    let is_terraform = service.document.naming == Naming::TerraformTask;
    // One mistake is one finding: of a field that goes with neither of two others, the first is told.
    let mut told = HashSet::new();
    for row in CONFLICTS.iter().filter(|row| rule.meta().cases.contains(&row.case)) {
        if row.applies == Applies::ToNewServices && !is_new
            || row.applies == Applies::NotInTerraform && is_terraform
        {
            continue;
        }
        let input = service.input;
        let mut compare = |object: &Object, acc: &mut Findings| compare(row, object, service, &mut told, acc);
        match row.place {
            Place::Input => compare(input, acc),
            Place::Object(name) => {
                if let Some(object) = input.object(name) {
                    compare(object, acc);
                }
            }
            Place::Items(list) => input.objects(list).for_each(|item| compare(item, acc)),
            Place::ObjectsOf(list, inner) => input
                .objects(list)
                .filter_map(|item| item.object(inner))
                .for_each(|object| compare(object, acc)),
        }
    }
}

fn compare(
    row: &Conflict,
    object: &Object,
    service: ServiceInput<'_>,
    told: &mut HashSet<(&'static str, Span)>,
    acc: &mut Findings,
) {
    let Some(member) = set(object, row.field).filter(|member| is(member, row.value)) else { return };
    let Some((other, place)) = place_of(&row.with, object, service) else { return };
    if !told.insert((row.case, member.name.span)) {
        return;
    }
    let name = acc.name(row.field).to_string();
    let message = row.message.replace("{field}", &name).replace("{with}", &acc.name(other).to_string());
    let finding = acc.report(member.name.content_span(), message);
    finding.case(row.case).related(place, row.label);
    match row.outcome {
        Outcome::Refused(says) => finding.note(refused(says)).fix(Fix::unsafe_(
            format!("Remove `{name}`"),
            vec![Edit::RemoveMember { span: member.name.span }],
        )),
        Outcome::Ignored(why) => finding.severity(Severity::Warning).note(why),
    };
}

fn refused(says: &str) -> String {
    if says.is_empty() {
        "ECS refuses the request.".to_string()
    } else {
        format!("ECS refuses the request: `{says}`.")
    }
}

fn is(member: &Member, value: &str) -> bool {
    value.is_empty() || member.value.as_string().is_some_and(|it| &*it.text == value)
}

/// The name of the field that another one does not go with, and where that is said.
fn place_of(with: &With, object: &Object, service: ServiceInput<'_>) -> Option<(&'static str, Span)> {
    let of_value = |value: &StringValue| value.content_span();
    match *with {
        With::Set(field) => Some((field, set(object, field)?.name.content_span())),
        With::Is(field, value) => {
            Some((field, object.known(field).filter(|it| &*it.text == value).map(of_value)?))
        }
        With::Without(field) => (!object.has(field)).then(|| (field, object.open())),
        With::IsNot(field, value) => {
            Some((field, object.known(field).filter(|it| &*it.text != value).map(of_value)?))
        }
        With::ItemHas(list, field) => {
            let found = object.objects(list).find_map(|item| set(item, field))?;
            Some((field, found.name.content_span()))
        }
        With::Fargate => Some(("launchType", service.fargate()?)),
        With::Controller(value) => {
            let controller = service.controller().filter(|it| &*it.text == value);
            Some(("deploymentController", controller.map(of_value)?))
        }
        With::VolumeTypeOutside(list) => {
            let is_outside = |kind: &&StringValue| {
                // A type that is not known may take everything.
                catalog::container_values("ebsVolumeTypes").contains(&&*kind.text)
                    && !catalog::container_values(list).contains(&&*kind.text)
            };
            Some(("volumeType", object.known("volumeType").filter(is_outside).map(of_value)?))
        }
    }
}

/// A member that asks for something that is known to be there.
pub(super) fn set<'o>(object: &'o Object, field: &str) -> Option<&'o Member> {
    object.member(field).filter(|member| match &member.value {
        Value::Array(array) => !array.items.is_empty(),
        Value::String(text) => !text.text.is_empty() && !text.is_wholly_unknown(),
        Value::Object(_) | Value::Number(_) | Value::Bool(..) => true,
        _ => false,
    })
}
