use crate::catalog;
use crate::declare_rule;
use crate::diagnostic::{Findings, Fix, Safety, Severity};
use crate::host::Edit;
use crate::host::value::StringValue;
use crate::model::{ActionPattern, PolicyContext, Statement};
use crate::rules::Rule;

declare_rule! {
    /// Finds actions that have no place in a role's trust policy: those of other services, and the
    /// way of assuming a role that the principal cannot take.
    ///
    /// A trust policy takes actions of AWS STS only. A service, an account, a role or a user assumes a
    /// role with `sts:AssumeRole`, a SAML provider with `sts:AssumeRoleWithSAML`, an OIDC provider with
    /// `sts:AssumeRoleWithWebIdentity`; with another of these nobody gets in.
    ///
    /// ```json
    /// { "Effect": "Allow", "Principal": { "Service": "ecs-tasks.amazonaws.com" }, "Action": "sts:AssumeRoleWithWebIdentity" }
    /// ```
    ///
    /// Write the action that belongs to the principal. What the role may do stands in its other policies.
    ///
    /// AWS: "Roles terms and concepts" in the IAM user guide.
    pub TrustPolicyAction {
        id: "trust-policy-action",
        group: Trust,
        reads: [Statement],
        on: [Trust],
        cases: ["principal", "service", "sts"],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "an action has no place in a role trust policy, or not with this principal",
        sources: [
            "access-analyzer/MISMATCHED_ACTION_FOR_PRINCIPAL",
            "iam-policy-validator/invalid_principal_type_for_assume_action",
            "cfn-lint/E3530",
            "cfn-guard/IAM_ROLE_NO_FULL_ACCESS_ON_TRUST_POLICY",
            "cdk-preflight/pf-iam-trust-policy-action-sts-only",
        ],
        fix: Grants,
        since: "0.1.0",
        service_messages: ["AssumeRole policy may only specify STS AssumeRole actions"],
    }
}

/// The three ways of assuming a role.
const WAYS: [&str; 3] = ["sts:AssumeRole", "sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity"];

impl Rule for TrustPolicyAction {
    fn check_statement(&self, statement: Statement<'_>, _: &PolicyContext, acc: &mut Findings) {
        let mut of_others = false;
        for action in statement.actions().filter(|action| !action.string.has_unknown()) {
            if action.service.is_empty() {
                continue;
            }
            if action.service.eq_ignore_ascii_case("sts") {
                no_way_in(action, acc);
                continue;
            }
            of_others = true;
            acc.report(
                action.string.content_span(),
                format!("`{}` is not an action of a role trust policy", action.text()),
            )
            .case("service")
            .note(
                "IAM refuses it: a trust policy says who may assume the role, with `sts:AssumeRole` and its variants. What \
                 the role may do belongs in a policy attached to it.",
            );
        }
        if !of_others && statement.allows() {
            check_way(statement, acc);
        }
    }
}

/// An action of AWS STS that starts no session: `sts:GetCallerIdentity`.
fn no_way_in(action: ActionPattern<'_>, acc: &mut Findings) {
    let Some(known) = catalog::action(action.text()) else { return };
    if known.name().starts_with("Assume") || known.name().starts_with("Set") || known.name() == "TagSession" {
        return;
    }
    acc.report(action.string.content_span(), format!("`{known}` lets nobody assume a role"))
        .severity(Severity::Warning)
        .case("sts")
        .note("A trust policy takes `sts:AssumeRole` and its variants, `sts:TagSession` and `sts:SetSourceIdentity`. Take it out.");
}

/// Whether some principal has no action that it could assume the role with.
fn check_way(statement: Statement<'_>, acc: &mut Findings) {
    let actions: Vec<ActionPattern<'_>> = statement.listed_actions().collect();
    let ways: Vec<&ActionPattern<'_>> =
        actions.iter().filter(|action| WAYS.iter().any(|way| action.covers(way))).collect();
    let Some(principal) = statement.principal().filter(|_| !ways.is_empty()) else { return };
    if actions.iter().any(|action| action.string.has_unknown()) {
        return;
    }
    for entry in principal.entries().filter(|entry| !entry.value.has_unknown()) {
        let Some((right, what)) = way_of(&entry.kind.text, entry.value) else { continue };
        if ways.iter().any(|action| action.covers(right)) {
            continue;
        }
        let Some(action) = ways.first() else { continue };
        let alone = principal.entries().count() == 1 && ways.len() == 1;
        let span = action.string.content_span();
        acc.report(span, format!("{what} assumes a role with `{right}`, not with `{}`", action.text()))
            .case("principal")
            .related(entry.value.span, "the principal is here")
            .note(format!("With this action nobody gets in. Write `{right}`."))
            .maybe_fix(alone.then(|| Fix {
                title: format!("Replace with `{right}`, which lets it in").into(),
                safety: Safety::Grants,
                edits: vec![Edit::ReplaceText { span, text: right.into() }],
            }));
        return;
    }
}

/// How a principal of that type assumes roles.
fn way_of(kind: &str, value: &StringValue) -> Option<(&'static str, &'static str)> {
    let name = &*value.text;
    match kind {
        "Service" => Some((WAYS[0], "a service")),
        "AWS" if name != "*" => Some((WAYS[0], "an account, a role or a user")),
        "Federated" if name.contains(":saml-provider/") => Some((WAYS[1], "a SAML provider")),
        "Federated" if name.contains(":oidc-provider/") => Some((WAYS[2], "an OIDC provider")),
        "Federated" if !name.starts_with("arn:") && name.contains('.') && name != "*" => {
            Some((WAYS[2], "an OIDC provider"))
        }
        _ => None,
    }
}
