use crate::catalog::is_account_id;
use crate::declare_rule;
use crate::diagnostic::Findings;
use crate::model::{PolicyContext, Statement};
use crate::rules::Rule;

declare_rule! {
    /// Finds roles that trust a whole account, without a condition.
    ///
    /// `arn:aws:iam::111122223333:root` is not a single user: it leaves it to that account who of its principals may assume
    /// the role. In your own account that is the usual form. Where the account is somebody else's, and they act
    /// for several customers, ask for an external ID, or one customer of theirs may have them use your role.
    ///
    /// ```json
    /// { "Effect": "Allow", "Principal": { "AWS": "arn:aws:iam::444455556666:root" }, "Action": "sts:AssumeRole" }
    /// ```
    ///
    /// Name the role, or add `"StringEquals": {"sts:ExternalId": "…"}`.
    ///
    /// AWS: "Access to AWS accounts owned by third parties" in the IAM user guide.
    pub TrustedWholeAccount {
        id: "trusted-whole-account",
        group: Trust,
        reads: [Statement],
        on: [Trust],
        templates: Silent,
        severity: Info,
        confidence: High,
        level: Pedantic,
        summary: "a whole account may assume the role",
        sources: [
            "checkov/CKV_AWS_61",
            "cloudsplaining/AssumableByCrossAccountPrincipal",
            "iam-policy-validator/missing_required_condition_for_assume_action",
        ],
        fix: None,
        since: "0.1.0",
    }
}

impl Rule for TrustedWholeAccount {
    fn check_statement(&self, statement: Statement<'_>, _: &PolicyContext, acc: &mut Findings) {
        if !statement.allows()
            || !statement.is_unconditional()
            || !statement.listed_actions().any(|action| action.covers("sts:AssumeRole"))
        {
            return;
        }
        let Some(principal) = statement.principal() else { return };
        for entry in
            principal.entries().filter(|entry| &*entry.kind.text == "AWS" && !entry.value.has_unknown())
        {
            let name = &*entry.value.text;
            let whole = name.ends_with(":root") || is_account_id(name);
            if whole {
                acc.report(entry.value.content_span(), "this trusts a whole account, whoever it lets in")
                    .note(
                        "Name the role that is meant. For an account of somebody else add a condition on \
                         `sts:ExternalId`.",
                    );
            }
        }
    }
}
