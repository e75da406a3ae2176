//! Principals.

use crate::catalog;
use crate::text::listed;

/// The type of a principal.
pub(super) fn kind(name: &str) -> Option<String> {
    let prose = match name {
        "AWS" => {
            "Accounts, users, roles and role sessions: by ARN, or an account by its number. `*` is everyone."
        }
        "Service" => "AWS services, by their service principals.",
        "Federated" => "Identity providers: OIDC and SAML providers by ARN, some by domain.",
        "CanonicalUser" => "An account by its canonical user id, in Amazon S3 policies.",
        _ => return None,
    };
    Some(format!("**{name}**\n\n{prose}"))
}

pub(super) fn about(text: &str) -> Option<String> {
    if text == "*" {
        return Some("**\\***\n\nEveryone, signed in or not. Conditions may narrow it.".to_string());
    }
    if catalog::is_account_id(text) {
        return Some(format!(
            "**{text}**\n\nThe account, which lets its own users and roles in: the same as `arn:aws:iam::{text}:root`."
        ));
    }
    if let Some(right) = catalog::misspelt_principal(text) {
        return Some(format!("**{text}**\n\nNo service principal. The right one is `{right}`."));
    }
    if !catalog::is_service_principal(text) {
        return None;
    }
    let mut out = format!("**{text}** · service principal");
    let kinds: Vec<&str> =
        catalog::role_kinds().iter().filter(|kind| kind.principal == text).map(|kind| kind.name).collect();
    if !kinds.is_empty() {
        out.push_str(&format!("\n\nAssumes: {}.", listed(kinds)));
    }
    let passed = catalog::pass_roles().iter().filter(|row| row.passed_to.contains(&text)).count();
    if passed > 0 {
        out.push_str(&format!(
            "\n\n{} roles to it.",
            super::count(passed, "operation") + if passed == 1 { " passes" } else { " pass" }
        ));
    }
    Some(out)
}
