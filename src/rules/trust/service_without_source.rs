use super::principals::{has_open_condition, names_source, services};
use crate::catalog;
use crate::declare_rule;
use crate::diagnostic::{Findings, Fix};
use crate::model::{PolicyContext, Statement};
use crate::rules::Rule;
use crate::rules::policy::elements::with_condition;

declare_rule! {
    /// Finds resource policies that let a service in on whoever's behalf.
    ///
    /// A service works for all its customers. A topic that lets `s3.amazonaws.com` in without more takes messages from
    /// the buckets of every account: the service is a confused deputy. A condition on `aws:SourceAccount` or
    /// `aws:SourceArn` says whose requests count. The rule knows services whose guides say that they send these keys.
    ///
    /// ```json
    /// { "Effect": "Allow", "Principal": { "Service": "s3.amazonaws.com" }, "Action": "sns:Publish", "Resource": "arn:aws:sns:eu-west-1:111122223333:uploads" }
    /// ```
    ///
    /// Add `"StringEquals": {"aws:SourceAccount": "111122223333"}`, or `ArnLike` with `aws:SourceArn`.
    ///
    /// AWS: "The confused deputy problem" in the IAM user guide.
    pub ServiceWithoutSource {
        id: "service-without-source",
        group: Trust,
        reads: [Statement],
        on: [Resource],
        templates: Silent,
        cases: ["none", "other-key"],
        severity: Info,
        confidence: High,
        level: Default,
        summary: "a service may be used by any of its customers",
        sources: [
            "access-analyzer/RESTRICT_ACCESS_TO_SERVICE_PRINCIPAL",
            "access-analyzer/RECOMMENDED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL",
            "iam-policy-validator/confused_deputy_risk",
        ],
        fix: Unsafe,
        since: "0.1.0",
    }
}

impl Rule for ServiceWithoutSource {
    fn check_statement(&self, statement: Statement<'_>, _: &PolicyContext, acc: &mut Findings) {
        if !statement.allows() {
            return;
        }
        let Some(service) = services(statement).find(|service| catalog::sends_source(&service.text)) else {
            return;
        };
        if names_source(statement) || has_open_condition(statement) {
            return;
        }
        let finding = acc.report(
            service.content_span(),
            format!("`{}` is allowed on behalf of any of its customers", service.text),
        );
        let write = "Say whose requests count, by `aws:SourceAccount` or `aws:SourceArn`.";
        match statement.condition_keys().next() {
            Some(key) => {
                finding
                    .case("other-key")
                    .related(key.key.span, "this does not say on whose behalf")
                    .note(format!("{write} `{}` does not tell.", key.key.text));
            }
            None => {
                finding.case("none").note(write);
            }
        }
        let edit = with_condition(statement, "StringEquals", "aws:SourceAccount", "<ACCOUNT_ID>");
        finding
            .maybe_fix(edit.map(|edit| Fix::unsafe_("Add a condition on `aws:SourceAccount`", vec![edit])));
    }
}
