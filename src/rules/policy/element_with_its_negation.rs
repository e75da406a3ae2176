use super::elements;
use crate::declare_rule;
use crate::diagnostic::Findings;
use crate::model::{PolicyContext, Statement};
use crate::rules::Rule;

declare_rule! {
    /// Finds a statement that has an element and its negation: `Action` and `NotAction`, `Resource` and
    /// `NotResource`, `Principal` and `NotPrincipal`.
    ///
    /// They exclude each other; AWS refuses the policy.
    ///
    /// ```json
    /// { "Effect": "Allow", "Action": "ecs:*", "NotAction": "ecs:DeleteCluster", "Resource": "*" }
    /// ```
    ///
    /// To allow all but a few, allow the whole in one statement and deny the few in another.
    ///
    /// AWS: "IAM JSON policy elements reference" in the IAM user guide.
    pub ElementWithItsNegation {
        id: "element-with-its-negation",
        group: Policy,
        reads: [Statement],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "a statement has an element together with its negation",
        sources: [
            "access-analyzer/UNSUPPORTED_ELEMENT_COMBINATION",
            "parliament/MALFORMED",
            "iam-policy-validator/action_conflict",
            "iam-policy-validator/resource_conflict",
            "iam-policy-validator/principal_conflict",
            "cfn-lint/E3510",
            "cfn-lint/E3512",
            "cfn-lint/E3530",
            "cdk-preflight/pf-iam-policy-exclusive-fields",
            "aws-iam-language-server/DUPLICATE_KEY",
        ],
        fix: None,
        since: "0.1.0",
        service_messages: ["Syntax errors in policy"],
    }
}

const PAIRS: [(&str, &str); 3] =
    [("Action", "NotAction"), ("Resource", "NotResource"), ("Principal", "NotPrincipal")];

impl Rule for ElementWithItsNegation {
    fn check_statement(&self, statement: Statement<'_>, _policy: &PolicyContext, acc: &mut Findings) {
        for (name, negation) in PAIRS {
            if !elements::has(statement.object, name) || !elements::has(statement.object, negation) {
                continue;
            }
            let (Some(plain), Some(negated)) = (statement.member(name), statement.member(negation)) else {
                continue;
            };
            let [name, negation] = acc.names([name, negation]);
            acc.report(negated.name.span, format!("`{negation}` stands beside `{name}` in one statement"))
                .related(plain.name.span, format!("`{name}` is here"))
                .note(format!(
                    "AWS refuses the policy: the two exclude each other. To leave some out, keep `{name}` here and \
                     deny the rest in a statement of its own."
                ));
        }
    }
}
