use super::principals::{has_open_condition, keeps_strangers_out};
use crate::declare_rule;
use crate::diagnostic::Findings;
use crate::model::{PolicyContext, Statement};
use crate::rules::Rule;

declare_rule! {
    /// Finds a role that anybody may assume.
    ///
    /// With `{"AWS": "*"}` and no condition on the caller, every principal of every AWS account can assume the role
    /// and do what it may do. A condition that only excludes some, or lets every address pass, keeps nobody else out.
    ///
    /// ```json
    /// { "Effect": "Allow", "Principal": { "AWS": "*" }, "Action": "sts:AssumeRole" }
    /// ```
    ///
    /// Name the account, the role or the service, or add a condition such as
    /// `"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}`.
    ///
    /// AWS: "AWS JSON policy elements: Principal" in the IAM user guide.
    pub TrustAnyPrincipal {
        id: "trust-any-principal",
        group: Trust,
        reads: [Statement],
        on: [Trust],
        severity: Warning,
        confidence: High,
        level: Default,
        summary: "anybody may assume the role",
        sources: ["checkov/CKV_AWS_60", "cloudsplaining/AssumableByAnyPrincipal", "semgrep/wildcard-assume-role"],
        fix: None,
        since: "0.1.0",
    }
}

impl Rule for TrustAnyPrincipal {
    fn check_statement(&self, statement: Statement<'_>, _: &PolicyContext, acc: &mut Findings) {
        let is_narrowed = !statement.is_unconditional()
            && (has_open_condition(statement) || keeps_strangers_out(statement));
        if !statement.allows() || is_narrowed {
            return;
        }
        let Some(principal) = statement.principal() else { return };
        // The text `"*"` in place of the object is refused, which is another rule's.
        let star = principal
            .entries()
            .find(|entry| &*entry.kind.text == "AWS" && &*entry.value.text == "*")
            .map(|entry| entry.value);
        if let Some(star) = star {
            acc.report(star.span, "anybody in any AWS account may assume this role").note(
                "Name the account, the role or the service that is to assume it, or add a condition on \
                 `aws:PrincipalOrgID`.",
            );
        }
    }
}
