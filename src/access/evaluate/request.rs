//! What is asked: who, which action, on what, and what is known of the circumstances.

use crate::access::{Reason, Truth};
use crate::catalog::{Arn, is_account_id};
use crate::host::value::StringValue;
use crate::text::Span;
use std::collections::HashMap;
use std::fmt;

/// One request, of which parts may not be known.
#[derive(Debug, Clone)]
pub struct Request {
    pub caller: Caller,
    /// `service:Name`, without wildcards.
    pub action: Box<str>,
    /// An ARN or `*`; parts may be filled in later. Wildcards in it are letters.
    pub resource: StringValue,
    pub context: RequestContext,
}

/// Who asks.
#[derive(Debug, Clone, PartialEq)]
pub struct Caller {
    pub kind: CallerKind,
    /// The ARN as given; a service's name; `*` for anonymous. Parts may be filled in later.
    pub name: StringValue,
    /// The role's ARN: of a session without the path, which a session's ARN does not tell.
    pub role: Option<StringValue>,
    /// `None` where nobody knows, and for services and strangers.
    pub account: Option<Box<str>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallerKind {
    User,
    /// A session of the role, of no name in particular.
    Role,
    RoleSession,
    FederatedUser,
    /// The account's root user.
    Root,
    /// Whom an OIDC or SAML provider vouches for.
    Provider,
    Service,
    Anonymous,
}

/// Why a text names nobody who could ask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CallerProblem {
    /// Neither an ARN, nor a service's name, nor `*`.
    NoPrincipal,
    /// An ARN without its six parts.
    BrokenArn,
    /// The ARN of something that asks for nothing: the text behind the account.
    NoIdentity(Box<str>),
    NoAccount(Box<str>),
    Wildcard,
}

/// What a request carries. Names of keys are compared without case.
#[derive(Debug, Clone, Default)]
pub struct RequestContext {
    values: HashMap<Box<str>, Given>,
    is_closed: bool,
}

/// What is known of one condition key.
#[derive(Debug, Clone, PartialEq)]
pub enum Given {
    /// It is there, with these values.
    Values(Vec<Box<str>>),
    /// It is there, with one value of which parts are not known.
    Partly(StringValue),
    Absent,
    Unknown(Reason),
}

impl RequestContext {
    /// A key that is not given may be absent, or hold any value.
    pub fn open() -> RequestContext {
        RequestContext::default()
    }

    /// A key that is not given is absent.
    pub fn closed() -> RequestContext {
        RequestContext { is_closed: true, ..RequestContext::default() }
    }

    pub fn is_closed(&self) -> bool {
        self.is_closed
    }

    /// Adds a value: a key that is given twice has several.
    pub fn add(&mut self, key: &str, value: &str) {
        match self.values.entry(key.to_ascii_lowercase().into()).or_insert(Given::Absent) {
            Given::Values(values) => values.push(value.into()),
            other => *other = Given::Values(vec![value.into()]),
        }
    }

    pub fn set(&mut self, key: &str, given: Given) {
        self.values.insert(key.to_ascii_lowercase().into(), given);
    }

    pub fn with(mut self, key: &str, value: &str) -> RequestContext {
        self.add(key, value);
        self
    }

    /// The keys that are given, in lower case, in order.
    pub fn given(&self) -> Vec<(&str, &Given)> {
        let mut all: Vec<_> = self.values.iter().map(|(key, given)| (&**key, given)).collect();
        all.sort_unstable_by_key(|(key, _)| *key);
        all
    }

    pub fn look(&self, key: &str) -> Given {
        let key: Box<str> = key.to_ascii_lowercase().into();
        match self.values.get(&key) {
            Some(given) => given.clone(),
            None if self.is_closed => Given::Absent,
            None => Given::Unknown(Reason::KeyNotGiven(key)),
        }
    }

    fn derive(&mut self, key: &str, value: Option<&StringValue>) {
        let Some(value) = value else { return };
        let given = match value.open_parts().first() {
            None => Given::Values(vec![value.text.clone()]),
            Some(part) => Given::Unknown(Reason::FilledIn(
                value.text.get(part.start as usize..part.end as usize).unwrap_or_default().into(),
            )),
        };
        self.values.entry(key.into()).or_insert(given);
    }
}

fn plain(text: &str) -> StringValue {
    StringValue::plain(text, Span::new(0, 0))
}

impl Caller {
    /// Reads an ARN, a service's name or `*`.
    pub fn parse(text: &str) -> Result<Caller, CallerProblem> {
        Caller::of(plain(text))
    }

