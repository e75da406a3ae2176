//! Ways to allow less than a statement does: conditions that belong to it, the resources that its actions accept. None of
//! them allows anything that was not allowed before.

use super::File;
use super::refactorings::{Refactoring, statement_at, written};
use crate::catalog::{self, Action};
use crate::host::value::{StringValue, Value};
use crate::host::{Document, DocumentKind, Edit};
use crate::model::{Policy, Statement};
use crate::rules::policy::elements::with_condition;
use crate::rules::trust::principals::{claim_of, has_open_condition, names_source, oidc_issuers, services};
use crate::text::Span;
use serde_json::json;

/// Above this many formats a list of them says less than `*`.
const FORMATS: usize = 24;

/// Above this many a wildcard's actions are not looked at one by one.
const ACTIONS: usize = 400;

/// What stands for an account that nothing in the file names.
const SOME_ACCOUNT: &str = "<ACCOUNT_ID>";

/// What the statement at a place can be narrowed by.
pub fn narrowings(file: &File<'_>, span: Span) -> Vec<Refactoring> {
    let Some((document, index)) = statement_at(file, span) else { return Vec::new() };
    let placed = &document.units[index];
    let Some(object) = placed.unit.value.as_object() else { return Vec::new() };
    let statement = Statement { object };
    if !statement.allows() {
        return Vec::new();
    }
    let mut planned: Vec<(String, Edit)> = Vec::new();
    if !has_open_condition(statement) {
        planned.extend(passed_to(document, statement));
        planned.extend(source(file, document, statement));
        planned.extend(audience(document, statement));
    }
    planned.extend(resources(file, statement));
    planned
        .into_iter()
        .filter_map(|(title, mut edit)| {
            edit.shift(placed.base);
            written(file, title, &[edit])
        })
        .collect()
}

/// A condition on one key, said in its title.
fn condition(statement: Statement<'_>, operator: &str, key: &str, value: &str) -> Option<(String, Edit)> {
    let edit = with_condition(statement, operator, key, value)?;
    Some((format!("Add a condition: `{key}` is `{value}`"), edit))
}

/// Roles may be passed to the services whose operations the policy allows; to ECS tasks where it allows none.
fn passed_to(document: &Document, statement: Statement<'_>) -> Option<(String, Edit)> {
    let mut listed = statement.listed_actions().peekable();
    listed.peek()?;
    let passes = |text: &str| text.eq_ignore_ascii_case("iam:PassRole");
    if !listed.all(|action| passes(action.text())) || has_key(statement, "iam:PassedToService") {
        return None;
    }
    let policy = Policy::of(document)?;
    let mut found: Vec<&'static str> = Vec::new();
    for (_, other) in policy.statements().filter(|(_, other)| other.allows()) {
        for row in other.listed_actions().filter_map(|action| catalog::pass_role(action.text())) {
            found.extend(row.passed_to.first().filter(|it| !found.contains(it)));
        }
    }
    match found[..] {
        [] => condition(statement, "StringEquals", "iam:PassedToService", "ecs-tasks.amazonaws.com"),
        [only] => condition(statement, "StringEquals", "iam:PassedToService", only),
        // Which of them a role is for, nobody knows here.
        _ => None,
    }
}

fn has_key(statement: Statement<'_>, name: &str) -> bool {
    statement.condition_keys().any(|key| key.key.text.eq_ignore_ascii_case(name))
}

/// A service that calls for any of its customers is told whose calls count.
fn source(file: &File<'_>, document: &Document, statement: Statement<'_>) -> Option<(String, Edit)> {
    let mut all = services(statement).peekable();
    all.peek()?;
    let tells = |service: &StringValue| match document.kind {
        DocumentKind::Trust => catalog::role_callers_name_source(&service.text),
        _ => catalog::sends_source(&service.text),
    };
    // A condition that one of several services cannot meet would shut that one out.
    if !all.all(tells) || names_source(statement) {
        return None;
    }
    let account = named(file, |arn| catalog::is_account_id(arn.account).then_some(arn.account));
    let account = account.unwrap_or_else(|| SOME_ACCOUNT.to_string());
    condition(statement, "StringEquals", "aws:SourceAccount", &account)
}

/// What all ARNs of the file say that say something of it.
fn named(file: &File<'_>, part: impl Fn(catalog::Arn<'_>) -> Option<&str>) -> Option<String> {
    let mut found: Option<String> = None;
    let mut is_one = true;
    let mut look = |string: &StringValue| {
        let Ok(arn) = catalog::Arn::parse(&string.text) else { return };
        if let Some(part) = part(arn) {
            is_one &= found.as_deref().is_none_or(|known| known == part);
            found = Some(part.to_string());
        }
    };
    for document in &file.report.documents {
        strings(&document.head, &mut look);
        document.units.iter().for_each(|placed| strings(&placed.unit.value, &mut look));
    }
    found.filter(|_| is_one)
}

