use super::elements;
use crate::catalog::Guess;
use crate::declare_rule;
use crate::diagnostic::Findings;
use crate::host::Naming;
use crate::host::value::Object;
use crate::model::{Policy, PolicyContext, Statement};
use crate::rules::{Rule, renaming};
use crate::text::all_quoted;

declare_rule! {
    /// Finds members of a policy or of a statement that the policy language does not have.
    ///
    /// Names are case-sensitive, `Action` and `Resource` have no plural, and there is no element for
    /// comments. AWS refuses a policy with an element that it does not know.
    ///
    /// ```json
    /// { "Effect": "Allow", "Actions": ["ecs:RunTask"], "Resource": "*" }
    /// ```
    ///
    /// Write the element's own name. For remarks, use `Sid`, or keep them out of the policy.
    ///
    /// AWS: "Grammar of the IAM JSON policy language" in the IAM user guide.
    pub UnknownPolicyElement {
        id: "unknown-policy-element",
        group: Policy,
        reads: [Statement, Policy],
        cases: ["policy", "statement"],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "the policy language has no element of that name",
        sources: [
            "access-analyzer/INVALID_POLICY_ELEMENT",
            "parliament/MALFORMED",
            "iam-policy-validator/unknown_policy_field",
            "iam-policy-validator/unknown_field",
            "cfn-lint/E3510",
            "cfn-lint/E3512",
            "cfn-lint/E3530",
            "cdk-preflight/pf-iam-policy-statement-unknown-field",
            "cdk-preflight/pf-iam-policy-unknown-toplevel-field",
            "aws-iam-language-server/UNRECOGNIZED_KEY",
        ],
        fix: Unsafe,
        since: "0.1.0",
        service_messages: ["Syntax errors in policy", "Unknown field"],
    }
}

impl Rule for UnknownPolicyElement {
    fn check_policy(&self, policy: Policy<'_>, context: &PolicyContext, acc: &mut Findings) {
        if context.template {
            return;
        }
        check(policy.head, &Policy::ELEMENTS, "policy", acc);
    }

    fn check_statement(&self, statement: Statement<'_>, policy: &PolicyContext, acc: &mut Findings) {
        // Terraform looks after its own arguments.
        if policy.template || policy.naming == Naming::TerraformPolicy {
            return;
        }
        check(statement.object, &Statement::ELEMENTS, "statement", acc);
    }
}

fn check(object: &Object, names: &'static [&'static str], part: &'static str, acc: &mut Findings) {
    let statement = acc.name("Statement");
    for member in &object.members {
        let name = &*member.name.text;
        // A template engine's own members are gone before AWS sees the policy.
        if names.contains(&name) || member.name.has_unknown() || name.starts_with("Fn::") {
            continue;
        }
        let meant = elements::meant(name, names);
        let spelling = acc.spelling();
        let span = if name.is_empty() { member.name.span } else { member.name.content_span() };
        let message = if name.is_empty() {
            format!("the {part} has an element without a name")
        } else {
            format!("a {part} has no element `{name}`")
        };
        let finding = acc.report(span, message);
        finding.case(part);
        // Where the right name is there as well, nobody can tell which of the two is meant.
        match meant {
            Some(Guess { word: meant, .. }) if object.has(meant) => finding.note(format!(
                "AWS refuses the policy. `{meant}` is there already: move what belongs to it, and remove `{name}`."
            )),
            Some(meant) => {
                let is_known = |name: &str| names.contains(&name);
                let span = member.name.content_span();
                finding
                    .note(format!(
                        "AWS refuses the policy: names are case-sensitive and fixed. Write `{}`.",
                        meant.word
                    ))
                    .maybe_fix(renaming::rename_field(object, &member.name, span, meant, is_known, spelling))
            }
            None if let Some(element) = elements::element(name) => finding.note(match part {
                "policy" => format!(
                    "AWS refuses the policy. `{element}` belongs in a statement: the objects in `{statement}`."
                ),
                _ => format!("AWS refuses the policy. `{element}` belongs in the policy itself, beside `{statement}`."),
            }),
            None => finding.note(format!(
                "AWS refuses the policy. A {part} has {}. Remove `{name}`; remarks belong outside of the policy.",
                all_quoted(names)
            )),
        };
    }
}
