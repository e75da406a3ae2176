use super::principals::{assuming, services};
use crate::declare_rule;
use crate::diagnostic::{Findings, Fix};
use crate::host::value::Value;
use crate::host::{DocumentKind, Edit, NewValue};
use crate::model::{Policy, PolicyContext};
use crate::rules::Rule;

declare_rule! {
    /// Finds a role for EKS Pod Identity that may not be tagged.
    ///
    /// Pod Identity assumes the role and tags the session with the cluster, the namespace and the
    /// service account. A trust policy for `pods.eks.amazonaws.com` that lets it do only the first is
    /// of no use: no pod gets credentials.
    ///
    /// ```json
    /// { "Effect": "Allow", "Principal": { "Service": "pods.eks.amazonaws.com" }, "Action": "sts:AssumeRole" }
    /// ```
    ///
    /// Write `"Action": ["sts:AssumeRole", "sts:TagSession"]`.
    ///
    /// AWS: "Configure a Kubernetes service account to assume an IAM role with EKS Pod Identity" in the
    /// Amazon EKS user guide.
    pub MissingTagSession {
        id: "missing-tag-session",
        group: Trust,
        severity: Error,
        confidence: High,
        level: Default,
        summary: "EKS Pod Identity may assume the role, but not tag the session",
        sources: [],
        fix: Safe,
        since: "0.1.0",
        service_messages: ["Trust policy of role is invalid for EKS Pod Identity"],
    }
}

impl Rule for MissingTagSession {
    fn check_policy(&self, policy: Policy<'_>, context: &PolicyContext, acc: &mut Findings) {
        if context.kind != DocumentKind::Trust || context.template {
            return;
        }
        let tags = policy.statements().any(|(_, statement)| {
            statement
                .listed_actions()
                .any(|action| action.string.has_unknown() || action.covers("sts:TagSession"))
        });
        if tags {
            return;
        }
        for (base, statement) in assuming(policy) {
            if !services(statement).any(|service| &*service.text == "pods.eks.amazonaws.com") {
                continue;
            }
            let Some(member) = statement.member("Action") else { continue };
            let edit = match &member.value {
                Value::Array(array) => Edit::InsertItem {
                    array: array.span.shifted(base),
                    value: NewValue::String("sts:TagSession".into()),
                },
                Value::String(action) => Edit::ReplaceValue {
                    span: action.span.shifted(base),
                    value: NewValue::Array(vec![
                        NewValue::String(action.text.to_string()),
                        NewValue::String("sts:TagSession".into()),
                    ]),
                },
                _ => continue,
            };
            acc.report(member.value.span().shifted(base), "EKS Pod Identity needs `sts:TagSession` as well")
                .note("Without it no pod gets credentials. Write `\"Action\": [\"sts:AssumeRole\", \"sts:TagSession\"]`.")
                .fix(Fix::safe("Add `sts:TagSession`", vec![edit]));
            return;
        }
    }
}
