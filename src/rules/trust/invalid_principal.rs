use super::principals::{is_well_formed_service, misspelt};
use crate::catalog::{self, Guess};
use crate::declare_rule;
use crate::diagnostic::{Finding, Findings, Fix, Safety, Severity};
use crate::host::value::{Object, StringValue, Value};
use crate::host::{DocumentKind, Edit, NewValue};
use crate::model::{Arn, ArnPart, PolicyContext, Principal, Statement, is_wildcard};
use crate::rules::{Rule, renaming};
use crate::text::Span;

declare_rule! {
    /// Finds principals that have no form AWS takes.
    ///
    /// `Principal` is the string `"*"` or an object of the types `AWS`, `Service`, `Federated` and
    /// `CanonicalUser`. Under `AWS` stand `*`, an account of 12 digits, or the ARN of an account's root, a
    /// user, a role or a session, without wildcards in it; under `Service` the name of one service in
    /// lower case; under `Federated` the ARN of an identity provider or one of a few domains. A trust
    /// policy does not take the string `"*"`.
    ///
    /// ```json
    /// "Principal": { "AWS": "arn:aws:iam::111122223333:role/deploy-*" }
    /// ```
    ///
    /// To allow roles by a pattern, name the account and put the pattern into a condition on
    /// `aws:PrincipalArn`.
    ///
    /// AWS: "AWS JSON policy elements: Principal" in the IAM user guide.
    pub InvalidPrincipal {
        id: "invalid-principal",
        group: Trust,
        reads: [Statement],
        on: [Resource, Trust, Rcp],
        templates: SilentOnText,
        cases: ["account", "arn", "canonical", "deleted", "federated", "federated-elsewhere", "format", "key", "not-a-principal", "rcp", "service", "star", "wildcard"],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "a principal has a form that AWS refuses",
        sources: [
            "access-analyzer/INVALID_PRINCIPAL_FORMAT",
            "access-analyzer/INVALID_PRINCIPAL_KEY",
            "access-analyzer/UNSUPPORTED_WILDCARD_IN_PRINCIPAL",
            "access-analyzer/ROLE_TRUST_POLICY_UNSUPPORTED_WILDCARD_IN_PRINCIPAL",
            "access-analyzer/INVALID_SERVICE_PRINCIPAL_FORMAT",
            "access-analyzer/FEDERATED_PRINCIPAL_NOT_SUPPORTED",
            "access-analyzer/INVALID_ROLE_REFERENCE",
            "access-analyzer/INVALID_USER_REFERENCE",
            "access-analyzer/INVALID_FEDERATED_PRINCIPAL_SYNTAX_IN_ROLE_TRUST_POLICY",
            "parliament/UNKNOWN_PRINCIPAL",
            "parliament/UNKNOWN_FEDERATION_SOURCE",
            "iam-policy-validator/invalid_principal",
            "iam-policy-validator/invalid_provider_format",
            "iam-policy-validator/invalid_rcp_principal",
            "checkov/CKV_AWS_60",
            "cfn-lint/E3512",
            "cfn-lint/E3530",
            "cdk-preflight/pf-iam-trust-policy-aws-principal-format",
            "cdk-preflight/pf-iam-trust-policy-service-wildcard",
            "cdk-preflight/pf-iam-trust-policy-principal-star-string",
        ],
        fix: Grants,
        since: "0.1.0",
        service_messages: ["Invalid principal in policy", "AssumeRolepolicy contained an invalid principal"],
    }
}

const TYPES: [&str; 4] = ["AWS", "Service", "Federated", "CanonicalUser"];

impl Rule for InvalidPrincipal {
    fn check_statement(&self, statement: Statement<'_>, policy: &PolicyContext, acc: &mut Findings) {
        for principal in statement.principals() {
            match &principal.member.value {
                Value::String(text) => bare(text, principal, policy.kind, acc),
                Value::Object(object) => {
                    for member in &object.members {
                        // A name alone is half a member, or what a template engine fills in.
                        if !matches!(member.value, Value::Missing(_)) && !member.name.text.starts_with("Fn::")
                        {
                            kind(object, &member.name, acc);
                        }
                        for value in member.value.one_or_many().iter().filter_map(Value::as_string) {
                            if refuses_arns(policy, &member.name, value) {
                                arn_of_caller(value, policy, acc);
                                continue;
                            }
                            if value.has_unknown() || value.is_prose() || value.text.contains("${") {
                                continue;
                            }
                            match &*member.name.text {
                                "AWS" => aws(value, policy.kind, acc),
                                "Service" => service(value, acc),
                                "Federated" if policy.kind == DocumentKind::Trust => federated(value, acc),
                                "Federated" if of_no_role(statement) => {
                                    let kind = policy.kind.title();
                                    acc.report(value.content_span(), format!("a {kind} takes no identity provider"))
                                        .severity(Severity::Warning)
                                        .case("federated-elsewhere")
                                        .note(
                                            "Only a role's trust policy lets a provider in. Name the role that its users \
                                             assume, or their sessions by a condition on `aws:FederatedProvider`.",
                                        );
                                }
                                "CanonicalUser" => canonical_user(value, policy.kind, acc),
                                _ => {}
                            }
                        }
                    }
                }
                _ => {}
            }
        }
    }
}