fn strings(value: &Value, look: &mut dyn FnMut(&StringValue)) {
    match value {
        Value::String(string) => look(string),
        Value::Array(array) => array.items.iter().for_each(|item| strings(item, look)),
        Value::Object(object) => object.members.iter().for_each(|member| strings(&member.value, look)),
        _ => {}
    }
}

/// Tokens count that were issued for AWS; of Cognito those of users who have signed in.
fn audience(document: &Document, statement: Statement<'_>) -> Vec<(String, Edit)> {
    if document.kind != DocumentKind::Trust {
        return Vec::new();
    }
    let asks = |issuer: &str, claim: &str| {
        statement
            .condition_keys()
            .any(|key| claim_of(&key.key.text, issuer).is_some_and(|it| it.eq_ignore_ascii_case(claim)))
    };
    let mut found = Vec::new();
    for (_, issuer) in oidc_issuers(statement) {
        let is_cognito = issuer == "cognito-identity.amazonaws.com";
        let (operator, claim, value) = match is_cognito {
            true => ("ForAnyValue:StringLike", "amr", "authenticated"),
            false => {
                let usual = catalog::token_claim(issuer, "aud").first().copied();
                let plain = usual.filter(|value| !value.contains("${"));
                ("StringEquals", "aud", plain.unwrap_or("sts.amazonaws.com"))
            }
        };
        // Facebook and Amazon call the audience by another name.
        if !asks(issuer, claim) && !asks(issuer, "app_id") {
            found.extend(condition(statement, operator, &format!("{issuer}:{claim}"), value));
        }
    }
    if statement.listed_actions().any(|action| action.covers("sts:AssumeRoleWithSAML"))
        && !has_key(statement, "SAML:aud")
    {
        found.extend(condition(statement, "StringEquals", "SAML:aud", "https://signin.aws.amazon.com/saml"));
    }
    found
}

/// The forms of what the actions act on, in place of `*`.
fn resources(file: &File<'_>, statement: Statement<'_>) -> Option<(String, Edit)> {
    let partition = named(file, |arn| arn.partition.starts_with("aws").then_some(arn.partition));
    let partition = partition.unwrap_or_else(|| "aws".to_string());
    let value = statement.object.get("Resource")?;
    let [Value::String(star)] = value.one_or_many() else { return None };
    if &*star.text != "*" || statement.object.has("NotAction") {
        return None;
    }
    let mut forms: Vec<String> = Vec::new();
    for pattern in statement.listed_actions() {
        if pattern.string.has_unknown() || pattern.is_everything() {
            return None;
        }
        let actions: Vec<Action> = catalog::expand(pattern.text()).take(ACTIONS + 1).collect();
        if actions.is_empty() || actions.len() > ACTIONS {
            return None;
        }
        for action in actions {
            let mut has_type = false;
            for on in action.resource_types() {
                has_type = true;
                forms.extend(on.resource_type.arn_formats().map(|form| open(form, &partition)));
            }
            // One that takes `*` alone would be lost.
            if !has_type {
                return None;
            }
        }
    }
    forms.sort_unstable();
    forms.dedup();
    let all = forms.clone();
    forms.retain(|form| {
        !all.iter().any(|other| other != form && catalog::wildcard_matches(other, form, false))
    });
    let title = match forms.len() {
        0 => return None,
        1 => format!("Write `{}` in place of `*`", forms[0]),
        many if many <= FORMATS => {
            format!("Write the {many} forms of what the actions act on in place of `*`")
        }
        _ => return None,
    };
    // One that takes several kinds of resources at once needs each of them: all forms are there.
    let value_now =
        if forms.len() == 1 && !matches!(value, Value::Array(_)) { json!(forms[0]) } else { json!(forms) };
    Some((title, Edit::ReplaceValue { span: value.span(), value: value_now }))
}

/// An ARN's format with what is named in it left open.
fn open(format: &str, partition: &str) -> String {
    let format = &*format.replace("${Partition}", partition);
    let mut out = String::with_capacity(format.len());
    let mut rest = format;
    while let Some(at) = rest.find("${") {
        let Some(end) = rest[at..].find('}') else { break };
        out.push_str(&rest[..at]);
        out.push('*');
        rest = &rest[at + end + 1..];
    }
    out.push_str(rest);
    out
}
