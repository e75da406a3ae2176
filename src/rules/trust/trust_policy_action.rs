use crate::catalog::{self, WayOfAssuming};
use crate::declare_rule;
use crate::diagnostic::{Finding, Findings, Fix, Safety, Severity};
use crate::host::Edit;
use crate::host::value::StringValue;
use crate::model::{ActionPattern, Policy, PolicyContext, Statement};
use crate::rules::Rule;
use crate::rules::policy::elements;

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
        reads: [Statement, Policy],
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

impl Rule for TrustPolicyAction {
    fn check_statement(&self, statement: Statement<'_>, _: &PolicyContext, acc: &mut Findings) {
        if elements::gives_permissions(statement) {
            return;
        }
        for action in statement.actions().filter(|action| !action.string.has_unknown()) {
            if action.service.eq_ignore_ascii_case("sts") {
                no_way_in(action, acc);
            }
        }
        if statement.allows() {
            check_way(statement, acc);
        }
    }

    /// Statements that say what somebody may do: one finding where the whole policy came to the wrong place, else one a
    /// statement.
    fn check_policy(&self, policy: Policy<'_>, _: &PolicyContext, acc: &mut Findings) {
        let mut others = policy.statements().filter(|(_, statement)| elements::gives_permissions(*statement));
        let names_nobody = |(_, statement): (u32, Statement<'_>)| {
            !elements::has_or_means(statement.object, &["Principal", "NotPrincipal"], &Statement::ELEMENTS)
        };
        if policy.statements().all(names_nobody) {
            let Some((base, first)) = others.next() else { return };
            let finding = permissions(base, first, acc);
            for (base, other) in others.take(RELATED) {
                finding.related(other.object.open().shifted(base), "this statement is of the same kind");
            }
            finding.note(
                "IAM refuses the policy. It names nobody who may assume the role, but says what somebody may do: it seems \
                 to be a permissions policy in the place of the trust policy. Attach it to the role, and give the role a \
                 trust policy of its own.",
            );
            return;
        }
        others.for_each(|(base, statement)| {
            permissions(base, statement, acc);
        });
    }
}

/// How many further places are pointed at.
const RELATED: usize = 8;

fn permissions<'f>(base: u32, statement: Statement<'_>, acc: &'f mut Findings) -> &'f mut Finding {
    let wrong: Vec<ActionPattern<'_>> = statement.actions().filter(elements::is_of_another_service).collect();
    let names = elements::listing(wrong.iter().map(ActionPattern::text));
    let (be, what) = if wrong.len() == 1 { ("is", "an action") } else { ("are", "actions") };
    let at = wrong.first().map_or(statement.object.span, |first| first.string.content_span());
    let finding = acc.report(at.shifted(base), format!("{names} {be} not {what} of a role trust policy"));
    for other in wrong.iter().skip(1).take(RELATED) {
        finding.related(other.string.span.shifted(base), "nor is this one");
    }
    finding.case("service").note(
        "IAM refuses it: a trust policy says who may assume the role, with `sts:AssumeRole` and its variants. What \
         the role may do belongs in a policy attached to it.",
    )
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
    let ways: Vec<&ActionPattern<'_>> = actions
        .iter()
        .filter(|it| catalog::ways_of_assuming().iter().any(|way| it.covers(way.action)))
        .collect();
    let Some(principal) = statement.principal().filter(|_| !ways.is_empty()) else { return };
    if actions.iter().any(|action| action.string.has_unknown()) {
        return;
    }
    for entry in principal.entries().filter(|entry| !entry.value.has_unknown()) {
        let Some(WayOfAssuming { action: right, words: what, .. }) = way_of(&entry.kind.text, entry.value)
        else {
            continue;
        };
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
                edits: vec![Edit::ReplaceText { span, text: (*right).into() }],
            }));
        return;
    }
}

/// How a principal of that type assumes roles.
fn way_of(kind: &str, value: &StringValue) -> Option<&'static WayOfAssuming> {
    let name = &*value.text;
    let provider = |kind: &str| name.contains(&format!(":{kind}/"));
    let who = match kind {
        "Service" => "Service",
        "AWS" if name != "*" => "AWS",
        "Federated" if provider("saml-provider") => "saml-provider",
        "Federated" if provider("oidc-provider") => "oidc-provider",
        // The issuer alone.
        "Federated" if !name.starts_with("arn:") && name.contains('.') => "oidc-provider",
        _ => return None,
    };
    catalog::ways_of_assuming().iter().find(|way| way.who == who)
}
