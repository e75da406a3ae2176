use crate::declare_rule;
use crate::diagnostic::{Findings, Severity};
use crate::host::value::{Object, Value};
use crate::model::{Policy, PolicyContext, Statement};
use crate::rules::Rule;
use std::collections::HashMap;

declare_rule! {
    /// Finds a member that an object of a policy has twice.
    ///
    /// The policy language allows an element once. JSON parsers keep one of two and say nothing, so that
    /// what the other said is lost: mostly a condition, and with it the restriction. IAM refuses such a
    /// policy; tools on the way there may have dropped one half already, as Terraform does (a warning). Condition keys are not
    /// case-sensitive, so the same key in two spellings is twice the same.
    ///
    /// ```json
    /// "Condition": {
    ///   "StringEquals": { "aws:SourceAccount": "111122223333" },
    ///   "StringEquals": { "aws:PrincipalOrgID": "o-a1b2c3d4e5" }
    /// }
    /// ```
    ///
    /// Put both into one object, or both values into one list.
    ///
    /// AWS: "Grammar of the IAM JSON policy language" in the IAM user guide.
    pub DuplicateKey {
        id: "duplicate-key",
        group: Policy,
        reads: [Statement, Policy],
        cases: ["condition-key", "condition-key-case", "element"],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "an object of a policy has the same member twice",
        sources: [
            "access-analyzer/DUPLICATE_KEYS_WITH_DIFFERENT_CASE",
            "aws-iam-language-server/DUPLICATE_KEY",
        ],
        fix: None,
        since: "0.1.0",
        service_messages: ["Duplicate keys", "Duplicate"],
    }
}

impl Rule for DuplicateKey {
    fn check_policy(&self, policy: Policy<'_>, context: &PolicyContext, acc: &mut Findings) {
        check(policy.head, false, context.last_counts, acc);
    }

    fn check_statement(&self, statement: Statement<'_>, context: &PolicyContext, acc: &mut Findings) {
        let last = context.last_counts;
        check(statement.object, false, last, acc);
        for principal in statement.principals() {
            if let Some(object) = principal.object() {
                check(object, false, last, acc);
            }
        }
        let conditions = statement.object.members.iter().filter(|member| &*member.name.text == "Condition");
        for object in conditions.filter_map(|member| member.value.as_object()) {
            check(object, false, last, acc);
            for keys in object.members.iter().filter_map(|member| match &member.value {
                Value::Object(keys) => Some(keys),
                _ => None,
            }) {
                check(keys, true, last, acc);
            }
        }
    }
}

fn check(object: &Object, condition_keys: bool, last_counts: bool, acc: &mut Findings) {
    if object.members.len() < 2 {
        return;
    }
    let mut seen = HashMap::new();
    for member in object.members.iter().filter(|member| !member.name.has_unknown()) {
        let name = &*member.name.text;
        let canonical = if condition_keys { name.to_ascii_lowercase() } else { name.to_string() };
        let Some(first) = seen.get(&canonical).copied() else {
            seen.insert(canonical, &member.name);
            continue;
        };
        let finding = acc.report(member.name.span, format!("`{name}` is here twice"));
        finding.related(first.span, "first written here");
        if first.text != member.name.text {
            finding.case("condition-key-case").note(format!(
                "Condition keys are not case-sensitive: this is `{}` once more. Put all values into one list under one of them.",
                first.text
            ));
        } else if last_counts {
            finding
                .case(if condition_keys { "condition-key" } else { "element" })
                .severity(Severity::Warning)
                .note("Terraform keeps the last and drops the other in silence. Put both into one.");
        } else if condition_keys {
            finding.case("condition-key").note(
                "Only one of the two can count. Put all values into one list, or use another operator for the second.",
            );
        } else {
            finding.case("element").note(
                "The policy language takes an element once, and parsers that keep one drop the other in silence. \
                 Put both into one.",
            );
        }
    }
}
