use crate::declare_rule;
use crate::diagnostic::Findings;
use crate::model::{TaskContext, TaskDefinition};
use crate::rules::Rule;

declare_rule! {
    /// Finds a `trustedExecutionConfiguration` with the isolation mode `CONFIDENTIAL_SANDBOX` and without an
    /// `attestationPolicy`, or with one that is not base64.
    ///
    /// The policy says what the sandbox must prove before it gets its secrets; ECS takes it base64-encoded.
    ///
    /// See "TrustedExecutionConfiguration" in the Amazon ECS API Reference.
    pub InvalidTrustedExecution {
        id: "invalid-trusted-execution",
        group: Task,
        reads: [Task],
        cases: ["absent", "base64"],
        severity: Error,
        confidence: Medium,
        level: Default,
        summary: "a confidential sandbox needs an attestation policy in base64",
        sources: [],
        fix: None,
        since: "0.2.0",
    }
}

impl Rule for InvalidTrustedExecution {
    fn check_task(&self, task: TaskDefinition<'_>, _context: &TaskContext, acc: &mut Findings) {
        let attestation_policy = acc.name("attestationPolicy");
        let Some(trusted) = task.head.and_then(|head| head.object("trustedExecutionConfiguration")) else {
            return;
        };
        let is_confidential =
            trusted.string("isolationMode").is_some_and(|mode| &*mode.text == "CONFIDENTIAL_SANDBOX");
        match trusted.get("attestationPolicy") {
            None if is_confidential => {
                acc.report(trusted.open(), format!("`CONFIDENTIAL_SANDBOX` needs an `{attestation_policy}`"))
                    .case("absent")
                    .note("ECS refuses the task definition.");
            }
            Some(value) => {
                let Some(policy) = value.as_string().filter(|policy| !policy.has_unknown()) else { return };
                if !is_base64(&policy.text) {
                    let span = if policy.text.is_empty() { policy.span } else { policy.content_span() };
                    acc.report(span, format!("the `{attestation_policy}` is not base64"))
                        .case("base64")
                        .note("ECS takes the policy base64-encoded.");
                }
            }
            None => {}
        }
    }
}

fn is_base64(text: &str) -> bool {
    let data = text.trim_end_matches('=');
    !data.is_empty()
        && text.len() - data.len() <= 2
        && data.len() % 4 != 1
        && data.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/'))
}
