use super::principals::missing_session_actions;
use crate::access;
use crate::catalog;
use crate::declare_rule;
use crate::diagnostic::{Findings, Fix, Severity};
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
    /// The same goes for whoever is to pass tags: a condition on `aws:RequestTag/…` in a policy that allows nobody to tag
    /// the session never holds, which is a warning.
    ///
    /// AWS: "Configure a Kubernetes service account to assume an IAM role with EKS Pod Identity" in the
    /// Amazon EKS user guide.
    pub MissingTagSession {
        id: "missing-tag-session",
        group: Trust,
        reads: [Policy],
        on: [Trust],
        cases: ["pod-identity", "request-tag"],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "EKS Pod Identity may assume the role, but not tag the session",
        sources: [],
        fix: Grants,
        since: "0.1.0",
        service_messages: ["Trust policy of role is invalid for EKS Pod Identity"],
    }
}

impl Rule for MissingTagSession {
    fn check_policy(&self, policy: Policy<'_>, context: &PolicyContext, acc: &mut Findings) {
        let Some((span, _, edit)) = missing_session_actions(policy, context, "pods.eks.amazonaws.com") else {
            request_tags(policy, context, acc);
            return;
        };
        acc.report(span, "EKS Pod Identity needs `sts:TagSession` as well")
            .case("pod-identity")
            .note("Without it no pod gets credentials. Write `\"Action\": [\"sts:AssumeRole\", \"sts:TagSession\"]`.")
            .fix(Fix::grants("Allow `sts:TagSession` as well", vec![edit]));
    }
}

/// A condition on tags that the session is to get, where nobody may tag it.
fn request_tags(policy: Policy<'_>, context: &PolicyContext, acc: &mut Findings) {
    let may_tag = policy.statements().any(|(_, statement)| {
        statement.object.has("NotAction")
            || statement
                .listed_actions()
                .any(|action| action.string.has_unknown() || action.covers("sts:TagSession"))
    });
    if may_tag || policy.document.is_partial {
        return;
    }
    for (base, statement) in policy.statements() {
        let assumes = statement
            .listed_actions()
            .any(|action| catalog::ways_of_assuming().iter().any(|way| action.covers(way.action)));
        if !statement.allows() || !assumes || access::is_open(statement, context) {
            continue;
        }
        for test in access::tests(statement) {
            let is_tag =
                test.is_on("aws:TagKeys") || catalog::key_fits("aws:RequestTag/${TagKey}", test.key());
            if !is_tag || !test.holds_without_key().is_no() {
                continue;
            }
            acc.report(
                test.condition.key.content_span().shifted(base),
                format!("a session with `{}` needs `sts:TagSession` as well", test.key()),
            )
            .severity(Severity::Warning)
            .case("request-tag")
            .note(
                "Whoever passes tags to the session needs it in this policy; without tags the condition does not hold. Add it \
                 to the actions.",
            );
            return;
        }
    }
}
