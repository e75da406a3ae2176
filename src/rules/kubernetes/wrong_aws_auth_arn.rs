use crate::catalog::{Arn, ArnPart, is_account_id};
use crate::declare_rule;
use crate::diagnostic::Findings;
use crate::model::AwsAuth;
use crate::rules::Rule;

declare_rule! {
    /// Finds ARNs in `aws-auth` that can match nobody: users in `mapRoles`, roles in `mapUsers`, sessions
    /// (`assumed-role`), ARNs of other services, and account ids that are none.
    ///
    /// ```yaml
    /// mapUsers: |
    ///   - userarn: arn:aws:iam::111122223333:role/deploy
    /// ```
    ///
    /// Roles belong in `mapRoles`, users into `mapUsers`; a session is named by its role.
    ///
    /// AWS: "Grant IAM users access to Kubernetes with a ConfigMap" in the Amazon EKS user guide.
    pub WrongAwsAuthArn {
        id: "wrong-aws-auth-arn",
        group: Kubernetes,
        reads: [AwsAuth],
        on: [AwsAuth],
        cases: ["account", "list", "no-arn", "service", "session"],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "an ARN in aws-auth can match nobody",
        sources: ["report/aws-auth-account-digits"],
        fix: None,
        since: "0.2.0",
    }
}

impl Rule for WrongAwsAuthArn {
    fn check_aws_auth(&self, aws_auth: AwsAuth<'_>, acc: &mut Findings) {
        for entry in aws_auth.entries() {
            let Some(arn) = entry.arn() else { continue };
            let (wanted, other) = (entry.list.noun(), entry.list.other().name());
            let Ok(parsed) = Arn::parse(&arn.text) else {
                if !arn.has_unknown() {
                    acc.report(arn.content_span(), format!("`{}` is not an ARN", arn.text))
                        .case("no-arn")
                        .note(format!("Write `arn:aws:iam::111122223333:{wanted}/NAME`."));
                }
                continue;
            };
            let kind = parsed.resource.split('/').next().unwrap_or_default();
            let kind_range = parsed.resource_start(kind.len());
            let is_kind_known = !arn.is_unknown_in(kind_range.clone());
            let is_known = |part: ArnPart| !arn.is_unknown_in(parsed.range(part));
            if parsed.service == "sts" && kind == "assumed-role" {
                acc.report(arn.part(kind_range), "`aws-auth` names roles, not their sessions")
                    .case("session")
                    .note("Write the role: `arn:aws:iam::111122223333:role/NAME`, without its path.");
            } else if is_known(ArnPart::Service) && parsed.service != "iam" {
                acc.report(
                    arn.part(parsed.range(ArnPart::Service)),
                    format!("this is an ARN of `{}`, not of IAM", parsed.service),
                )
                .case("service")
                .note(format!("Write `arn:aws:iam::111122223333:{wanted}/NAME`."));
            } else if is_kind_known && matches!(kind, "role" | "user") && kind != wanted {
                acc.report(
                    arn.part(kind_range),
                    format!("`{}` is about {wanted}s; this is a {kind}", entry.list.name()),
                )
                .case("list")
                .note(format!("It matches nobody here. Move the entry to `{other}`."));
            }
            let account = parsed.account;
            let is_id = is_account_id(account);
            // `XXXXXXXXXXXX` stands for one.
            let stands_in = account.bytes().all(|byte| matches!(byte, b'X' | b'x'));
            if is_known(ArnPart::Account) && !is_id && !account.contains(['*', '?']) && !stands_in {
                let place = match account {
                    "" => arn.content_span(),
                    _ => arn.part(parsed.range(ArnPart::Account)),
                };
                acc.report(place, format!("an account id has twelve digits, not `{account}`"))
                    .case("account")
                    .note("The entry matches nobody.");
            }
        }
    }
}
