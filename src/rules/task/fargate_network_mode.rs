use crate::declare_rule;
use crate::diagnostic::{Findings, Fix, Safety};
use crate::host::{Edit, Name};
use crate::model::{NetworkMode, OperatingSystem, TaskContext, TaskDefinition};
use crate::rules::Rule;
use serde_json::json;

declare_rule! {
    /// Finds a task for Fargate whose network mode is not `awsvpc`.
    ///
    /// Fargate gives every task a network interface of its own and knows no other mode. Where `networkMode`
    /// is absent it means `bridge`, which Fargate refuses as well.
    ///
    /// See "Task definition parameters: Network mode" in the Amazon ECS Developer Guide.
    pub FargateNetworkMode {
        id: "fargate-network-mode",
        group: Task,
        reads: [Task],
        cases: ["absent", "other"],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "Fargate supports only the network mode awsvpc",
        sources: ["cfn-lint/E3048", "cdk-preflight/pf-ecs-fargate-network-mode"],
        fix: Unsafe,
        since: "0.1.0",
        service_messages: ["Fargate only supports network mode 'awsvpc'"],
    }
}

impl Rule for FargateNetworkMode {
    fn check_task(&self, task: TaskDefinition<'_>, context: &TaskContext, acc: &mut Findings) {
        let network_mode_name = acc.name("networkMode");
        let Some(head) = task.head.filter(|_| context.whole && context.launch_types.fargate) else { return };
        let note = "ECS refuses it: `Fargate only supports network mode 'awsvpc'`.";
        match context.network_mode {
            NetworkMode::Awsvpc | NetworkMode::Other => {}
            NetworkMode::Absent => {
                let default =
                    if context.operating_system == OperatingSystem::Windows { "default" } else { "bridge" };
                let finding = acc.report(head.open(), "a task for Fargate states the network mode `awsvpc`");
                finding
                    .case("absent")
                    .note(format!("Without `{network_mode_name}` it is `{default}`. {note}"));
                if !head.has("networkMode") {
                    let others = context.launch_types.ec2 || context.launch_types.external;
                    finding.fix(Fix {
                        title: "Add `\"networkMode\": \"awsvpc\"`".into(),
                        // Elsewhere the task runs in another mode so far.
                        safety: if others { Safety::Unsafe } else { Safety::Safe },
                        edits: vec![Edit::InsertMember {
                            object: head.span,
                            name: Name::field("networkMode"),
                            value: json!("awsvpc"),
                        }],
                    });
                }
            }
            _ => {
                let Some(mode) = head.string("networkMode") else { return };
                let span = mode.content_span();
                acc.report(span, format!("Fargate does not support the network mode `{}`", mode.text))
                    .case("other")
                    .note(note)
                    // The launch type may be what is wrong.
                    .fix(Fix { safety: Safety::Unsafe, ..Fix::replace_text(span, "awsvpc") });
            }
        }
    }
}
