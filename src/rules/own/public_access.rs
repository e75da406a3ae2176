use super::{Forbidden, OwnFacts};
use crate::declare_rule;
use crate::diagnostic::Findings;
use crate::model::Policy;
use crate::rules::Rule;
use crate::rules::trust::{Openness, open_to_anybody};

declare_rule! {
    /// Finds resource policies that let the public in, where your configuration says that none may.
    ///
    /// `never` in `.passrole.jsonc` with `"public": true` forbids what `check-no-public-access` of IAM Access Analyzer
    /// looks for, without a network: a policy of a bucket, queue, key or another resource that lets everybody in
    /// and has no condition on the caller, their network or the source of the request. Where the condition is filled in
    /// later, that is reported as well.
    ///
    /// ```json
    /// { "never": [{ "public": true, "files": ["infra/**"], "reason": "the site's bucket alone is public" }] }
    /// ```
    ///
    /// Name who is let in, or add a condition such as `"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}`.
    ///
    /// See [configuration](../configuration.md#what-no-policy-may-grant).
    pub PublicAccess {
        id: "public-access",
        group: Own,
        reads: [Own],
        cases: ["granted", "undecided"],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "a resource policy lets the public in, which the configuration forbids",
        sources: [],
        fix: None,
        since: "0.1.0",
    }
}

impl Rule for PublicAccess {
    fn check_own(&self, facts: &OwnFacts<'_>, acc: &mut Findings) {
        let mut rows = facts.constraints.never.iter().filter(|row| row.what == Forbidden::Public);
        let Some(row) = rows.next() else { return };
        let by = if row.place.is_empty() { String::new() } else { format!(" `{}` forbids it.", row.place) };
        for policy in facts.documents.iter().filter_map(Policy::of) {
            for (span, openness) in open_to_anybody(policy, facts.file_stem, facts.folder) {
                let (case, words) = match openness {
                    Openness::Open => ("granted", "has"),
                    Openness::Undecided => ("undecided", "may have"),
                };
                acc.report(span, format!("the public {words} access here: {}", row.reason)).case(case).note(
                    format!("Name who is let in, or add a condition on the caller or the network.{by}"),
                );
            }
        }
    }
}
