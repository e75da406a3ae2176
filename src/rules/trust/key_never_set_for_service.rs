use super::principals::services;
use crate::access;
use crate::catalog;
use crate::declare_rule;
use crate::diagnostic::{Findings, Fix};
use crate::host::Edit;
use crate::model::{PolicyContext, Statement};
use crate::rules::Rule;

declare_rule! {
    /// Finds conditions on a service principal by keys that only users and roles have.
    ///
    /// A service that calls on its own behalf belongs to no organization and has no tags, so `aws:PrincipalOrgID`,
    /// `aws:PrincipalOrgPaths`, `aws:PrincipalTag/…` and `aws:username` are in none of its requests. The condition never
    /// holds, and the statement allows nothing.
    ///
    /// ```json
    /// {
    ///   "Effect": "Allow", "Principal": { "Service": "cloudtrail.amazonaws.com" },
    ///   "Action": "s3:PutObject", "Resource": "arn:aws:s3:::trail/*",
    ///   "Condition": { "StringEquals": { "aws:PrincipalOrgID": "o-a1b2c3d4e5" } }
    /// }
    /// ```
    ///
    /// Write `aws:SourceOrgID`, `aws:SourceOrgPaths`, `aws:SourceAccount` or `aws:SourceArn`: those tell on whose behalf the
    /// service calls.
    ///
    /// A service that tags the session is the exception: in a trust policy that allows `sts:TagSession`, the tags are
    /// there before the policy is evaluated. IAM Roles Anywhere passes on what a certificate says so, as
    /// `aws:PrincipalTag/x509Subject/CN`.
    ///
    /// AWS: "AWS global condition context keys" in the IAM user guide.
    pub KeyNeverSetForService {
        id: "key-never-set-for-service",
        group: Trust,
        reads: [Statement],
        on: [Resource, Trust, Rcp],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "a condition asks a service for what it never has",
        sources: [
            "access-analyzer/UNSUPPORTED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL",
        ],
        fix: Grants,
        since: "0.1.0",
    }
}

impl Rule for KeyNeverSetForService {
    fn check_statement(&self, statement: Statement<'_>, _: &PolicyContext, acc: &mut Findings) {
        if !statement.allows() {
            return;
        }
        let Some(object) = statement.principal().and_then(|principal| principal.object()) else { return };
        let services_only =
            !object.members.is_empty() && object.members.iter().all(|member| &*member.name.text == "Service");
        if !services_only {
            return;
        }
        // Who tags the session that it asks for has the tags as the principal's before the policy is evaluated.
        let tags_session = statement.listed_actions().any(|action| action.covers("sts:TagSession"))
            || services(statement)
                .any(|name| catalog::session_actions(&name.text).contains(&"sts:TagSession"));
        for key in statement.condition_keys().filter(|key| !key.key.has_unknown()) {
            if tags_session && catalog::key_fits("aws:PrincipalTag/${TagKey}", &key.key.text) {
                continue;
            }
            if catalog::never_set_for_services(&key.key.text) && access::fails_without(key) {
                let (instead, same) = match &*key.key.text.to_ascii_lowercase() {
                    "aws:principalorgid" => ("aws:SourceOrgID", true),
                    "aws:principalorgpaths" => ("aws:SourceOrgPaths", true),
                    _ => ("aws:SourceAccount", false),
                };
                let span = key.key.content_span();
                // The organization's key takes the same values, the others do not.
                let fix = same.then(|| {
                    Fix::grants(
                        format!("Replace with `{instead}`, so that services are let in"),
                        vec![Edit::ReplaceText { span, text: instead.into() }],
                    )
                });
                acc.report(span, format!("a service's request never has `{}`", key.key.text))
                    .related(object.span, "only services are let in here")
                    .note(format!(
                        "The condition never holds, so the statement allows nothing. Write `{instead}`, which tells on \
                         whose behalf the service calls."
                    ))
                    .maybe_fix(fix);
            }
        }
    }
}
