use super::linked_task;
use crate::declare_rule;
use crate::diagnostic::{Findings, Severity};
use crate::graph::Neighbours;
use crate::host::Naming;
use crate::host::value::{Object, Value};
use crate::model::{NetworkMode, Operation, ServiceInput};
use crate::rules::Rule;

declare_rule! {
    /// Finds services, and tasks to run, whose `networkConfiguration` cannot be combined with the network mode of the
    /// task definition.
    ///
    /// With `awsvpc`, and so on Fargate, every task gets a network interface: ECS has to know its subnets.
    /// In every other mode there is none, and ECS refuses a network configuration. A public address is for
    /// Fargate alone.
    ///
    /// In JSON, an absent one is a warning: it may be given on the command line.
    ///
    /// The task definition is the one of the same folder with that family, or the one of the same template or
    /// module that is referred to.
    ///
    /// See "NetworkConfiguration" in the Amazon ECS API Reference.
    pub NetworkConfigurationMismatch {
        id: "network-configuration-mismatch",
        group: Service,
        reads: [Service],
        on: [Service],
        cases: ["absent", "not-awsvpc", "public-address"],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "the network configuration cannot be combined with the task's network mode",
        sources: ["cfn-lint/E3052", "cdk-preflight/pf-ecs-service-network-config-mode"],
        fix: None,
        since: "0.2.0",
        service_messages: [
            "Network Configuration must be provided when networkMode 'awsvpc' is specified",
            "Network Configuration is not valid for the given networkMode of this task definition",
            "Assign public IP is not supported for this launch type",
        ],
    }
}

impl Rule for NetworkConfigurationMismatch {
    fn check_service(&self, service: ServiceInput<'_>, neighbours: &Neighbours, acc: &mut Findings) {
        let network_configuration = acc.name("networkConfiguration");
        let input = service.input;
        let operation = service.operation();
        let launch_type = input.known("launchType");
        let is_fargate = launch_type.is_some_and(|it| &*it.text == "FARGATE");
        public_address(input, acc);
        // Task sets bring their own.
        if controller(input) == Some("EXTERNAL") {
            return;
        }
        let tasks = &neighbours.tasks;
        let all = |mode: fn(&NetworkMode) -> bool| {
            !tasks.is_empty() && tasks.iter().all(|task| mode(&task.network_mode))
        };
        match input.member("networkConfiguration") {
            None if operation.keeps() => {}
            None => {
                let is_awsvpc = all(|mode| *mode == NetworkMode::Awsvpc);
                if !is_awsvpc && !is_fargate {
                    return;
                }
                let what = if operation == Operation::CreateService { "service" } else { "task" };
                let (reason, place) = match tasks.first().filter(|_| is_awsvpc) {
                    Some(task) => (
                        format!("{} has the network mode `awsvpc`", linked_task::title(task)),
                        linked_task::place(task),
                    ),
                    None => ("Fargate supports only the network mode `awsvpc`".to_string(), String::new()),
                };
                let finding = acc.report(
                    input.open(),
                    format!("the {what} has no `{network_configuration}`, and {reason}"),
                );
                finding.case("absent").note(format!(
                    "ECS refuses the request: `Network Configuration must be provided when networkMode 'awsvpc' is specified`.{place}"
                ));
                if service.document.naming == Naming::Aws {
                    finding.severity(Severity::Warning).note(format!(
                        "ECS refuses the request unless one is given on the command line: `Network Configuration must be provided when networkMode 'awsvpc' is specified`.{place}"
                    ));
                }
            }
            Some(member) if matches!(member.value, Value::Object(_)) => {
                let other = |mode: &NetworkMode| {
                    matches!(
                        mode,
                        NetworkMode::Bridge | NetworkMode::Host | NetworkMode::None | NetworkMode::Default
                    )
                };
                let Some(task) = tasks.first().filter(|_| all(other)) else { return };
                acc.report(
                    member.name.content_span(),
                    format!("{} has another network mode than `awsvpc`", linked_task::title(task)),
                )
                .case("not-awsvpc")
                .note(format!(
                    "ECS refuses the request: `Network Configuration is not valid for the given networkMode of this task definition`.{}",
                    linked_task::place(task)
                ));
            }
            Some(_) => {}
        }
    }
}

fn controller(input: &Object) -> Option<&str> {
    input.object("deploymentController")?.string("type").map(|it| &*it.text)
}

fn public_address(input: &Object, acc: &mut Findings) {
    let Some(launch_type) = input.known("launchType").filter(|it| matches!(&*it.text, "EC2" | "EXTERNAL"))
    else {
        return;
    };
    let assign = input
        .object("networkConfiguration")
        .and_then(|network| network.object("awsvpcConfiguration"))
        .and_then(|network| network.string("assignPublicIp"))
        .filter(|assign| &*assign.text == "ENABLED");
    if let Some(assign) = assign {
        acc.report(
            assign.content_span(),
            format!("tasks of the launch type `{}` get no public address", launch_type.text),
        )
        .case("public-address")
        .note("ECS refuses the request: `Assign public IP is not supported for this launch type`.")
        .related(launch_type.content_span(), "the launch type");
    }
}
