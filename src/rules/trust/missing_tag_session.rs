use super::principals::missing_session_actions;
use crate::declare_rule;
use crate::diagnostic::{Findings, Fix};
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
        reads: [Policy],
        on: [Trust],
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
            return;
        };
        acc.report(span, "EKS Pod Identity needs `sts:TagSession` as well")
            .note("Without it no pod gets credentials. Write `\"Action\": [\"sts:AssumeRole\", \"sts:TagSession\"]`.")
            .fix(Fix::grants("Allow `sts:TagSession` as well", vec![edit]));
    }
}
