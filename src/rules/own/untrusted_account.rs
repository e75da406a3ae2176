use super::{Demanded, OwnFacts, asked_by};
use crate::catalog::{Arn, is_account_id};
use crate::declare_rule;
use crate::diagnostic::Findings;
use crate::host::DocumentKind;
use crate::host::value::StringValue;
use crate::model::{Effect, Policy};
use crate::rules::Rule;

declare_rule! {
    /// Finds a trust policy that lets in an account which your configuration does not list.
    ///
    /// `require` in `.passrole.jsonc` may name the accounts that roles may trust. `*` lets in all of them, and is
    /// reported where no list allows it.
    ///
    /// ```json
    /// { "require": [{ "of": "role", "trustedAccounts": ["111122223333"], "reason": "we share roles with nobody" }] }
    /// ```
    ///
    /// Take the account out, or add it to the list. Services and identity providers are not accounts.
    ///
    /// See [configuration](../configuration.md#what-must-be-there).
    pub UntrustedAccount {
        id: "untrusted-account",
        group: Own,
        reads: [Own],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "a trust policy lets in an account that the configuration does not list",
        sources: [],
        fix: None,
        since: "0.1.0",
    }
}

impl Rule for UntrustedAccount {
    fn check_own(&self, facts: &OwnFacts<'_>, acc: &mut Findings) {
        for requirement in facts.constraints.require.iter() {
            let Demanded::Accounts(accounts) = &requirement.what else { continue };
            let trust = facts.documents.iter().filter(|document| document.kind == DocumentKind::Trust);
            for (base, statement) in trust.filter_map(Policy::of).flat_map(|it| it.statements()) {
                if statement.effect() != Some(Effect::Allow) {
                    continue;
                }
                let Some(principal) = statement.principal() else { continue };
                let named = principal.entries().filter(|entry| matches!(&*entry.kind.text, "AWS"));
                for value in principal.text().into_iter().chain(named.map(|entry| entry.value)) {
                    let Some(account) = account_of(value) else { continue };
                    if accounts.iter().any(|known| **known == *account) {
                        continue;
                    }
                    let who = match account {
                        "*" => "every account".to_string(),
                        account => format!("the account `{account}`"),
                    };
                    acc.report(
                        value.content_span().shifted(base),
                        format!("the role trusts {who}: {}", requirement.reason),
                    )
                    .note(asked_by(&requirement.place));
                }
            }
        }
    }
}

/// The account that a principal is of; `*` where it is everybody, `None` where it is not known.
fn account_of(value: &StringValue) -> Option<&str> {
    let text = &*value.text;
    if text == "*" || is_account_id(text) {
        return Some(text);
    }
    let account = Arn::parse(text).ok()?.account;
    (is_account_id(account) && !value.has_unknown() || account == "*").then_some(account)
}