    /// The same of a text of which parts may be filled in later: their account is not known then.
    pub fn of(name: StringValue) -> Result<Caller, CallerProblem> {
        let text = &*name.text;
        if text == "*" {
            return Ok(Caller { kind: CallerKind::Anonymous, name, role: None, account: None });
        }
        if text.contains(['*', '?']) {
            return Err(CallerProblem::Wildcard);
        }
        if !text.starts_with("arn:") {
            let is_service = text.contains('.') && !text.contains(['/', ':', ' ']);
            return match is_service {
                true => Ok(Caller { kind: CallerKind::Service, name, role: None, account: None }),
                false => Err(CallerProblem::NoPrincipal),
            };
        }
        let arn = Arn::parse(text).map_err(|_| CallerProblem::BrokenArn)?;
        let account = is_account_id(arn.account).then(|| arn.account.into());
        if account.is_none() && !name.has_unknown() {
            return Err(CallerProblem::NoAccount(arn.account.into()));
        }
        let (first, rest) = arn.resource.split_once('/').unwrap_or((arn.resource, ""));
        let kind = match (arn.service, first) {
            ("iam" | "sts", "root") => CallerKind::Root,
            ("iam", "user") if !rest.is_empty() => CallerKind::User,
            ("iam", "role") if !rest.is_empty() => CallerKind::Role,
            ("sts", "assumed-role") if rest.contains('/') => CallerKind::RoleSession,
            ("sts", "federated-user") if !rest.is_empty() => CallerKind::FederatedUser,
            ("iam", "oidc-provider" | "saml-provider") if !rest.is_empty() => CallerKind::Provider,
            _ => return Err(CallerProblem::NoIdentity(arn.resource.into())),
        };
        let role = match kind {
            CallerKind::Role => Some(name.clone()),
            CallerKind::RoleSession => {
                let session = rest.split('/').next().unwrap_or_default();
                let role = format!("arn:{}:iam::{}:role/{session}", arn.partition, arn.account);
                Some(match name.has_unknown() {
                    true => StringValue::unknown_as(&role, Span::new(0, 0)),
                    false => plain(&role),
                })
            }
            _ => None,
        };
        Ok(Caller { kind, account, role, name })
    }

    /// Whether it signs its requests with credentials of an account.
    pub fn is_signed(&self) -> bool {
        !matches!(self.kind, CallerKind::Provider | CallerKind::Service | CallerKind::Anonymous)
    }

    /// What `aws:PrincipalArn` says of it.
    fn principal_arn(&self) -> Option<&StringValue> {
        match self.kind {
            CallerKind::Provider | CallerKind::Service | CallerKind::Anonymous => None,
            _ => Some(self.role.as_ref().unwrap_or(&self.name)),
        }
    }

    fn principal_type(&self) -> Option<&'static str> {
        Some(match self.kind {
            CallerKind::User => "User",
            CallerKind::Role | CallerKind::RoleSession => "AssumedRole",
            CallerKind::FederatedUser => "FederatedUser",
            CallerKind::Root => "Account",
            CallerKind::Provider | CallerKind::Service | CallerKind::Anonymous => return None,
        })
    }
}

impl Request {
    /// What the ARNs tell is added to the context: `aws:PrincipalArn`, `aws:PrincipalAccount`,
    /// `aws:PrincipalType`, `aws:ResourceAccount`. What is given counts more.
    pub fn new(caller: Caller, action: &str, resource: StringValue, mut context: RequestContext) -> Request {
        context.derive("aws:principalarn", caller.principal_arn());
        if let Some(kind) = caller.principal_type() {
            let account = caller.account.as_deref().map_or_else(|| caller.name.clone(), plain);
            context.derive("aws:principalaccount", Some(&account));
            context.derive("aws:principaltype", Some(&plain(kind)));
        }
        let owner = Arn::parse(&resource.text).ok().map(|arn| arn.account).filter(|it| is_account_id(it));
        context.derive("aws:resourceaccount", owner.map(plain).as_ref());
        Request { caller, action: action.into(), resource, context }
    }

    /// The same for names in full.
    pub fn of(caller: Caller, action: &str, resource: &str, context: RequestContext) -> Request {
        Request::new(caller, action, plain(resource), context)
    }

