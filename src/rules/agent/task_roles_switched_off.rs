use crate::declare_rule;
use crate::diagnostic::{Findings, Fix, Safety};
use crate::graph::Neighbours;
use crate::host::Edit;
use crate::model::AgentConfig;
use crate::rules::Rule;

declare_rule! {
    /// Finds `ECS_ENABLE_TASK_IAM_ROLE=false`, or `ECS_ENABLE_TASK_IAM_ROLE_NETWORK_HOST=false`, beside a task definition in
    /// the same folder that has a task role, or has one in the network mode `host`.
    ///
    /// On such an instance the task is not placed: the instance does not say that it can.
    ///
    /// ```sh
    /// ECS_ENABLE_TASK_IAM_ROLE_NETWORK_HOST=false
    /// ```
    ///
    /// Set it to `true`, or leave it out where `ecs-init` starts the agent.
    ///
    /// AWS: "Amazon ECS container agent configuration" in the Amazon ECS developer guide.
    pub TaskRolesSwitchedOff {
        id: "task-roles-switched-off",
        group: Agent,
        reads: [AgentConfig],
        on: [AgentConfig],
        severity: Warning,
        confidence: High,
        level: Default,
        summary: "the ECS agent gives tasks no roles, and a task definition beside it needs one",
        sources: [],
        fix: Unsafe,
        since: "0.2.0",
    }
}

impl Rule for TaskRolesSwitchedOff {
    fn check_agent_config(&self, config: AgentConfig<'_>, neighbours: &Neighbours, acc: &mut Findings) {
        for (variable, file, what) in [
            ("ECS_ENABLE_TASK_IAM_ROLE", &neighbours.task_roles.any, "a task role"),
            (
                "ECS_ENABLE_TASK_IAM_ROLE_NETWORK_HOST",
                &neighbours.task_roles.on_host,
                "a task role in the network mode `host`",
            ),
        ] {
            let (Some(file), Some(value)) = (file, config.variables.string(variable)) else { continue };
            if matches!(&*value.text, "false" | "0" | "f" | "F" | "FALSE" | "False") {
                acc.report(value.content_span(), format!("`{file}` has {what}, which this switches off"))
                    .note("ECS places the task on no such instance. Set it to `true`.")
                    .fix(Fix {
                        title: "Set it to `true`".into(),
                        safety: Safety::Unsafe,
                        edits: vec![Edit::ReplaceText { span: value.content_span(), text: "true".into() }],
                    });
            }
        }
    }
}
