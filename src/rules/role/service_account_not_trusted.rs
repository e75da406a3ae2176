use crate::declare_rule;
use crate::diagnostic::{Confidence, Findings};
use crate::graph::roles::Verdict;
use crate::rules::Rule;

declare_rule! {
    /// Finds a service account of Kubernetes whose role lets another one in.
    ///
    /// With IAM roles for service accounts the token says `system:serviceaccount:NAMESPACE:NAME`, and the role's
    /// trust policy compares that with the condition on the provider's `:sub`. One letter of the namespace or name
    /// that differs, and the pods get `AccessDenied` from `AssumeRoleWithWebIdentity`.
    ///
    /// ```yaml
    /// kind: ServiceAccount
    /// metadata:
    ///   name: external-dns
    ///   namespace: dns
    ///   annotations: { eks.amazonaws.com/role-arn: "arn:aws:iam::111122223333:role/external-dns" }
    /// ```
    ///
    /// Write the account's namespace and name in the trust policy, or annotate the account that is meant.
    ///
    /// AWS: "Assign IAM roles to Kubernetes service accounts" in the Amazon EKS user guide.
    pub ServiceAccountNotTrusted {
        id: "service-account-not-trusted",
        group: Role,
        reads: [Roles],
        severity: Warning,
        confidence: High,
        level: Default,
        summary: "the role of a service account lets another service account in",
        sources: [],
        fix: None,
        since: "0.1.0",
        service_messages: ["Not authorized to perform sts:AssumeRoleWithWebIdentity"],
    }
}

impl Rule for ServiceAccountNotTrusted {
    fn check_roles(&self, verdicts: &[Verdict], acc: &mut Findings) {
        for verdict in verdicts {
            let Verdict::Account { span, role, subject, trusted, file, .. } = verdict else { continue };
            let message = if trusted.is_empty() {
                format!("the role `{role}` lets in no service account by a web identity")
            } else {
                format!("the role `{role}` lets in `{trusted}`, not `{subject}`")
            };
            let note = if trusted.is_empty() {
                format!(
                    "The annotation makes the pods call `sts:AssumeRoleWithWebIdentity` as `{subject}`, and no \
                     statement of the trust policy in `{file}` allows that."
                )
            } else {
                format!(
                    "The token of this account has `{subject}` as its subject; the trust policy in `{file}` asks \
                     for another one, so the pods cannot assume the role."
                )
            };
            acc.report(*span, message).note(note).confidence(Confidence::Medium);
        }
    }
}
