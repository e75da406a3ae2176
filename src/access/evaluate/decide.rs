//! The answer to a request, out of what every policy says that has a say.

use super::principal::naming;
use super::request::{CallerKind, Request};
use super::statement::holds;
use crate::access::{Reason, Truth, Why};
use crate::host::DocumentKind;
use crate::model::{Effect, Policy};

/// The policies that have a say. Of a kind that is absent nothing limits (boundary, session, SCP, RCP), or
/// nothing grants (identity, resource, trust).
#[derive(Debug, Clone, Default)]
pub struct Policies<'a> {
    pub identity: Vec<Policy<'a>>,
    /// Why the caller may have further identity policies than these, where it may.
    pub more_identity: Option<Reason>,
    pub boundary: Option<Policy<'a>>,
    /// Why there may be a boundary that is not given here, where there may be one.
    pub more_boundary: Option<Reason>,
    pub session: Option<Policy<'a>>,
    /// Each is one level of the hierarchy: every level must allow.
    pub scps: Vec<Policy<'a>>,
    /// `RCPFullAWSAccess` stands beside them, so only what they deny counts.
    pub rcps: Vec<Policy<'a>>,
    /// Of what is asked for: a bucket's, a key's.
    pub resource: Option<Policy<'a>>,
    /// Of the role that is asked for.
    pub trust: Option<Policy<'a>>,
}

/// An answer, and what it rests on.
#[derive(Debug, Clone)]
#[must_use]
pub struct Decision<'a> {
    /// Whether the request is allowed.
    pub allowed: Truth,
    /// Whether a statement denies it.
    pub denied: Truth,
    /// The statements that decide: what allows it, or what denies it; of an unknown answer those that it hangs on.
    pub because: Vec<Deciding<'a>>,
}

/// A statement that has a part in an answer.
#[derive(Debug, Clone)]
pub struct Deciding<'a> {
    /// As what the policy was given.
    pub kind: DocumentKind,
    /// Which one of that kind.
    pub number: usize,
    pub policy: Policy<'a>,
    /// Which statement of the policy; a list counts from 0.
    pub statement: usize,
    pub effect: Effect,
    pub holds: Truth,
}

/// What statements do to a request, taken together.
#[derive(Debug, Clone)]
pub struct Effects {
    pub allowed: Truth,
    pub denied: Truth,
}

/// What policies of one kind say: by how they name the caller, where they say who.
struct Said {
    effects: Effects,
    everybody: Truth,
    role: Truth,
    itself: Truth,
}

struct Hearing<'r, 'a> {
    request: &'r Request,
    /// Whether the caller has a permissions boundary.
    has_boundary: Truth,
    heard: Vec<Deciding<'a>>,
}