/// Whether a value is an ARN in the policy of a service that takes none.
fn refuses_arns(policy: &PolicyContext, kind: &StringValue, value: &StringValue) -> bool {
    policy.owner.is_some_and(|owner| owner.refuses_arn_principals)
        && &*kind.text == "AWS"
        // The account as a whole is taken in either form.
        && Arn::parse(&value.text).is_ok_and(|arn| arn.service == "iam" && !arn.resource.is_empty() && arn.resource != "root")
}

fn arn_of_caller(value: &StringValue, policy: &PolicyContext, acc: &mut Findings) {
    let what = policy.owner.map_or("the service", |owner| owner.what);
    acc.report(value.content_span(), format!("the policy of {what} takes no ARN as a principal"))
        .severity(Severity::Warning)
        .case("arn")
        .note(
            "CloudWatch Logs refuses it, as the AWS CDK tells. Name the account by its 12 digits, and the role or user in a \
             condition on `aws:PrincipalArn`.",
        );
}

/// Whether a statement is about something else than assuming a role.
fn of_no_role(statement: Statement<'_>) -> bool {
    let mut actions = statement.listed_actions().peekable();
    actions.peek().is_some() && actions.all(|action| !action.service.eq_ignore_ascii_case("sts"))
}

/// A text in place of the object.
fn bare(text: &StringValue, principal: Principal<'_>, policy: DocumentKind, acc: &mut Findings) {
    let name = &*text.text;
    if text.has_unknown() || text.is_prose() {
        return;
    }
    let element = &*principal.member.name.text;
    if name == "*" {
        if policy == DocumentKind::Trust {
            let mut object = NewValue::Object(Default::default());
            object["AWS"] = NewValue::String("*".to_string());
            acc.report(text.span, format!("a role trust policy does not take `\"{element}\": \"*\"`"))
                .case("star")
                .note(
                    "IAM refuses it. Name who may assume the role: a service, an account, a role. `{\"AWS\": \"*\"}` is \
                     taken and lets anybody in, so it needs a condition.",
                )
                .fix(Fix {
                    title: "Let anybody in, as `{\"AWS\": \"*\"}`".into(),
                    safety: Safety::Grants,
                    edits: vec![Edit::ReplaceValue { span: text.span, value: object }],
                });
        }
        return;
    }
    let kind = if catalog::is_service_principal(name) || misspelt(name).is_some() {
        Some("Service")
    } else if name.starts_with("arn:") || catalog::is_account_id(name) {
        Some("AWS")
    } else {
        None
    };
    let message = format!("`{}` takes `\"*\"` or an object, not `{name}`", acc.name(element));
    let finding = acc.report(text.span, message);
    finding.case("format");
    match kind {
        Some(kind) => {
            let mut object = NewValue::Object(Default::default());
            object[kind] = NewValue::String(name.to_string());
            finding.note(format!("AWS refuses the policy. Write `{{\"{kind}\": \"{name}\"}}`.")).fix(Fix {
                title: format!("Put it under `{kind}`").into(),
                safety: Safety::Safe,
                edits: vec![Edit::ReplaceValue { span: text.span, value: object }],
            });
        }
        None => {
            finding.note("AWS refuses the policy. Write an object such as `{\"Service\": \"ecs-tasks.amazonaws.com\"}`.");
        }
    }
}

