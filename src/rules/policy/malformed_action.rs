use crate::declare_rule;
use crate::diagnostic::{Findings, Fix};
use crate::model::{PolicyContext, Statement};
use crate::rules::Rule;

declare_rule! {
    /// Finds entries of `Action` and `NotAction` that IAM itself refuses: without a service prefix, with a
    /// second colon, with a wildcard in the prefix, or with characters no action has.
    ///
    /// An action is `service:Name`, as in `ecs:RunTask`; `*` alone stands for all. IAM answers anything else
    /// with `MalformedPolicyDocument` and takes nothing of the policy.
    ///
    /// ```text
    /// "Action": "RunTask"        refused
    /// "Action": "ecs:RunTask"    right
    /// ```
    ///
    /// See "IAM JSON policy elements: Action" in the IAM User Guide.
    pub MalformedAction {
        id: "malformed-action",
        group: Policy,
        reads: [Statement],
        cases: ["character", "no-prefix", "two-colons", "white-space", "wildcard-prefix"],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "an action is not of the form service:Name",
        sources: [
            "access-analyzer/INVALID_ACTION",
            "access-analyzer/WILDCARD_IN_SERVICE_NAME",
            "parliament/MALFORMED",
            "iam-policy-validator/invalid_action",
            "cdk-preflight/pf-iam-policy-action-format",
            "cdk-preflight/pf-iam-policy-action-single-colon",
            "cdk-preflight/pf-iam-policy-action-vendor-wildcard",
            "cfn-lint/W3037",
        ],
        fix: Safe,
        since: "0.1.0",
        service_messages: [
            "Actions/Conditions must be prefaced by a vendor",
            "is not valid",
        ],
    }
}

impl Rule for MalformedAction {
    fn check_statement(&self, statement: Statement<'_>, _policy: &PolicyContext, acc: &mut Findings) {
        for action in statement.actions() {
            let text = action.text();
            if action.string.has_unknown() || action.string.is_prose() || action.is_everything() {
                continue;
            }
            let span = action.string.content_span();
            let Some(name) = action.name else {
                let finding = if text.is_empty() {
                    acc.report(action.string.span, "an action is empty")
                } else {
                    acc.report(span, format!("the action `{text}` has no service prefix"))
                };
                finding
                    .case("no-prefix")
                    .note("Write `service:Name`, as in `ecs:RunTask`. IAM refuses the policy.");
                continue;
            };
            if text.trim() != text {
                acc.report(span, format!("the action `{text}` has white space around it"))
                    .case("white-space")
                    .note("IAM refuses the policy.")
                    .fix(Fix::replace_text(span, text.trim()));
            } else if name.contains(':') {
                acc.report(span, format!("the action `{text}` has more than one colon"))
                    .case("two-colons")
                    .note("Write `service:Name`, as in `ecs:RunTask`. IAM refuses the policy.");
            } else if action.service.contains(['*', '?']) {
                acc.report(action.service_span(), format!("the action `{text}` has a wildcard in its service prefix"))
                    .case("wildcard-prefix")
                    .note("Only the name after the colon may have wildcards. IAM refuses the policy: list the services one by one.");
            } else if action.service.is_empty() || name.is_empty() {
                let what = if name.is_empty() { "name after its prefix" } else { "service prefix" };
                acc.report(span, format!("the action `{text}` has no {what}"))
                    .case("no-prefix")
                    .note("Write `service:Name`, as in `ecs:RunTask`. IAM refuses the policy.");
            } else if let Some(wrong) = text.find(|it: char| {
                !(it.is_ascii_alphanumeric() || matches!(it, ':' | '*' | '?' | '-' | '_' | '.'))
            }) {
                let end = wrong + text[wrong..].chars().next().map_or(0, char::len_utf8);
                acc.report(
                    action.string.part(wrong..end),
                    format!("no action has a `{}` in it", &text[wrong..end]),
                )
                .case("character")
                .note("Names of actions are letters, digits, `-` and the wildcards `*` and `?`.");
            }
        }
    }
}
