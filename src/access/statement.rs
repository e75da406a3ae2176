//! What a statement speaks about: which actions, on which resources, and whether anything narrows it.

use super::arn::{arn_fits, is_whole_type};
use crate::catalog::{self, Arn, ResourceType};
use crate::host::value::StringValue;
use crate::model::{ActionPattern, Effect, Policy, PolicyContext, Statement};

/// `*`, and no other text than stars.
pub fn is_star(resource: &str) -> bool {
    !resource.is_empty() && resource.bytes().all(|byte| byte == b'*')
}

/// Whether a resource stands for everything of its type: `*`, `arn:aws:ecs:*:*:*`,
/// `arn:aws:iam::*:role/*`.
pub fn is_any(resource: &str) -> bool {
    is_star(resource) || is_whole_type(resource)
}

/// The entry of `Resource` by which an allowing statement reaches everything, where no condition narrows
/// it.
pub fn unrestricted<'a>(statement: Statement<'a>, policy: &PolicyContext) -> Option<&'a StringValue> {
    if !statement.allows() || policy.template || !statement.is_unconditional() {
        return None;
    }
    everything(statement)
}

/// The entry of `Resource` that stands for everything.
pub fn everything<'a>(statement: Statement<'a>) -> Option<&'a StringValue> {
    statement.listed_resources().find(|resource| is_any(&resource.text))
}

/// The entry of `Resource` that stands for everything that an action can be about: `role/*` is everything for
/// `iam:AttachRolePolicy`, and nothing for `iam:AttachUserPolicy`.
pub fn everything_for<'a>(statement: Statement<'a>, action: &str) -> Option<&'a StringValue> {
    let any = || statement.listed_resources().filter(|resource| is_any(&resource.text));
    if let Some(star) = any().find(|resource| is_star(&resource.text)) {
        return Some(star);
    }
    let Some(action) = catalog::action(action) else { return any().next() };
    let covers = |resource: &&StringValue, of: ResourceType| {
        Arn::parse(&resource.text)
            .is_ok_and(|arn| of.arn_formats().any(|format| arn_fits(&arn, format, resource.open_parts())))
    };
    let mut each = action.resource_types().map(|it| any().find(|entry| covers(entry, it.resource_type)));
    let first = each.next()?;
    each.all(|entry| entry.is_some()).then_some(first)?
}

/// The patterns of a statement that name something less than everything.
pub fn named_patterns<'a>(statement: Statement<'a>) -> impl Iterator<Item = ActionPattern<'a>> + use<'a> {
    statement.listed_actions().filter(|action| !action.string.has_unknown() && !action.is_everything())
}

/// Whether some statement of the policy denies an action on everything, whatever the request.
pub fn is_denied(policy: Policy<'_>, action: &str) -> bool {
    policy.statements().any(|(_, statement)| {
        statement.effect() == Some(Effect::Deny)
            && statement.is_unconditional()
            && statement.listed_actions().any(|pattern| pattern.covers(action))
            && everything_for(statement, action).is_some()
    })
}

/// Whether a statement makes an administrator: every action on every resource, whatever the request. It
/// has a finding of its own, which stands for all that this includes.
pub fn is_administrator(statement: Statement<'_>) -> bool {
    statement.allows()
        && statement.is_unconditional()
        && statement.listed_actions().any(|action| action.is_everything())
        && everything(statement).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::{Document, DocumentKind, Module, Parsed, Surroundings};

    fn policy(statements: &[&str]) -> Document {
        let text = format!(r#"{{ "Version": "2012-10-17", "Statement": [{}] }}"#, statements.join(", "));
        let around = Surroundings { path: "policy.json", module: &Module::default() };
        let kind = Some(DocumentKind::Identity);
        Parsed::parse(&text, around).documents(text.as_str(), around.path, kind, &[]).swap_remove(0)
    }

    #[test]
    fn only_a_deny_of_everything_whatever_the_request_takes_an_action_away() {
        for (statement, expected) in [
            (r#""Effect": "Deny", "Action": "iam:PassRole", "Resource": "*""#, true),
            (r#""Effect": "Deny", "Action": ["s3:*", "iam:Pass*"], "Resource": ["*"]"#, true),
            (
                r#""Effect": "Deny", "Action": "*", "Resource": "arn:aws:iam::*:role/*", "Condition": {}"#,
                true,
            ),
            (r#""Effect": "Allow", "Action": "iam:PassRole", "Resource": "*""#, false),
            (r#""Effect": "Deny", "Action": "iam:CreateRole", "Resource": "*""#, false),
            (r#""Effect": "Deny", "Action": "iam:PassRole", "Resource": "arn:aws:iam::*:role/admin""#, false),
            (r#""Effect": "Deny", "NotAction": "iam:PassRole", "Resource": "*""#, false),
            (
                r#""Effect": "Deny", "Action": "iam:PassRole", "Resource": "*", "Condition": { "Bool": { "aws:ViaAWSService": "false" } }"#,
                false,
            ),
        ] {
            let document = policy(&[&format!("{{ {statement} }}")]);
            assert_eq!(is_denied(Policy::of(&document).unwrap(), "iam:PassRole"), expected, "{statement}");
        }
    }

    #[test]
    fn an_administrator_may_do_everything_to_everything_whatever_the_request() {
        for (statement, expected) in [
            (r#""Effect": "Allow", "Action": "*", "Resource": "*""#, true),
            (r#""Effect": "Allow", "Action": ["s3:*", "*:*"], "Resource": ["arn:aws:s3:::a", "*"]"#, true),
            (r#""Effect": "Deny", "Action": "*", "Resource": "*""#, false),
            (r#""Effect": "Allow", "Action": "iam:*", "Resource": "*""#, false),
            (r#""Effect": "Allow", "NotAction": "iam:*", "Resource": "*""#, false),
            (r#""Effect": "Allow", "Action": "*", "Resource": "arn:aws:s3:::a""#, false),
            (
                r#""Effect": "Allow", "Action": "*", "Resource": "*", "Condition": { "Bool": { "aws:MultiFactorAuthPresent": "true" } }"#,
                false,
            ),
        ] {
            let document = policy(&[&format!("{{ {statement} }}")]);
            let policy = Policy::of(&document).unwrap();
            let (_, first) = policy.statements().next().unwrap();
            assert_eq!(is_administrator(first), expected, "{statement}");
        }
    }

    #[test]
    fn everything_of_a_type_counts_as_everything() {
        for (resource, expected) in [
            ("*", true),
            ("**", true),
            ("", false),
            ("arn:aws:ecs:*:*:*", true),
            ("arn:aws:iam::111122223333:role/*", true),
            ("arn:aws:iam::111122223333:role/web-*", false),
            ("arn:aws:iam::111122223333:role/web", false),
            ("arn:aws:nobody:::thing/*", false),
        ] {
            assert_eq!(is_any(resource), expected, "{resource}");
        }
    }
}
