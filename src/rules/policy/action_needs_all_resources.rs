use super::{elements, whole_types};
use crate::catalog::{self, AccessLevel, Action, Service};
use crate::declare_rule;
use crate::diagnostic::{Confidence, Findings, Fix, Severity};
use crate::host::Edit;
use crate::model::{ActionPattern, Arn, PolicyContext, Statement};
use crate::rules::Rule;
use serde_json::json;

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
        reads: [Statement],
        on: [Identity, Session, Boundary],
        severity: Warning,
        confidence: High,
        level: Default,
        summary: "an action that takes only * stands in a statement with ARNs",
        sources: ["parliament/RESOURCE_MISMATCH", "iam-policy-validator/resource_mismatch", "cfn-lint/I3510"],
        fix: Grants,
        since: "0.1.0",
    }
}

impl Rule for ActionNeedsAllResources {
    fn check_statement(&self, statement: Statement<'_>, _: &PolicyContext, acc: &mut Findings) {
        if !statement.object.has("Resource") {
            return;
        }
        let mut resources = statement.listed_resources().peekable();
        let Some(first) = resources.peek().copied() else { return };
        // A placeholder may stand for the star.
        if resources.any(|resource| !resource.text.starts_with("arn:") || resource.is_wholly_unknown()) {
            return;
        }
        let needing: Vec<(ActionPattern<'_>, Action)> = statement
            .listed_actions()
            .filter(|action| !action.has_wildcard() && !action.string.has_unknown())
            .filter_map(|action| Some((action, catalog::action(action.text())?)))
            .filter(|(_, known)| known.takes_all_resources_only())
            // Most services check some such actions against an ARN without a name (`…:role/`), which a pattern
            // for the whole service or a whole type matches.
            .filter(|(_, known)| {
                catalog::takes_only_all_resources(known.service().prefix())
                    || !statement.listed_resources().any(|it| is_whole_type(&it.text, known.service()))
            })
            .collect();
        if needing.is_empty() {
            return;
        }
        let fix = fix(statement, &needing);
        for (action, known) in needing {
            let verb = if statement.allows() { "allows" } else { "denies" };
            let finding = acc.report(
                action.string.content_span(),
                format!("`{known}` takes only `\"Resource\": \"*\"`, so this statement never {verb} it"),
            );
            finding
                .note("Give it a statement of its own with `\"Resource\": \"*\"`.")
                .related(first.span, "the statement lists ARNs")
                .maybe_fix(fix.clone());
            // What lists and reads is surely so in the reference. Of the rest, some come with ARNs that
            // the reference does not show.
            if !matches!(known.access_level(), AccessLevel::List | AccessLevel::Read) {
                finding.severity(Severity::Info).confidence(Confidence::Medium);
            }
        }
    }
}

/// A statement of their own for all of them; where there are no others, `*` for the ARNs.
fn fix(statement: Statement<'_>, needing: &[(ActionPattern<'_>, Action)]) -> Option<Fix> {
    if statement.listed_actions().count() == needing.len() {
        let resources = statement.object.get("Resource")?.span();
        return Some(elements::widening(
            statement,
            "Replace the resources with `*`, every resource",
            vec![Edit::ReplaceValue { span: resources, value: json!("*") }],
        ));
    }
    let names: Vec<&str> = needing.iter().map(|(action, _)| action.text()).collect();
    let mut value = json!({ "Effect": &*statement.object.string("Effect")?.text });
    value["Action"] = match names.as_slice() {
        [only] => json!(only),
        many => json!(many),
    };
    value["Resource"] = json!("*");
    if let Some(condition) = statement.object.get("Condition") {
        value["Condition"] = condition.to_new()?;
    }
    let mut edits: Vec<Edit> =
        needing.iter().map(|(action, _)| Edit::RemoveItem { span: action.string.span }).collect();
    edits.push(Edit::InsertSibling { item: statement.object.span, value });
    let what = match names.as_slice() {
        [only] => format!("`{only}` to a statement of its own"),
        many => format!("{} actions to a statement of their own", many.len()),
    };
    Some(elements::widening(statement, format!("Move {what} with `*`, every resource"), edits))
}

/// `arn:aws:iam::*:role/*`, `arn:aws:logs:*:*:log-group::log-stream:*`: a pattern that names nothing but
/// types.
fn is_whole_type(resource: &str, service: Service) -> bool {
    Arn::parse(resource).is_ok_and(|arn| {
        (arn.service == service.prefix() || arn.service.contains('*'))
            && whole_types::is_whole_type(&arn, service)
    })
}
