use super::principals::{has_open_condition, names_source, services};
use crate::catalog;
use crate::declare_rule;
use crate::diagnostic::{Findings, Fix};
use crate::model::{PolicyContext, Statement};
use crate::rules::Rule;
use crate::rules::policy::elements::with_condition;

declare_rule! {
    /// Finds roles that a service may assume on whoever's behalf.
    ///
    /// A role cannot be passed to a service from another account, so this is a second lock, and most roles go without.
    /// Many services say on whose behalf they come: a condition on `aws:SourceAccount` or `aws:SourceArn` then
    /// keeps others out for good. The rule knows services whose guides say so; EC2 and Lambda do not.
    ///
    /// ```json
    /// { "Effect": "Allow", "Principal": { "Service": "ecs-tasks.amazonaws.com" }, "Action": "sts:AssumeRole" }
    /// ```
    ///
    /// For tasks add `"ArnLike": {"aws:SourceArn": "arn:aws:ecs:eu-west-1:111122223333:*"}` and
    /// `"StringEquals": {"aws:SourceAccount": "111122223333"}`. An ARN of one cluster does not work there.
    ///
    /// AWS: "The confused deputy problem" in the IAM user guide.
    pub RoleWithoutSource {
        id: "role-without-source",
        group: Trust,
        reads: [Statement],
        on: [Trust],
        templates: Silent,
        severity: Info,
        confidence: High,
        level: Pedantic,
        summary: "a service may assume the role on behalf of any of its customers",
        sources: [
            "access-analyzer/RESTRICT_ACCESS_TO_SERVICE_PRINCIPAL",
            "iam-policy-validator/confused_deputy_risk",
            "prowler/iam_role_cross_service_confused_deputy_prevention",
            "prowler/iam_role_service_trust_restricts_source_to_account",
        ],
        fix: Unsafe,
        since: "0.1.0",
    }
}

impl Rule for RoleWithoutSource {
    fn check_statement(&self, statement: Statement<'_>, _: &PolicyContext, acc: &mut Findings) {
        if !statement.allows() {
            return;
        }
        let mut all = services(statement).peekable();
        let Some(service) = all.peek().copied() else { return };
        // A condition that one of several services cannot meet would shut that one out.
        if !all.all(|service| catalog::role_callers_name_source(&service.text))
            || names_source(statement)
            || has_open_condition(statement)
        {
            return;
        }
        let finding = acc.report(
            service.content_span(),
            format!("`{}` may assume this role on behalf of any account", service.text),
        );
        finding.note("Say on whose: add a condition on `aws:SourceAccount`, or on `aws:SourceArn`.");
        let edit = with_condition(statement, "StringEquals", "aws:SourceAccount", "<ACCOUNT_ID>");
        finding
            .maybe_fix(edit.map(|edit| Fix::unsafe_("Add a condition on `aws:SourceAccount`", vec![edit])));
    }
}
