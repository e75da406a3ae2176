use crate::declare_rule;
use crate::diagnostic::{Findings, Fix};
use crate::host::value::Value;
use crate::host::{DocumentKind, Joined, OfUnit};
use crate::model::{Policy, PolicyContext, Statement};
use crate::rules::Rule;
use crate::text::Span;
use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

declare_rule! {
    /// Finds a `Sid` that two statements of one policy share.
    ///
    /// IAM refuses an identity policy, a trust policy or a permissions boundary whose `Sid`s are not
    /// unique. Resource policies of most services accept it, and then nobody can tell the statements
    /// apart in logs and error messages.
    ///
    /// Give each statement a name of its own, or leave `Sid` out: it is optional.
    pub DuplicateSid {
        id: "duplicate-sid",
        group: Policy,
        reads: [Policy],
        cases: ["joined", "recommended", "required"],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "two statements have the same Sid",
        sources: [
            "access-analyzer/UNIQUE_SIDS_REQUIRED",
            "access-analyzer/UNIQUE_SIDS_RECOMMENDED",
            "parliament/DUPLICATE_SID",
            "iam-policy-validator/duplicate_sid",
            "cfn-lint/E3510",
            "cfn-lint/E3512",
            "cfn-lint/E3530",
            "cdk-preflight/pf-iam-policy-duplicate-sid",
            "aws-iam-language-server/DUPLICATE_SID",
        ],
        fix: Safe,
        since: "0.1.0",
        service_messages: ["Statement IDs (SID) in a single policy must be unique"],
    }
}

impl Rule for DuplicateSid {
    fn check_policy(&self, policy: Policy<'_>, context: &PolicyContext, acc: &mut Findings) {
        joined(policy, acc);
        if !has_equals(policy) {
            return;
        }
        let sid_name = acc.name("Sid");
        let mut seen: HashMap<&str, Span> = HashMap::new();
        // Every one gets a name of its own, so that the repairs go together.
        let mut numbers: HashMap<&str, usize> = HashMap::new();
        let mut taken = OnceCell::new();
        // Of statements that may not be there, only one may be.
        for (base, statement) in policy.statements().filter(|(_, statement)| !statement.object.is_open()) {
            let Some(sid) = statement.sid().filter(|sid| !sid.text.is_empty() && !sid.has_unknown()) else {
                continue;
            };
            let span = sid.span.shifted(base);
            let Some(first) = seen.get(&*sid.text) else {
                seen.insert(&sid.text, span);
                continue;
            };
            taken.get_or_init(|| taken_names(policy));
            let number = numbers.entry(&sid.text).or_insert(2);
            let name = taken.get_mut().map(|taken| free_name(&sid.text, number, taken));
            let fix = name.map(|name| Fix::replace_text(sid.content_span().shifted(base), &name));
            let finding = acc.report(span, format!("the Sid `{}` is used twice in this policy", sid.text));
            finding.related(*first, "first used here").maybe_fix(fix);
            if context.kind == DocumentKind::Resource {
                finding.severity(crate::diagnostic::Severity::Warning).case("recommended").note(
                    format!("Most services accept this, but the statements cannot be told apart. Rename one, or leave \
                     its `{sid_name}` out."),
                );
            } else {
                finding
                    .case("required")
                    .note(format!("IAM refuses the policy. Rename one, or leave its `{sid_name}` out."));
            }
        }
    }
}

/// Documents that another takes in: Terraform refuses two of them with the same Sid.
fn joined(policy: Policy<'_>, acc: &mut Findings) {
    let mut seen: HashMap<&str, &Joined> = HashMap::new();
    for part in policy.document.joined.iter().filter(|part| !part.replaces) {
        for sid in &part.sids {
            let Some(first) = seen.insert(sid, part).filter(|first| first.span != part.span) else {
                continue;
            };
            acc.report(
                part.span,
                format!("the Sid `{sid}` is in `{}` and in `{}`", first.name, part.name),
            )
            .case("joined")
            .related(first.span, "this has it, too")
            .note(
                "Terraform refuses documents with the same Sid in `source_policy_documents`. Rename one, or take the \
                 second in by `override_policy_documents`, where it comes in place of the first.",
            );
        }
    }
}

/// Whether two statements may have the same Sid.
fn has_equals(policy: Policy<'_>) -> bool {
    let mut all: Vec<u64> = policy.units().iter().filter_map(|it| it.unit.known::<SidHash>().0).collect();
    all.sort_unstable();
    all.windows(2).any(|pair| pair[0] == pair[1])
}

struct SidHash(Option<u64>);

impl OfUnit for SidHash {
    fn of(value: &Value) -> SidHash {
        let sid = value.as_object().and_then(|object| Statement { object }.sid());
        SidHash(sid.map(|sid| {
            let mut hasher = DefaultHasher::new();
            sid.text.hash(&mut hasher);
            hasher.finish()
        }))
    }
}

fn taken_names(policy: Policy<'_>) -> HashSet<String> {
    policy.statements().filter_map(|(_, statement)| Some(statement.sid()?.text.to_string())).collect()
}

/// The name with the lowest number, from that one on, that makes it one of its own; it is taken then.
fn free_name(sid: &str, number: &mut usize, taken: &mut HashSet<String>) -> String {
    loop {
        let name = format!("{sid}{number}");
        *number += 1;
        if taken.insert(name.clone()) {
            return name;
        }
    }
}
