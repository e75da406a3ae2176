use crate::catalog::{self, AccessLevel};
use crate::declare_rule;
use crate::diagnostic::{Confidence, Findings, Severity};
use crate::host::DocumentKind;
use crate::model::{Arn, PolicyContext, Statement};
use crate::rules::Rule;

declare_rule! {
    /// Finds actions that work on `"Resource": "*"` only, in a statement that lists ARNs.
    ///
    /// Many actions, most of the `List…` kind, name no resource in their requests. IAM then compares the
    /// statement's resources with `*`, and no ARN, however wide, is `*`. The statement does not reach the
    /// action.
    ///
    /// ```text
    /// "Action": "ecr:GetAuthorizationToken", "Resource": "arn:aws:ecr:…:repository/web"    grants nothing
    /// "Action": "ecr:GetAuthorizationToken", "Resource": "*"                               right
    /// ```
    ///
    /// Give such actions a statement of their own with `"Resource": "*"`.
    ///
    /// See the service's table of actions in the Service Authorization Reference: their column of resource
    /// types is empty.
    pub ActionNeedsAllResources {
        id: "action-needs-all-resources",
        group: Policy,
        severity: Warning,
        confidence: High,
        level: Default,
        summary: "an action that takes only * stands in a statement with ARNs",
        sources: ["parliament/RESOURCE_MISMATCH", "iam-policy-validator/resource_mismatch", "cfn-lint/I3510"],
        fix: None,
        since: "0.1.0",
    }
}

impl Rule for ActionNeedsAllResources {
    fn check_statement(&self, statement: Statement<'_>, policy: &PolicyContext, acc: &mut Findings) {
        if !matches!(policy.kind, DocumentKind::Identity | DocumentKind::Session | DocumentKind::Boundary)
            || !statement.object.has("Resource")
        {
            return;
        }
        let mut resources = statement.listed_resources().peekable();
        let Some(first) = resources.peek().copied() else { return };
        // A placeholder may stand for the star.
        if resources.any(|resource| !resource.text.starts_with("arn:") || resource.is_wholly_unknown()) {
            return;
        }
        for action in statement.listed_actions() {
            if action.has_wildcard() || action.string.has_unknown() {
                continue;
            }
            let Some(known) = catalog::action(action.text()).filter(|known| known.takes_all_resources_only())
            else {
                continue;
            };
            // Some services check such an action against an ARN without a name (`…:role/`), which a pattern
            // for the whole service or a whole type matches.
            let service = known.service().prefix();
            if statement.listed_resources().any(|resource| is_whole_type(&resource.text, service)) {
                continue;
            }
            let verb = if statement.allows() { "allows" } else { "denies" };
            let finding = acc.report(
                action.string.content_span(),
                format!("`{known}` takes only `\"Resource\": \"*\"`, so this statement never {verb} it"),
            );
            finding
                .note("Give it a statement of its own with `\"Resource\": \"*\"`.")
                .related(first.span, "the statement lists ARNs");
            // What lists and reads is surely so in the reference. Of the rest, some come with ARNs that
            // the reference does not show.
            if !matches!(known.access_level(), AccessLevel::List | AccessLevel::Read) {
                finding.severity(Severity::Info).confidence(Confidence::Medium);
            }
        }
    }
}

/// `arn:aws:iam::*:role/*`, `arn:aws:logs:*:*:*`: a pattern that names nothing but a type.
fn is_whole_type(resource: &str, service: &str) -> bool {
    Arn::parse(resource).is_ok_and(|arn| {
        (arn.service == service || arn.service.contains('*'))
            && arn.resource.ends_with('*')
            && !arn.resource.trim_end_matches(['*', '/', ':']).contains(['/', ':', '*'])
    })
}