    /// Whether the resource is the caller's account's own. What names no account counts as that.
    pub fn is_same_account(&self) -> Truth {
        let Some(own) = self.caller.account.as_deref() else {
            return match Arn::parse(&self.resource.text) {
                // Both may be written in the same words.
                Ok(arn) if !arn.account.is_empty() && self.caller.is_signed() => {
                    let same = Arn::parse(&self.caller.name.text).is_ok_and(|it| it.account == arn.account);
                    match same {
                        true => Truth::Yes,
                        false => Truth::unknown(Reason::FilledIn(self.caller.name.text.clone())),
                    }
                }
                _ => Truth::Yes,
            };
        };
        let in_arn = Arn::parse(&self.resource.text).ok().map(|arn| arn.account).unwrap_or_default();
        if is_account_id(in_arn) {
            return Truth::of(in_arn == own);
        }
        match self.context.values.get("aws:resourceaccount") {
            Some(Given::Values(values)) => Truth::of(values.first().is_none_or(|it| **it == *own)),
            Some(Given::Unknown(reason)) => Truth::unknown(reason.clone()),
            Some(Given::Partly(value)) => Truth::unknown(Reason::FilledIn(value.text.clone())),
            _ if in_arn.is_empty() || !self.resource.has_unknown() => Truth::Yes,
            _ => Truth::unknown(Reason::FilledIn(in_arn.into())),
        }
    }
}

impl fmt::Display for CallerProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CallerProblem::NoPrincipal => f.write_str(
                "names no principal: give the ARN of a user, role or session, a service's name such as \
                 `ecs-tasks.amazonaws.com`, or `*` for anonymous",
            ),
            CallerProblem::BrokenArn => f.write_str("has not the six parts of an ARN"),
            CallerProblem::NoIdentity(rest) => {
                write!(
                    f,
                    "is the ARN of nobody who asks: `{rest}` is neither a user, a role, a session, a \
                     provider, nor `root`"
                )
            }
            CallerProblem::NoAccount(account) => {
                write!(f, "has `{account}` where the twelve digits of an account belong")
            }
            CallerProblem::Wildcard => f.write_str("has a wildcard: a request comes from one principal"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn callers_are_told_by_their_names() {
        for (text, kind, account) in [
            ("arn:aws:iam::111122223333:root", CallerKind::Root, Some("111122223333")),
            ("arn:aws:iam::111122223333:user/a/b", CallerKind::User, Some("111122223333")),
            ("arn:aws-cn:iam::111122223333:role/a", CallerKind::Role, Some("111122223333")),
            ("arn:aws:sts::111122223333:assumed-role/a/s", CallerKind::RoleSession, Some("111122223333")),
            ("arn:aws:sts::111122223333:federated-user/f", CallerKind::FederatedUser, Some("111122223333")),
            (
                "arn:aws:iam::111122223333:oidc-provider/token.example.com",
                CallerKind::Provider,
                Some("111122223333"),
            ),
            ("ecs-tasks.amazonaws.com", CallerKind::Service, None),
            ("*", CallerKind::Anonymous, None),
        ] {
            let caller = Caller::parse(text).unwrap();
            assert_eq!((caller.kind, caller.account.as_deref()), (kind, account), "{text}");
        }
        for (text, problem) in [
            ("deploy", CallerProblem::NoPrincipal),
            ("", CallerProblem::NoPrincipal),
            ("arn:aws:iam::role/a", CallerProblem::BrokenArn),
            ("arn:aws:iam::1:role/a", CallerProblem::NoAccount("1".into())),
            ("arn:aws:iam::111122223333:role/*", CallerProblem::Wildcard),
            ("arn:aws:iam::111122223333:role/", CallerProblem::NoIdentity("role/".into())),
            ("arn:aws:iam::111122223333:policy/p", CallerProblem::NoIdentity("policy/p".into())),
            ("arn:aws:sts::111122223333:assumed-role/a", CallerProblem::NoIdentity("assumed-role/a".into())),
        ] {
            let found = Caller::parse(text).unwrap_err();
            assert_eq!(found, problem, "{text}");
            assert!(!found.to_string().is_empty());
        }
        let session = Caller::parse("arn:aws:sts::111122223333:assumed-role/a/s").unwrap();
        assert_eq!(&*session.role.unwrap().text, "arn:aws:iam::111122223333:role/a");
    }

    #[test]
    fn the_arns_tell_four_keys_and_what_is_given_counts_more() {
        let caller = Caller::parse("arn:aws:iam::111122223333:user/a").unwrap();
        let context = RequestContext::closed().with("AWS:PrincipalType", "Other");
        let request = Request::of(caller, "sqs:SendMessage", "arn:aws:sqs:eu-west-1:444455556666:q", context);
        let look = |key| request.context.look(key);
        let one = |text: &str| Given::Values(vec![text.into()]);
        assert_eq!(look("aws:PrincipalArn"), one("arn:aws:iam::111122223333:user/a"));
        assert_eq!(look("aws:PrincipalAccount"), one("111122223333"));
        assert_eq!(look("aws:PrincipalType"), one("Other"));
        assert_eq!(look("aws:ResourceAccount"), one("444455556666"));
        assert_eq!(look("aws:username"), Given::Absent);
        assert!(request.is_same_account().is_no());
    }
}
