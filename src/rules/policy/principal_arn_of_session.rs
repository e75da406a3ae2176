use super::conditions;
use crate::catalog;
use crate::declare_rule;
use crate::diagnostic::{Findings, Fix};
use crate::host::Edit;
use crate::host::value::Value;
use crate::model::{Arn, PolicyContext, Statement};
use crate::rules::Rule;

declare_rule! {
    /// Finds conditions that compare `aws:PrincipalArn` with the ARN of a role session.
    ///
    /// For a session of a role the key holds the ARN of the **role**, never that of the session. An exception
    /// written with `assumed-role` in a `Deny` excepts nobody, and an `Allow` with it lets nobody in.
    ///
    /// ```json
    /// "Condition": { "ArnNotLike": { "aws:PrincipalArn": "arn:aws:sts::111122223333:assumed-role/deploy/*" } }
    /// ```
    ///
    /// Write the ARN of the role, path included: `arn:aws:iam::111122223333:role/deploy`. To tell sessions
    /// apart, use `aws:userid`.
    ///
    /// AWS: "AWS global condition context keys", `aws:PrincipalArn`, in the IAM user guide.
    pub PrincipalArnOfSession {
        id: "principal-arn-of-session",
        group: Policy,
        reads: [Statement],
        severity: Warning,
        confidence: High,
        level: Default,
        summary: "aws:PrincipalArn is compared with the ARN of a session",
        sources: [],
        fix: Grants,
        since: "0.1.0",
    }
}

impl Rule for PrincipalArnOfSession {
    fn check_statement(&self, statement: Statement<'_>, _policy: &PolicyContext, acc: &mut Findings) {
        for key in statement.condition_keys() {
            if !key.key.text.eq_ignore_ascii_case("aws:PrincipalArn") {
                continue;
            }
            let negated = catalog::parse_operator(&key.operator.text).is_some_and(|it| it.base.negated);
            for value in key.values().iter().filter_map(Value::as_string) {
                let Ok(arn) = Arn::parse(&value.text) else { continue };
                let Some(session) = arn.resource.strip_prefix("assumed-role/") else { continue };
                if arn.service != "sts" {
                    continue;
                }
                let role = session.split('/').next().unwrap_or(session);
                let right = format!("arn:{}:iam::{}:role/{role}", arn.partition, arn.account);
                let finding =
                    acc.report(value.content_span(), "`aws:PrincipalArn` is never the ARN of a session");
                finding.related(key.key.span, "the key is here").note(format!(
                    "For a role's session it is the ARN of the role, with the role's path: write `{right}`."
                ));
                if !value.has_unknown() && !role.is_empty() {
                    finding.fix(Fix {
                        title: format!("Replace with `{right}`").into(),
                        safety: conditions::safety_of_matching_more(statement, negated),
                        edits: vec![Edit::ReplaceText { span: value.content_span(), text: right.into() }],
                    });
                }
            }
        }
    }
}