/// Answers a request as IAM does.
pub fn decide<'a>(request: &Request, policies: &Policies<'a>) -> Decision<'a> {
    let has_boundary = match (&policies.boundary, &policies.more_boundary) {
        (Some(_), _) => Truth::Yes,
        (None, Some(reason)) => Truth::unknown(reason.clone()),
        (None, None) => Truth::No,
    };
    let mut hearing = Hearing { request, has_boundary, heard: Vec::new() };
    let is_signed = request.caller.is_signed();
    let mut identity = hearing.hear(DocumentKind::Identity, &policies.identity);
    if let Some(reason) = &policies.more_identity {
        identity.effects.may_be(reason.clone());
    }
    let boundary = policies.boundary.map(|it| hearing.hear(DocumentKind::Boundary, &[it]));
    let session = policies.session.map(|it| hearing.hear(DocumentKind::Session, &[it]));
    let resource = hearing.hear(DocumentKind::Resource, policies.resource.as_slice());
    let trust = hearing.hear(DocumentKind::Trust, policies.trust.as_slice());
    // They bind principals of the organisation, not services.
    let scps: Vec<Said> = match is_signed {
        true => hearing.each(DocumentKind::Scp, &policies.scps),
        false => Vec::new(),
    };
    let rcps = hearing.hear(DocumentKind::Rcp, &policies.rcps);

    let unseen = policies.more_boundary.clone().map_or(Truth::Yes, Truth::unknown);
    let ceiling =
        Truth::all([&boundary, &session].into_iter().flatten().map(|it| it.effects.allowed.clone()))
            .and(unseen);
    let everyone =
        [&identity, &resource, &trust, &rcps].into_iter().chain(&boundary).chain(&session).chain(&scps);
    let denied = Truth::any(everyone.map(|it| it.effects.denied.clone()));
    let side = match policies.trust {
        Some(_) => &trust,
        None => &resource,
    };
    let own =
        if request.caller.kind == CallerKind::Root { Truth::Yes } else { identity.effects.allowed.clone() };
    let own = own.and(ceiling.clone());
    let granted = if !is_signed {
        side.itself.clone().or(side.everybody.clone())
    } else {
        let across = side.effects.allowed.clone().and(own.clone());
        // Whom the resource names needs no policy of its own in the same account. A boundary and a session policy
        // limit a role that is named, but neither a session nor a user.
        let named = match request.caller.kind {
            CallerKind::User => Truth::any([&side.itself, &side.everybody, &side.role].map(Clone::clone)),
            _ => side.itself.clone().or(side.role.clone().or(side.everybody.clone()).and(ceiling)),
        };
        // Nothing else than its own policy opens a key or a role, not even within the account.
        let is_strict = policies.trust.is_some() || starts_with(&request.action, "kms:");
        let within = named.or(if is_strict { across.clone() } else { own });
        let same = request.is_same_account();
        match (&same, within == across) {
            (_, true) | (Truth::Yes, _) => within,
            (Truth::No, _) => across,
            (Truth::Unknown(_), false) => same.clone().and(within).or((!same).and(across)),
        }
    };
    let allowed = Truth::all(
        [granted, !denied.clone()].into_iter().chain(scps.iter().map(|it| it.effects.allowed.clone())),
    );
    let because = deciding(hearing.heard, &allowed, &denied);
    Decision { allowed, denied, because }
}

fn starts_with(text: &str, start: &str) -> bool {
    text.get(..start.len()).is_some_and(|it| it.eq_ignore_ascii_case(start))
}

/// The statements that an answer rests on.
fn deciding<'a>(heard: Vec<Deciding<'a>>, allowed: &Truth, denied: &Truth) -> Vec<Deciding<'a>> {
    let has_part = |it: &Deciding<'a>| match allowed {
        Truth::Yes => it.effect == Effect::Allow && it.holds.is_yes(),
        Truth::No => denied.is_yes() && it.effect == Effect::Deny && it.holds.is_yes(),
        Truth::Unknown(why) => it.holds.why().is_some_and(|own| shares(own, why)),
    };
    heard.into_iter().filter(|it| has_part(it)).collect()
}

fn shares(a: &Why, b: &Why) -> bool {
    a.reasons().any(|reason| b.reasons().any(|other| other == reason))
}

