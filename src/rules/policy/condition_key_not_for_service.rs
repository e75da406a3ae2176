use crate::access::{self, Truth};
use crate::catalog::{self, Family};
use crate::declare_rule;
use crate::diagnostic::Findings;
use crate::model::{Effect, PolicyContext, Statement};
use crate::rules::Rule;
use crate::text::quoted;

declare_rule! {
    /// Finds global condition keys on actions of services that do not set them.
    ///
    /// `aws:VpceAccount`, `aws:VpceOrgID`, `aws:VpceOrgPaths` and `aws:SourceVpcArn` are there in requests to
    /// some services only. Elsewhere an `Allow` never holds, and a `Deny` with a negated operator turns
    /// everything away.
    ///
    /// ```json
    /// "Effect": "Deny", "Action": ["s3:*", "sns:*"], "Resource": "*",
    /// "Condition": { "StringNotEquals": { "aws:VpceOrgID": "o-a1b2c3d4e5" } }
    /// ```
    ///
    /// Keep to the services of the list in the guide, or name the endpoints by `aws:SourceVpce`, which all
    /// services set.
    ///
    /// AWS: "AWS global condition context keys" in the IAM user guide.
    pub ConditionKeyNotForService {
        id: "condition-key-not-for-service",
        group: Policy,
        reads: [Statement],
        cases: ["allow", "deny"],
        severity: Warning,
        confidence: Medium,
        level: Default,
        summary: "a service whose actions are listed does not set the global condition key",
        sources: ["access-analyzer/USE_CONDITION_KEY_ONLY_WITH_SUPPORTED_SERVICES"],
        fix: None,
        since: "0.1.0",
    }
}

impl Rule for ConditionKeyNotForService {
    fn check_statement(&self, statement: Statement<'_>, _policy: &PolicyContext, acc: &mut Findings) {
        let denies = statement.effect() == Some(Effect::Deny);
        for test in access::tests(statement) {
            let Some(global) = catalog::global_key(test.key()).filter(|key| !key.services.is_empty()) else {
                continue;
            };
            // What holds without the key narrows an `Allow` nowhere, and a `Deny` with `IfExists` is meant to.
            if test.operator.base.family == Family::Null
                || test.operator.if_exists
                || test.holds_without_key() != Truth::of(denies)
            {
                continue;
            }
            let mut strangers: Vec<&str> = Vec::new();
            let mut first = None;
            for action in statement.listed_actions().filter(|action| !action.string.has_unknown()) {
                let known = catalog::service(action.service);
                if let Some(service) = known
                    && !global.services.contains(&service.prefix())
                    && !strangers.contains(&service.prefix())
                {
                    strangers.push(service.prefix());
                    first = first.or(Some(action.string.span));
                }
            }
            let Some(first) = first else { continue };
            let names = quoted(strangers.iter().take(4));
            let more = if strangers.len() > 4 {
                format!(" and {} more", strangers.len() - 4)
            } else {
                String::new()
            };
            acc.report(
                test.condition.key.content_span(),
                format!("requests to {names}{more} do not carry `{}`", test.key()),
            )
            .related(first, "listed here")
            .case(if denies { "deny" } else { "allow" })
            .note(if denies {
                "The condition holds for all of them, so all are denied. Move these actions to another statement, or use `aws:SourceVpce`."
            } else {
                "The statement never allows them. Move these actions to another statement, or use `aws:SourceVpce`."
            });
        }
    }
}
