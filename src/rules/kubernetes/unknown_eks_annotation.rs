use crate::catalog::{self, Guess};
use crate::declare_rule;
use crate::diagnostic::{Findings, Fix};
use crate::model::ServiceAccount;
use crate::rules::{Rule, renaming};

declare_rule! {
    /// Finds annotations of service accounts that begin with `eks.amazonaws.com/` and that nothing reads.
    ///
    /// A misspelt name is skipped silently: pods run with the node's role, or with none.
    ///
    /// ```yaml
    /// annotations:
    ///   eks.amazonaws.com/role: arn:aws:iam::111122223333:role/web
    /// ```
    ///
    /// Write `eks.amazonaws.com/role-arn`.
    ///
    /// AWS: "Assign IAM roles to Kubernetes service accounts" in the Amazon EKS user guide.
    pub UnknownEksAnnotation {
        id: "unknown-eks-annotation",
        group: Kubernetes,
        reads: [ServiceAccount],
        on: [ServiceAccount],
        severity: Warning,
        confidence: High,
        level: Default,
        summary: "a service account has an annotation that Amazon EKS does not read",
        sources: [],
        fix: Unsafe,
        since: "0.2.0",
    }
}

const PREFIX: &str = ServiceAccount::PREFIX;

impl Rule for UnknownEksAnnotation {
    fn check_service_account(&self, account: ServiceAccount<'_>, acc: &mut Findings) {
        let known = catalog::eks_names("annotations");
        for (own, member) in account.of_eks() {
            let name = &member.name;
            if known.contains(&own) || name.has_unknown() {
                continue;
            }
            let near = catalog::meant_annotation(own)
                .map(Guess::plain)
                .or_else(|| catalog::guess(own, known.iter().copied()));
            let message =
                format!("Amazon EKS reads no annotation `{own}`{}", renaming::did_you_mean(near.as_ref()));
            // Another member may have the whole name.
            let is_free = |near: &Guess| {
                renaming::is_free(account.annotations, name, &format!("{PREFIX}{}", near.word), |name| {
                    name.strip_prefix(PREFIX).is_none_or(|own| known.contains(&own))
                })
            };
            let span = name.part(PREFIX.len()..name.text.len());
            acc.report(span, message)
                .note("It is skipped silently.")
                .maybe_fix(near.filter(is_free).map(|near| Fix::guess(span, near)));
        }
    }
}
