use super::mappings;
use crate::catalog::{eks_names, nearest};
use crate::declare_rule;
use crate::diagnostic::{Findings, Fix, Safety};
use crate::graph::Neighbours;
use crate::host::value::StringValue;
use crate::host::{Document, DocumentKind, Edit};
use crate::rules::Rule;

declare_rule! {
    /// Finds names in `aws-auth` that the authenticator does not read: in the data, and in entries of `mapRoles` and
    /// `mapUsers`.
    ///
    /// Such a name is skipped without a word: a `group:` for `groups:` leaves the role without rights, a `maproles:` for
    /// `mapRoles:` leaves out everybody. Entries are read whatever the case of their names; `mapRoles` itself is not.
    ///
    /// ```yaml
    /// - rolearn: arn:aws:iam::111122223333:role/deploy
    ///   group: [system:masters]
    /// ```
    ///
    /// AWS: "Grant IAM users access to Kubernetes with a ConfigMap" in the Amazon EKS user guide.
    pub UnknownAwsAuthKey {
        id: "unknown-aws-auth-key",
        group: Kubernetes,
        reads: [Other],
        on: [AwsAuth],
        severity: Warning,
        confidence: High,
        level: Default,
        summary: "aws-auth has a key that the authenticator does not read",
        sources: [],
        fix: Safe,
        since: "0.2.0",
    }
}

impl Rule for UnknownAwsAuthKey {
    fn check_other(&self, document: &Document, _: &Neighbours, acc: &mut Findings) {
        for entry in mappings::entries(document) {
            // In lower case.
            let known = eks_names(if entry.list == "mapRoles" { "mapRoles" } else { "mapUsers" });
            for member in &entry.object.members {
                let name = member.name.text.to_ascii_lowercase();
                if known.contains(&&*name) || member.name.has_unknown() {
                    continue;
                }
                report(&member.name, nearest(&name, known.iter().copied()), entry.list, acc);
            }
        }
        let lists = eks_names("authLists");
        let data = document.object().filter(|_| document.kind == DocumentKind::AwsAuth);
        for member in data.into_iter().flat_map(|data| &data.members) {
            let name = &member.name;
            // Other tools keep notes of their own there; only what is meant to be a list is looked at.
            if !lists.contains(&&*name.text)
                && let Some(near) = nearest(&name.text, lists.iter().copied())
            {
                report(name, Some(near), "the data", acc);
            }
        }
    }
}

fn report(name: &StringValue, near: Option<&str>, place: &str, acc: &mut Findings) {
    let place = if place.starts_with("map") { format!("`{place}`") } else { place.to_string() };
    let message = match near {
        Some(near) => format!("{place} has no `{}`; did you mean `{near}`?", name.text),
        None => format!("{place} has no `{}`", name.text),
    };
    acc.report(name.span, message).note("The authenticator skips it.").maybe_fix(near.map(|near| Fix {
        title: format!("Replace with `{near}`").into(),
        safety: Safety::Safe,
        edits: vec![Edit::ReplaceText { span: name.content_span(), text: near.into() }],
    }));
}
