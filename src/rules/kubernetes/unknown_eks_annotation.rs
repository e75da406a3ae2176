use crate::catalog;
use crate::declare_rule;
use crate::diagnostic::{Findings, Fix, Safety};
use crate::graph::Neighbours;
use crate::host::{Document, DocumentKind, Edit};
use crate::rules::Rule;

declare_rule! {
    /// Finds annotations of service accounts that begin with `eks.amazonaws.com/` and that nothing reads.
    ///
    /// A misspelt name is skipped without a word: pods run with the node's role, or with none.
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
        reads: [Other],
        on: [ServiceAccount],
        severity: Warning,
        confidence: High,
        level: Default,
        summary: "a service account has an annotation that Amazon EKS does not read",
        sources: [],
        fix: Safe,
        since: "0.2.0",
    }
}

const PREFIX: &str = "eks.amazonaws.com/";

impl Rule for UnknownEksAnnotation {
    fn check_other(&self, document: &Document, _: &Neighbours, acc: &mut Findings) {
        if document.kind != DocumentKind::ServiceAccount {
            return;
        }
        let known = catalog::eks_names("annotations");
        for member in document.object().into_iter().flat_map(|annotations| &annotations.members) {
            let name = &member.name;
            let Some(own) = name.text.strip_prefix(PREFIX) else { continue };
            if known.contains(&own) || name.has_unknown() {
                continue;
            }
            let near =
                catalog::meant_annotation(own).or_else(|| catalog::nearest(own, known.iter().copied()));
            let message = match near {
                Some(near) => format!("Amazon EKS reads no annotation `{own}`; did you mean `{near}`?"),
                None => format!("Amazon EKS reads no annotation `{own}`"),
            };
            let span = name.part(PREFIX.len()..name.text.len());
            acc.report(span, message).note("It is skipped without a word.").maybe_fix(near.map(|near| Fix {
                title: format!("Replace with `{near}`").into(),
                safety: Safety::Safe,
                edits: vec![Edit::ReplaceText { span, text: near.into() }],
            }));
        }
    }
}
