use crate::catalog::{agent_variable, agent_variables, nearest};
use crate::declare_rule;
use crate::diagnostic::{Findings, Fix, Safety, Severity};
use crate::graph::Neighbours;
use crate::host::{Document, DocumentKind, Edit};
use crate::rules::Rule;

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
        reads: [Other],
        on: [AgentConfig],
        severity: Warning,
        confidence: Medium,
        level: Default,
        summary: "the ECS agent knows no such variable",
        sources: [],
        fix: Safe,
        since: "0.2.0",
    }
}

impl Rule for UnknownAgentVariable {
    fn check_other(&self, document: &Document, _: &Neighbours, acc: &mut Findings) {
        if document.kind != DocumentKind::AgentConfig {
            return;
        }
        for member in document.object().into_iter().flat_map(|config| &config.members) {
            let name = &member.name;
            if !name.text.to_ascii_uppercase().starts_with("ECS_") || agent_variable(&name.text).is_some() {
                continue;
            }
            match nearest(&name.text, agent_variables().iter().map(|variable| variable.name)) {
                Some(near) => {
                    acc.report(
                        name.span,
                        format!("the ECS agent has no `{}`; did you mean `{near}`?", name.text),
                    )
                    .note("It is skipped without a word.")
                    .fix(Fix {
                        title: format!("Replace with `{near}`").into(),
                        safety: Safety::Safe,
                        edits: vec![Edit::ReplaceText { span: name.span, text: near.into() }],
                    });
                }
                None => {
                    acc.report(name.span, format!("the ECS agent has no `{}`", name.text))
                        .severity(Severity::Info)
                        .note("It is skipped without a word, unless the agent is newer than this version of passrole.");
                }
            }
        }
    }
}
