//! Statements.

use super::{ActionPattern, Condition, ConditionKey, Principal};
use crate::host::value::{Member, Object, StringValue, Value};

/// A view of one statement of a policy.
#[derive(Debug, Clone, Copy)]
pub struct Statement<'a> {
    pub object: &'a Object,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    Allow,
    Deny,
}

impl<'a> Statement<'a> {
    /// Every name a statement may have.
    pub const ELEMENTS: [&'static str; 9] = [
        "Sid",
        "Effect",
        "Principal",
        "NotPrincipal",
        "Action",
        "NotAction",
        "Resource",
        "NotResource",
        "Condition",
    ];

    pub fn sid(&self) -> Option<&'a StringValue> {
        self.object.string("Sid")
    }

    /// `None` where it is missing, misspelt or a placeholder.
    pub fn effect(&self) -> Option<Effect> {
        match &*self.object.string("Effect")?.text {
            "Allow" => Some(Effect::Allow),
            "Deny" => Some(Effect::Deny),
            _ => None,
        }
    }

    pub fn allows(&self) -> bool {
        self.effect() == Some(Effect::Allow)
    }

    /// The entries of `Action` and `NotAction`, as far as they are strings.
    pub fn actions(&self) -> impl Iterator<Item = ActionPattern<'a>> + use<'a> {
        strings(self.object, "Action")
            .map(|string| ActionPattern::new(string, false))
            .chain(strings(self.object, "NotAction").map(|string| ActionPattern::new(string, true)))
    }

    /// The entries of `Action` alone.
    pub fn listed_actions(&self) -> impl Iterator<Item = ActionPattern<'a>> + use<'a> {
        strings(self.object, "Action").map(|string| ActionPattern::new(string, false))
    }

    /// The entries of `Resource` and `NotResource`, as far as they are strings.
    pub fn resources(&self) -> impl Iterator<Item = &'a StringValue> + use<'a> {
        strings(self.object, "Resource").chain(strings(self.object, "NotResource"))
    }

    /// The entries of `Resource` alone.
    pub fn listed_resources(&self) -> impl Iterator<Item = &'a StringValue> + use<'a> {
        strings(self.object, "Resource")
    }

    pub fn principal(&self) -> Option<Principal<'a>> {
        self.object.member("Principal").map(|member| Principal { member, negated: false })
    }

    pub fn not_principal(&self) -> Option<Principal<'a>> {
        self.object.member("NotPrincipal").map(|member| Principal { member, negated: true })
    }

    /// `Principal` and `NotPrincipal`, whichever are there.
    pub fn principals(&self) -> impl Iterator<Item = Principal<'a>> + use<'a> {
        self.principal().into_iter().chain(self.not_principal())
    }

    /// The operators of `Condition`.
    pub fn conditions(&self) -> impl Iterator<Item = Condition<'a>> + use<'a> {
        self.object.object("Condition").into_iter().flat_map(|object| &object.members).map(Condition::of)
    }

    /// Every key under every operator.
    pub fn condition_keys(&self) -> impl Iterator<Item = ConditionKey<'a>> + use<'a> {
        self.conditions().flat_map(|condition| condition.keys())
    }

    /// Whether no condition narrows it: `Condition` is absent or has no operators. One that is filled in
    /// later counts as narrowing.
    pub fn is_unconditional(&self) -> bool {
        match self.object.get("Condition") {
            None | Some(Value::Null(_)) => true,
            Some(Value::Object(condition)) => condition.members.is_empty(),
            Some(_) => false,
        }
    }

    pub fn member(&self, name: &str) -> Option<&'a Member> {
        self.object.member(name)
    }

    /// Whether it allows that action (`service:Name`), judged by `Action` and `NotAction` alone:
    /// resources and conditions may still narrow it.
    pub fn grants(&self, action: &str) -> bool {
        if !self.allows() {
            return false;
        }
        let mut listed = self.listed_actions();
        if self.object.has("Action") {
            return listed.any(|pattern| pattern.covers(action));
        }
        self.object.has("NotAction")
            && !strings(self.object, "NotAction")
                .any(|string| ActionPattern::new(string, true).covers(action))
    }
}

fn strings<'a>(object: &'a Object, name: &str) -> impl Iterator<Item = &'a StringValue> + use<'a> {
    object.get(name).map_or(&[][..], Value::one_or_many).iter().filter_map(Value::as_string)
}