impl<'a> Hearing<'_, 'a> {
    fn each(&mut self, kind: DocumentKind, policies: &[Policy<'a>]) -> Vec<Said> {
        (0..policies.len()).map(|number| self.hear_from(kind, policies, number..number + 1)).collect()
    }

    fn hear(&mut self, kind: DocumentKind, policies: &[Policy<'a>]) -> Said {
        self.hear_from(kind, policies, 0..policies.len())
    }

    fn hear_from(
        &mut self,
        kind: DocumentKind,
        policies: &[Policy<'a>],
        which: std::ops::Range<usize>,
    ) -> Said {
        let no = || Truth::No;
        let mut said = Said { effects: Effects::default(), everybody: no(), role: no(), itself: no() };
        for (number, policy) in policies.iter().enumerate().take(which.end).skip(which.start) {
            for (index, placed) in policy.units().iter().enumerate() {
                let Some(object) = placed.unit.value.as_object() else {
                    said.may_be(Reason::NotSeen("a statement that is filled in later".into()));
                    continue;
                };
                let statement = crate::model::Statement { object };
                let mut fits = holds(statement, policy.version(), self.request);
                if fits.is_no() {
                    continue;
                }
                if let Some(reason) = assumed(*policy, placed.span()) {
                    fits = fits.and(Truth::unknown(reason));
                }
                let named = kind.takes_principal().then(|| naming(statement, &self.request.caller));
                let mut named_at_all = named.as_ref().map_or(Truth::Yes, |it| it.at_all());
                // Who has a boundary is never left out, whatever is listed.
                if statement.not_principal().is_some() && statement.effect() == Some(Effect::Deny) {
                    named_at_all = named_at_all.or(self.has_boundary.clone());
                }
                let all = fits.clone().and(named_at_all);
                let effects = match statement.effect() {
                    Some(effect) => (vec![effect], Truth::Yes),
                    None => {
                        let reason = match statement.object.get("Effect") {
                            Some(value) => super::condition::unread(value, "an effect is `Allow` or `Deny`"),
                            None => Reason::Refused("a statement without `Effect`".into()),
                        };
                        (vec![Effect::Allow, Effect::Deny], Truth::unknown(reason))
                    }
                };
                for effect in effects.0 {
                    let all = all.clone().and(effects.1.clone());
                    match effect {
                        Effect::Deny => said.effects.add(effect, all.clone()),
                        Effect::Allow => {
                            let fits = fits.clone().and(effects.1.clone());
                            said.effects.add(effect, all.clone());
                            said.add(named.as_ref().map(|it| {
                                [&it.everybody, &it.role, &it.itself].map(|way| fits.clone().and(way.clone()))
                            }));
                        }
                    }
                    if !all.is_no() {
                        self.heard.push(Deciding {
                            kind,
                            number,
                            policy: *policy,
                            statement: index,
                            effect,
                            holds: all,
                        });
                    }
                }
            }
            if policy.document.is_partial {
                said.may_be(Reason::NotSeen("a part of a policy that cannot be read".into()));
            }
        }
        said
    }
}

/// What a statement takes for known, though another value may be given when it is deployed.
fn assumed(policy: Policy<'_>, span: crate::text::Span) -> Option<Reason> {
    let found = policy.document.assumed.iter().find(|assumed| span.covers(assumed.span));
    found.map(|assumed| Reason::Default(assumed.name.clone()))
}

fn join(own: &mut Truth, more: Truth) {
    *own = std::mem::replace(own, Truth::No).or(more);
}

/// Nothing is said: neither allowed nor denied.
impl Default for Effects {
    fn default() -> Effects {
        Effects { allowed: Truth::No, denied: Truth::No }
    }
}

impl Effects {
    /// Takes in a statement: whether it fits the request.
    pub fn add(&mut self, effect: Effect, fits: Truth) {
        match effect {
            Effect::Allow => join(&mut self.allowed, fits),
            Effect::Deny => join(&mut self.denied, fits),
        }
    }

    /// Something may be there that allows or denies it.
    pub fn may_be(&mut self, reason: Reason) {
        self.add(Effect::Allow, Truth::unknown(reason.clone()));
        self.add(Effect::Deny, Truth::unknown(reason));
    }

    /// What is left within a limit, as a permissions boundary is one.
    pub fn within(self, limit: Effects) -> Effects {
        Effects { allowed: self.allowed.and(limit.allowed), denied: self.denied.or(limit.denied) }
    }

    /// Whether the request is allowed in the end: what is denied is not.
    pub fn granted(&self) -> Truth {
        self.allowed.clone().and(!self.denied.clone())
    }
}

impl Said {
    fn add(&mut self, ways: Option<[Truth; 3]>) {
        if let Some([everybody, role, itself]) = ways {
            join(&mut self.everybody, everybody);
            join(&mut self.role, role);
            join(&mut self.itself, itself);
        }
    }

    /// Something may be there that allows or denies it.
    fn may_be(&mut self, reason: Reason) {
        let unknown = Truth::unknown(reason.clone());
        self.effects.may_be(reason);
        self.add(Some([unknown.clone(), unknown.clone(), unknown]));
    }
}
