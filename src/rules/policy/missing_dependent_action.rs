use crate::catalog;
use crate::declare_rule;
use crate::diagnostic::Findings;
use crate::model::{Policy, PolicyContext};
use crate::rules::Rule;
use crate::text::listed;

declare_rule! {
    /// Finds actions whose operation needs other actions, too, none of which the policy allows.
    ///
    /// The Service Authorization Reference lists them as dependent actions. Many are needed only for some
    /// requests, and another policy may allow them, so this is advice for those who keep all that a role may
    /// do in one policy. For `iam:PassRole` there is `missing-pass-role`, which knows more.
    ///
    /// ```json
    /// { "Effect": "Allow", "Action": "access-analyzer:CreateAnalyzer", "Resource": "*" }
    /// ```
    ///
    /// Allow what the operation needs: here `iam:CreateServiceLinkedRole`.
    ///
    /// See the column "Dependent actions" in the Service Authorization Reference.
    pub MissingDependentAction {
        id: "missing-dependent-action",
        group: Policy,
        reads: [Policy],
        on: [Identity, Session],
        templates: Silent,
        severity: Info,
        confidence: Low,
        level: Pedantic,
        summary: "an operation needs further actions that the policy does not allow",
        sources: ["aws-iam-language-server/DEPENDENT_ACTION"],
        fix: None,
        since: "0.1.0",
        service_messages: ["is not authorized to perform"],
    }
}

impl Rule for MissingDependentAction {
    fn check_policy(&self, policy: Policy<'_>, _: &PolicyContext, acc: &mut Findings) {
        // Statements that were not read may allow it.
        if policy.units().iter().any(|placed| placed.unit.value.is_unknown()) {
            return;
        }
        let is_granted = |action: &str| {
            policy.statements().any(|(_, statement)| {
                statement.grants(action) || statement.actions().any(|it| it.string.has_unknown())
            })
        };
        for (base, statement) in policy.statements().filter(|(_, statement)| statement.allows()) {
            for action in statement.listed_actions() {
                if action.has_wildcard() || action.string.has_unknown() {
                    continue;
                }
                let Some(known) = catalog::action(action.text()) else { continue };
                let missing: Vec<String> = known
                    .dependent_actions()
                    .filter(|needed| *needed != "iam:PassRole" && !is_granted(needed))
                    .map(|needed| format!("`{needed}`"))
                    .collect();
                let Some((first, rest)) = missing.split_first() else { continue };
                let more = match rest.len() {
                    0 => String::new(),
                    1 => format!(" and {}", rest.concat()),
                    many => format!(" and {many} more actions"),
                };
                acc.report(
                    action.string.content_span().shifted(base),
                    format!("`{known}` may need {first}{more}, which nothing here allows"),
                )
                .note(format!(
                    "According to the reference its operation depends on {}. Some requests do without, and another policy may allow it.",
                    listed(&missing)
                ));
            }
        }
    }
}