/// `AWS`, `Service`, …
fn kind(object: &Object, name: &StringValue, acc: &mut Findings) {
    let text = &*name.text;
    if TYPES.contains(&text) || name.has_unknown() {
        return;
    }
    let near = TYPES
        .iter()
        .copied()
        .find(|it| it.eq_ignore_ascii_case(text) || it.eq_ignore_ascii_case(text.trim_end_matches('s')))
        .map(Guess::plain)
        .or_else(|| catalog::guess(text, TYPES.iter().copied()));
    let finding = acc.report(name.span, format!("there is no type of principals `{text}`"));
    finding.case("key");
    match near {
        Some(near) => finding
            .note(format!("AWS refuses the policy: types are case-sensitive. Write `{}`.", near.word))
            .maybe_fix(renaming::rename(object, name, name.content_span(), near, |name| {
                TYPES.contains(&name)
            })),
        None => finding.note("AWS knows `AWS`, `Service`, `Federated` and `CanonicalUser`."),
    };
}

fn aws(value: &StringValue, policy: DocumentKind, acc: &mut Findings) {
    let name = &*value.text;
    if name == "*" {
        return;
    }
    if policy == DocumentKind::Rcp {
        acc.report(value.content_span(), format!("a resource control policy takes only `*`, not `{name}`"))
            .case("rcp")
            .note("AWS Organizations refuses it. Write `\"Principal\": \"*\"` and name others in a condition on `aws:PrincipalArn`.");
        return;
    }
    if catalog::is_account_id(name) {
        return;
    }
    if !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-') {
        account(value.content_span(), name, acc);
        return;
    }
    if is_unique_id(name) {
        acc.report(value.content_span(), format!("`{name}` is the id of a role or user that was deleted"))
            .severity(Severity::Warning)
            .case("deleted")
            .note("AWS shows the id in place of the ARN once the principal is gone. Name the one that is to have access now.");
        return;
    }
    let Ok(arn) = Arn::parse(name) else {
        let finding = acc.report(value.content_span(), format!("`{name}` is neither an account nor an ARN"));
        finding.case("format");
        if catalog::is_service_principal(name) || misspelt(name).is_some() {
            finding.note("It is a service: write it under `Service`, not under `AWS`.");
        } else {
            finding.note("AWS refuses the policy. Under `AWS` stand `*`, an account of 12 digits, or the ARN of a role or user.");
        }
        return;
    };
    if is_wildcard(name) {
        let at = name.find(['*', '?']).unwrap_or(0);
        acc.report(value.part(at..at + 1), format!("a principal's ARN takes no wildcard: `{name}`"))
            .case("wildcard")
            .note(
                "AWS refuses it, or takes the character as it stands. Name the account, and put the pattern into a \
                 condition: `\"ArnLike\": {\"aws:PrincipalArn\": \"…\"}`.",
            );
        return;
    }
    if !matches!(arn.service, "iam" | "sts") {
        acc.report(value.part(arn.range(ArnPart::Service)), format!("`{name}` is not the ARN of a user, a role or an account"))
            .case("format")
            .note("A principal is of the services `iam` or `sts`. To let a resource of a service in, name the service under `Service` and the resource in a condition on `aws:SourceArn`.");
        return;
    }
    let of_user = match (arn.service, arn.resource_prefix().unwrap_or(arn.resource)) {
        ("iam", "root" | "user" | "role") | ("sts", "assumed-role" | "federated-user" | "self") => true,
        // A name without a type is left to AWS.
        (_, prefix) => catalog::service(arn.service).is_none_or(|it| it.resource_type(prefix).is_none()),
    };
    if !of_user {
        let finding =
            acc.report(value.part(arn.range(ArnPart::Resource)), format!("`{name}` is not a principal"));
        finding.case("not-a-principal");
        match arn.resource_prefix() {
            Some("group") => {
                finding.note("IAM refuses it: a group makes no requests. Name its users, or the account.")
            }
            Some("saml-provider" | "oidc-provider") => {
                finding.note("IAM refuses it: an identity provider stands under `Federated`.")
            }
            _ => finding.note("IAM refuses it. Name an account, a user, a role or a session."),
        };
        return;
    }
    if !arn.account.is_empty() && arn.account.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-') {
        account(value.part(arn.range(ArnPart::Account)), arn.account, acc);
    } else if arn.account.is_empty() {
        acc.report(value.content_span(), format!("`{name}` names no account")).case("account").note(
            "AWS refuses it: the ARN of a principal has an account of 12 digits after the fourth colon.",
        );
    }
}

