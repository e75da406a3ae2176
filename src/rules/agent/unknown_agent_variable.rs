use crate::catalog::{agent_variable, agent_variables, guess};
use crate::declare_rule;
use crate::diagnostic::{Findings, Severity};
use crate::graph::Neighbours;
use crate::model::AgentConfig;
use crate::rules::{Rule, renaming};

declare_rule! {
    /// Finds variables in `ecs.config` that the ECS agent does not know.
    ///
    /// The agent skips them without a word, and the instance runs with the default.
    ///
    /// ```sh
    /// ECS_ENABLE_TASK_IAM_ROLES=true
    /// ```
    ///
    /// Only names that begin with `ECS_` are looked at: other programs may read the rest.
    ///
    /// AWS: "Amazon ECS container agent configuration" in the Amazon ECS developer guide.
    pub UnknownAgentVariable {
        id: "unknown-agent-variable",
        group: Agent,
        reads: [AgentConfig],
        on: [AgentConfig],
        severity: Warning,
        confidence: Medium,
        level: Default,
        summary: "the ECS agent does not know this variable",
        sources: [],
        fix: Unsafe,
        since: "0.2.0",
    }
}

impl Rule for UnknownAgentVariable {
    fn check_agent_config(&self, config: AgentConfig<'_>, _: &Neighbours, acc: &mut Findings) {
        for member in &config.variables.members {
            let name = &member.name;
            if !name.text.to_ascii_uppercase().starts_with("ECS_") || agent_variable(&name.text).is_some() {
                continue;
            }
            match guess(&name.text, agent_variables().iter().map(|variable| variable.name)) {
                Some(near) => {
                    acc.report(
                        name.span,
                        format!("the ECS agent has no `{}`; did you mean `{}`?", name.text, near.word),
                    )
                    .note("It is skipped silently.")
                    .maybe_fix(renaming::rename(
                        config.variables,
                        name,
                        name.span,
                        near,
                        |name| agent_variable(name).is_some(),
                    ));
                }
                None => {
                    acc.report(name.span, format!("the ECS agent has no `{}`", name.text))
                        .severity(Severity::Info)
                        .note("It is skipped silently, unless the agent is newer than this version of passrole.");
                }
            }
        }
    }
}
