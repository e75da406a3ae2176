use super::values;
use crate::declare_rule;
use crate::diagnostic::Findings;
use crate::host::value::Value;
use crate::model::{Container, TaskContext};
use crate::rules::Rule;

declare_rule! {
    /// Finds a `restartPolicy` that is not enabled, yet says when to restart.
    ///
    /// With `"enabled": false` the other fields do nothing: the container is not restarted.
    ///
    /// See "ContainerRestartPolicy" in the Amazon ECS API Reference.
    pub RestartPolicyWithoutEffect {
        id: "restart-policy-without-effect",
        group: Task,
        reads: [Container],
        severity: Warning,
        confidence: High,
        level: Default,
        summary: "a restart policy that is not enabled does nothing",
        sources: [],
        fix: None,
        since: "0.1.0",
    }
}

impl Rule for RestartPolicyWithoutEffect {
    fn check_container(&self, container: Container<'_>, _task: &TaskContext, acc: &mut Findings) {
        let enabled = acc.name("enabled");
        let Some(policy) = container.object.object("restartPolicy") else { return };
        let Some(Value::Bool(false, span)) = policy.get("enabled") else { return };
        let codes = policy
            .member("ignoredExitCodes")
            .filter(|it| it.value.as_array().is_some_and(|it| !it.items.is_empty()));
        // A generated skeleton has a zero, and "ignore nothing" beside it.
        let period = policy
            .member("restartAttemptPeriod")
            .filter(|_| values::number(policy, "restartAttemptPeriod").is_some_and(|(it, _)| it > 0));
        for member in [codes, period].into_iter().flatten() {
            acc.report(
                member.name.content_span(),
                format!("`{}` does nothing: the restart policy is not enabled", acc.name(&member.name.text)),
            )
            .note(format!("Set `{enabled}` to true, or leave the restart policy out."))
            .related(*span, "not enabled");
        }
    }
}
