use super::conditions;
use crate::catalog;
use crate::declare_rule;
use crate::diagnostic::{Findings, Severity};
use crate::model::{PolicyContext, Statement};
use crate::rules::Rule;

declare_rule! {
    /// Finds condition keys that AWS does not have.
    ///
    /// IAM accepts such a policy. No request ever carries the key, so the condition fails where it should
    /// hold, or holds where it should fail (with `IfExists`, `Null` or a negated operator).
    ///
    /// ```text
    /// "StringEquals": { "aws:SourceAcount": "111122223333" }     never holds
    /// "StringEquals": { "aws:SourceAccount": "111122223333" }    right
    /// ```
    ///
    /// Keys of OIDC and SAML providers (`token.actions.githubusercontent.com:sub`) are left alone: their
    /// names are made of the provider's.
    ///
    /// See "AWS global condition context keys" in the IAM User Guide and the service's page in the Service
    /// Authorization Reference.
    pub UnknownConditionKey {
        id: "unknown-condition-key",
        group: Policy,
        reads: [Statement],
        cases: ["global", "no-tag", "service", "service-tag", "typo"],
        severity: Warning,
        confidence: High,
        level: Default,
        summary: "AWS has no such condition key",
        sources: [
            "access-analyzer/INVALID_GLOBAL_CONDITION_KEY",
            "access-analyzer/INVALID_SERVICE_CONDITION_KEY",
            "access-analyzer/MISSING_TAG_KEY_IN_CONDITION",
            "parliament/UNKNOWN_CONDITION_FOR_ACTION",
            "iam-policy-validator/invalid_condition_key",
            "aws-iam-language-server/UNRECOGNIZED_CONDITION_KEY",
        ],
        fix: Unsafe,
        since: "0.1.0",
    }
}

impl Rule for UnknownConditionKey {
    fn check_statement(&self, statement: Statement<'_>, _policy: &PolicyContext, acc: &mut Findings) {
        for condition in statement.condition_keys() {
            let key = condition.key;
            let Some((prefix, name)) = key.text.split_once(':') else { continue };
            // A provider's key starts with its address.
            if key.has_unknown()
                || prefix.contains(['.', '/'])
                || prefix.is_empty()
                || key.text.starts_with("https://")
            {
                continue;
            }
            // A replaced one is another rule's finding.
            if catalog::condition_key(&key.text).is_some()
                || catalog::key_traits(&key.text).is_some_and(|traits| !traits.instead.is_empty())
            {
                continue;
            }
            let span = key.content_span();
            let never = "No request carries it: the condition does not do what it says.";
            let takes_tag =
                ["aws:RequestTag/", "aws:ResourceTag/", "aws:PrincipalTag/"].iter().find(|start| {
                    start.trim_end_matches('/').eq_ignore_ascii_case(key.text.trim_end_matches('/'))
                });
            if let Some(start) = takes_tag {
                acc.report(span, format!("the condition key `{}` names no tag", key.text))
                    .case("no-tag")
                    .note(format!("Write the tag's key after the slash: `{start}team`."));
            } else if let Some(tag) = own_resource_tag(prefix, name) {
                acc.report(span, format!("the reference lists no condition key `{}`", key.text))
                    .severity(Severity::Info)
                    .case("service-tag")
                    .note(format!("Some services know it all the same. Write `aws:ResourceTag/{tag}`, which the reference lists."));
            } else if let Some(right) = catalog::meant_key(&key.text) {
                acc.report(span, format!("AWS has no condition key `{}`; did you mean `{right}`?", key.text))
                    .case("typo")
                    .note(never);
            } else if let Some(near) = catalog::nearest_condition_key(&key.text) {
                let message =
                    format!("AWS has no condition key `{}`; did you mean `{}`?", key.text, near.word);
                acc.report(span, message)
                    .case("typo")
                    .note(never)
                    .maybe_fix(conditions::rename_key(condition, near));
            } else if prefix.eq_ignore_ascii_case("aws") {
                acc.report(span, format!("there is no global condition key `{}`", key.text))
                    .case("global")
                    .note(never);
            } else if let Some(service) = catalog::service(prefix) {
                acc.report(span, format!("{} has no condition key `{name}`", service.title()))
                    .case("service")
                    .note(never);
            } else {
                acc.report(span, format!("no service has condition keys with the prefix `{prefix}`"))
                    .case("service")
                    .note(never);
            }
        }
    }
}

/// The tag of `cloudformation:ResourceTag/team`, where the service knows tags of resources.
fn own_resource_tag<'n>(prefix: &str, name: &'n str) -> Option<&'n str> {
    let (kind, tag) = name.split_once('/')?;
    let knows_tags = || {
        catalog::service(prefix)?
            .condition_keys()
            .find(|known| catalog::key_fits(known.name(), "aws:ResourceTag/any"))
    };
    (kind.eq_ignore_ascii_case("ResourceTag") && !tag.is_empty() && knows_tags().is_some()).then_some(tag)
}
