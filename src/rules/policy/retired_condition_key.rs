use super::conditions;
use crate::access;
use crate::catalog;
use crate::declare_rule;
use crate::diagnostic::{Findings, Fix, Severity};
use crate::model::{PolicyContext, Statement};
use crate::rules::Rule;

declare_rule! {
    /// Finds condition keys that have been replaced by others.
    ///
    /// `aws:ARN` is gone from AWS's list of keys: use `aws:PrincipalArn` for who calls, or `aws:SourceArn` for
    /// the resource that a service calls for. `aws:SourceOwner` is what Amazon SNS writes into the first policy
    /// of a topic; `aws:SourceAccount` is its successor everywhere.
    ///
    /// ```json
    /// "Condition": { "ArnLike": { "aws:ARN": "arn:aws:iam::111122223333:role/deploy" } }
    /// ```
    ///
    /// AWS: "AWS global condition context keys" in the IAM user guide.
    pub RetiredConditionKey {
        id: "retired-condition-key",
        group: Policy,
        reads: [Statement],
        cases: ["deprecated", "unsupported"],
        severity: Warning,
        confidence: High,
        level: Default,
        summary: "the condition key has been replaced by another",
        sources: [
            "access-analyzer/UNSUPPORTED_GLOBAL_CONDITION_KEY",
            "access-analyzer/DEPRECATED_GLOBAL_CONDITION_KEY",
        ],
        fix: Grants,
        since: "0.1.0",
    }
}

impl Rule for RetiredConditionKey {
    fn check_statement(&self, statement: Statement<'_>, _policy: &PolicyContext, acc: &mut Findings) {
        for condition in statement.condition_keys().filter(|condition| !condition.key.has_unknown()) {
            let key = condition.key;
            let Some(traits) = catalog::key_traits(&key.text) else { continue };
            let Some(first) = traits.instead.first() else { continue };
            let still_there = catalog::condition_key(&key.text).is_some() || traits.instead.len() == 1;
            let names: Vec<String> = traits.instead.iter().map(|name| format!("`{name}`")).collect();
            let negated = catalog::parse_operator(&condition.operator.text).is_some_and(|it| it.base.negated);
            let fix = Fix {
                safety: conditions::safety_of_matching_more(statement, negated),
                ..Fix::replace_text(key.content_span(), first)
            };
            let free = !access::has_any(statement, &[first]);
            let finding = acc.report(
                key.content_span(),
                format!("`{}` has been replaced by {}", key.text, names.join(" and ")),
            );
            finding.maybe_fix((free && key.is_written()).then_some(fix));
            if still_there {
                finding.severity(Severity::Info).case("deprecated");
                if traits.tells_direct_callers {
                    // Whoever calls by themselves sends the old key alone.
                    finding.maybe_fix(None).note(format!(
                        "Services that act for others set {}; of direct callers the old key alone tells the account, as in the default policy of a topic.",
                        names.join(" or ")
                    ));
                } else {
                    finding.note(format!(
                        "Some services still set it. Write {}, which all set.",
                        names.join(" or ")
                    ));
                }
            } else {
                finding
                    .case("unsupported")
                    .note(format!("AWS no longer lists it. Write {}.", names.join(" or ")));
            }
        }
    }
}
