//! How a `Principal` names the caller.

use super::condition::unread;
use super::request::{Caller, CallerKind};
use crate::access::{Pattern, Reason, Truth};
use crate::catalog::{Arn, is_account_id};
use crate::host::value::{StringValue, Value};
use crate::model::{Principal, Statement};

/// The ways of naming somebody. They differ in what still limits the caller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::access) struct NamedAs {
    /// As everybody.
    pub everybody: Truth,
    /// By the account, which leaves it to the caller's own policies.
    pub account: Truth,
    /// By the role that the session is of.
    pub role: Truth,
    /// By itself.
    pub itself: Truth,
}

impl NamedAs {
    const NOBODY: NamedAs =
        NamedAs { everybody: Truth::No, account: Truth::No, role: Truth::No, itself: Truth::No };

    fn or(self, other: NamedAs) -> NamedAs {
        NamedAs {
            everybody: self.everybody.or(other.everybody),
            account: self.account.or(other.account),
            role: self.role.or(other.role),
            itself: self.itself.or(other.itself),
        }
    }

    /// Whether it is named in whatever way.
    pub fn at_all(&self) -> Truth {
        Truth::any([&self.everybody, &self.account, &self.role, &self.itself].map(Clone::clone))
    }

    fn not_known(reason: Reason) -> NamedAs {
        let unknown = Truth::unknown(reason);
        NamedAs {
            everybody: unknown.clone(),
            account: unknown.clone(),
            role: unknown.clone(),
            itself: unknown,
        }
    }
}

/// How the statement of a policy that says who names the caller.
pub(in crate::access) fn naming(statement: Statement<'_>, caller: &Caller) -> NamedAs {
    if let Some(principal) = statement.principal() {
        return named(principal, caller);
    }
    match statement.not_principal() {
        Some(principal) => NamedAs { everybody: !spared(principal, caller), ..NamedAs::NOBODY },
        None => NamedAs::NOBODY,
    }
}

/// Whether `NotPrincipal` leaves the caller out. An account alone stands for everybody in it. Beside users and roles of
/// its own it stands for itself: IAM looks at the account first and at the caller then, so that both have to be listed,
/// and only those are spared that are.
fn spared(principal: Principal<'_>, caller: &Caller) -> Truth {
    let named = named(principal, caller);
    let own = Arn::parse(&caller.name.text).map_or("", |arn| arn.account);
    let is_listed_apart = principal.entries().any(|entry| {
        let arn = Arn::parse(&entry.value.text);
        &*entry.kind.text == "AWS" && arn.is_ok_and(|arn| arn.account == own && arn.resource != "root")
    });
    match is_listed_apart {
        true => Truth::any([named.everybody, named.role, named.itself]),
        false => named.at_all(),
    }
}

fn named(principal: Principal<'_>, caller: &Caller) -> NamedAs {
    match &principal.member.value {
        Value::String(text) if !text.has_unknown() => {
            NamedAs { everybody: Truth::of(&*text.text == "*"), ..NamedAs::NOBODY }
        }
        Value::Object(object) => {
            let mut all = NamedAs::NOBODY;
            for member in &object.members {
                for value in member.value.one_or_many() {
                    all = all.or(match value {
                        Value::String(text) => entry(&member.name.text, text, caller),
                        other => NamedAs::not_known(unread(other, "a principal is a text")),
                    });
                }
            }
            all
        }
        other => NamedAs::not_known(unread(other, "`Principal` is `*` or an object")),
    }
}

fn entry(kind: &str, value: &StringValue, caller: &Caller) -> NamedAs {
    let text = &*value.text;
    match kind {
        "AWS" if text == "*" => NamedAs { everybody: Truth::Yes, ..NamedAs::NOBODY },
        "AWS" if !caller.is_signed() => NamedAs::NOBODY,
        "AWS" => of_account(value, caller),
        "Service" if caller.kind == CallerKind::Service => {
            NamedAs { itself: same(value, &caller.name), ..NamedAs::NOBODY }
        }
        "Federated" if caller.kind == CallerKind::Provider => {
            let by_host =
                caller.name.text.rsplit_once(":oidc-provider/").is_some_and(|(_, host)| host == text);
            NamedAs { itself: Truth::of(by_host).or(same(value, &caller.name)), ..NamedAs::NOBODY }
        }
        _ => NamedAs::NOBODY,
    }
}

fn of_account(value: &StringValue, caller: &Caller) -> NamedAs {
    let text = &*value.text;
    let account = match Arn::parse(text) {
        Ok(arn) if arn.service == "iam" && arn.resource == "root" => Some(arn.account),
        Ok(_) => None,
        Err(_) => is_account_id(text).then_some(text),
    };
    if let Some(account) = account {
        let own = Arn::parse(&caller.name.text).map_or("", |arn| arn.account);
        let is_same = match (&caller.account, is_account_id(account)) {
            (Some(own), true) => Truth::of(**own == *account),
            _ if own == account => Truth::Yes,
            _ => Truth::unknown(Reason::FilledIn(if is_account_id(account) { own } else { account }.into())),
        };
        return match caller.kind {
            CallerKind::Root => NamedAs { itself: is_same, ..NamedAs::NOBODY },
            _ => NamedAs { account: is_same, ..NamedAs::NOBODY },
        };
    }
    let role = caller.role.as_ref().map_or(Truth::No, |role| same(value, role));
    match caller.kind {
        CallerKind::Role => NamedAs { role, ..NamedAs::NOBODY },
        _ => NamedAs { role, itself: same(value, &caller.name), ..NamedAs::NOBODY },
    }
}

/// Whether two texts, of which parts may be filled in later, are the same.
fn same(a: &StringValue, b: &StringValue) -> Truth {
    if !a.has_unknown() && !b.has_unknown() {
        return Truth::of(a.text == b.text);
    }
    Pattern::literal(a, 0..a.text.len()).covers(&Pattern::literal(b, 0..b.text.len()))
}