/// The id by which Amazon S3 knows an account, or an origin access identity.
fn canonical_user(value: &StringValue, policy: DocumentKind, acc: &mut Findings) {
    let name = &*value.text;
    if policy == DocumentKind::Trust {
        acc.report(value.content_span(), "a role trust policy takes no `CanonicalUser`")
            .severity(Severity::Warning)
            .case("canonical")
            .note("It is for bucket policies alone. Name the account, the user or the role under `AWS`.");
    } else if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        let span = if name.is_empty() { value.span } else { value.content_span() };
        acc.report(span, format!("`{name}` is not a canonical user id"))
            .case("canonical")
            .note("Amazon S3 refuses it: the id is 64 hexadecimal digits or more. Accounts and roles stand under `AWS`.");
    }
}

/// An account as digits and hyphens.
fn account<'a>(span: Span, text: &str, acc: &'a mut Findings) -> Option<&'a mut Finding> {
    if catalog::is_account_id(text) {
        return None;
    }
    let finding = acc.report(span, format!("an account has 12 digits, not `{text}`"));
    finding.case("account");
    finding.note("AWS refuses it. Write the account's 12 digits without hyphens; leading zeros count.");
    if let Some(meant) = catalog::meant_account_id(text) {
        finding.fix(Fix::replace_text(span, &meant));
    }
    Some(finding)
}

/// `AROA…` and `AIDA…`: what AWS shows in place of a principal that is gone.
fn is_unique_id(name: &str) -> bool {
    let head = name.split(':').next().unwrap_or_default();
    (head.starts_with("AROA") || head.starts_with("AIDA"))
        && head.len() >= 16
        && head.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
}

fn service(value: &StringValue, acc: &mut Findings) {
    let name = &*value.text;
    if is_well_formed_service(name) || misspelt(name).is_some() {
        return;
    }
    let lower = name.to_ascii_lowercase();
    let stem = lower.trim().trim_start_matches("https://").trim_end_matches('/');
    let full = format!("{stem}.amazonaws.com");
    let repaired = if catalog::is_service_principal(stem) {
        Some(stem)
    } else if !stem.contains('.') && catalog::is_service_principal(&full) {
        Some(&*full)
    } else {
        None
    };
    let span = if name.is_empty() { value.span } else { value.content_span() };
    let message = match name {
        "*" => "`Service` takes the name of a service, not `*`".to_string(),
        _ => format!("`{name}` is not a service principal"),
    };
    let finding = acc.report(span, message);
    finding.case("service");
    match repaired {
        Some(repaired) => finding
            .note(format!("IAM refuses it: a service is named in lower case, with its domain. Write `{repaired}`."))
            .fix(Fix::replace_text(value.content_span(), repaired)),
        None => finding.note("IAM refuses it: a service is named in lower case, with its domain, as in `ecs-tasks.amazonaws.com`."),
    };
}

fn federated(value: &StringValue, acc: &mut Findings) {
    let name = &*value.text;
    if name == "*" {
        return;
    }
    let problem = match Arn::parse(name) {
        Ok(arn) => {
            let provider = arn.resource.split_once('/');
            if let Some(("oidc-provider", address)) = provider
                && let Some(scheme) = ["https://", "http://"].into_iter().find(|it| address.starts_with(it))
            {
                let start = arn.range(ArnPart::Resource).start + "oidc-provider/".len();
                let span = value.part(start..start + scheme.len());
                acc.report(span, format!("the ARN of a provider has no `{scheme}` in it"))
                    .case("federated")
                    .note("IAM refuses it: the provider's address stands there without its scheme.")
                    .fix(Fix::safe(
                        format!("Remove `{scheme}`"),
                        vec![Edit::ReplaceText { span, text: "".into() }],
                    ));
                return;
            }
            let known =
                matches!(provider, Some(("saml-provider" | "oidc-provider", rest)) if !rest.is_empty());
            // The account of a provider that AWS keeps itself is empty.
            if known && arn.service == "iam" { None } else { Some("it is the ARN of something else") }
        }
        Err(_) if name.starts_with("arn:") => Some("the ARN has too few parts"),
        Err(_) if name.contains("://") => Some("it is a URL"),
        Err(_) if !name.contains('.') || name.contains([' ', '/', ':']) => {
            Some("it is neither a domain nor an ARN")
        }
        Err(_) => None,
    };
    if let Some(problem) = problem {
        let span = if name.is_empty() { value.span } else { value.content_span() };
        acc.report(span, format!("`{name}` is not an identity provider: {problem}")).case("federated").note(
            "IAM refuses it. Write the ARN of the provider in your account, as in \
                 `arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com`.",
        );
    }
}
