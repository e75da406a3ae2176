use crate::catalog::{Guess, eks_names, guess};
use crate::declare_rule;
use crate::diagnostic::Findings;
use crate::host::value::{Object, StringValue};
use crate::model::AwsAuth;
use crate::rules::{Rule, renaming};

declare_rule! {
    /// Finds names in `aws-auth` that the authenticator does not read: in the data, and in entries of `mapRoles` and
    /// `mapUsers`.
    ///
    /// Such a name is skipped silently: a `group:` for `groups:` leaves the role without rights, a `maproles:` for
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
        reads: [AwsAuth],
        on: [AwsAuth],
        severity: Warning,
        confidence: High,
        level: Default,
        summary: "aws-auth has a key that the authenticator does not read",
        sources: [],
        fix: Unsafe,
        since: "0.2.0",
    }
}

impl Rule for UnknownAwsAuthKey {
    fn check_aws_auth(&self, aws_auth: AwsAuth<'_>, acc: &mut Findings) {
        for entry in aws_auth.entries() {
            // In lower case.
            let known = eks_names(entry.list.name());
            for member in &entry.object.members {
                let name = member.name.text.to_ascii_lowercase();
                if known.contains(&&*name) || member.name.has_unknown() {
                    continue;
                }
                let near = guess(&name, known.iter().copied());
                report((entry.object, &member.name), near, known, &format!("`{}`", entry.list.name()), acc);
            }
        }
        let lists = eks_names("authLists");
        for member in &aws_auth.data.members {
            let name = &member.name;
            // Other tools keep notes of their own there; only what is meant to be a list is looked at.
            if !lists.contains(&&*name.text)
                && let Some(near) = guess(&name.text, lists.iter().copied())
            {
                report((aws_auth.data, name), Some(near), lists, "the data", acc);
            }
        }
    }
}

fn report(
    (object, name): (&Object, &StringValue),
    near: Option<Guess>,
    known: &[&str],
    place: &str,
    acc: &mut Findings,
) {
    let message = format!("{place} has no `{}`{}", name.text, renaming::did_you_mean(near.as_ref()));
    let is_known = |name: &str| known.iter().any(|known| known.eq_ignore_ascii_case(name));
    acc.report(name.span, message)
        .note("The authenticator skips it.")
        .maybe_fix(near.and_then(|near| renaming::rename(object, name, name.content_span(), near, is_known)));
}
