//! Yes, no, or not known, and why.

use std::collections::BTreeSet;
use std::fmt;

/// The answer to a question about access. Of what is not known it says why, so that somebody can be told.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub enum Truth {
    Yes,
    No,
    Unknown(Why),
}

/// Everything that a question hangs on. Never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Why {
    reasons: BTreeSet<Reason>,
}

/// One thing that is not known.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// A template or a deploy script fills it in: the text as written.
    FilledIn(Box<str>),
    /// It rests on a default that whoever deploys may replace: the parameter's name.
    Default(Box<str>),
    /// A condition key, in lower case, that the request may or may not have.
    KeyNotGiven(Box<str>),
    /// A policy, or a part of one, that nobody showed: what it is, as a sentence names it.
    NotSeen(Box<str>),
    /// IAM refuses what is written there: what is wrong, as a sentence.
    Refused(Box<str>),
}

impl Truth {
    pub fn of(holds: bool) -> Truth {
        if holds { Truth::Yes } else { Truth::No }
    }

    pub fn unknown(reason: Reason) -> Truth {
        Truth::Unknown(Why::of(reason))
    }

    pub fn is_yes(&self) -> bool {
        *self == Truth::Yes
    }

    pub fn is_no(&self) -> bool {
        *self == Truth::No
    }

    /// What the answer hangs on, where it is not known.
    pub fn why(&self) -> Option<&Why> {
        match self {
            Truth::Unknown(why) => Some(why),
            Truth::Yes | Truth::No => None,
        }
    }

    pub fn and(self, other: Truth) -> Truth {
        match (self, other) {
            (Truth::No, _) | (_, Truth::No) => Truth::No,
            (Truth::Yes, other) => other,
            (own, Truth::Yes) => own,
            (Truth::Unknown(a), Truth::Unknown(b)) => Truth::Unknown(a.with(b)),
        }
    }

    pub fn or(self, other: Truth) -> Truth {
        !(!self).and(!other)
    }

    /// Whether all of them hold. Looks at none behind the first that does not.
    pub fn all(truths: impl IntoIterator<Item = Truth>) -> Truth {
        let mut found = Truth::Yes;
        for truth in truths {
            found = found.and(truth);
            if found.is_no() {
                break;
            }
        }
        found
    }

    /// Whether one of them holds. Looks at none behind the first that does.
    pub fn any(truths: impl IntoIterator<Item = Truth>) -> Truth {
        !Truth::all(truths.into_iter().map(|truth| !truth))
    }
}

impl std::ops::Not for Truth {
    type Output = Truth;

    fn not(self) -> Truth {
        match self {
            Truth::Yes => Truth::No,
            Truth::No => Truth::Yes,
            unknown => unknown,
        }
    }
}

impl Why {
    pub fn of(reason: Reason) -> Why {
        Why { reasons: BTreeSet::from([reason]) }
    }

    /// All of these; `None` where there are none.
    pub fn all(reasons: impl IntoIterator<Item = Reason>) -> Option<Why> {
        let reasons: BTreeSet<Reason> = reasons.into_iter().collect();
        (!reasons.is_empty()).then_some(Why { reasons })
    }

    pub fn reasons(&self) -> impl Iterator<Item = &Reason> {
        self.reasons.iter()
    }

    fn with(mut self, other: Why) -> Why {
        self.reasons.extend(other.reasons);
        self
    }
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, reason) in self.reasons.iter().enumerate() {
            if index > 0 {
                f.write_str("; ")?;
            }
            reason.fmt(f)?;
        }
        Ok(())
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Reason::FilledIn(text) => write!(f, "`{text}` is filled in later"),
            Reason::Default(name) => write!(f, "`{name}` has a default that may be replaced"),
            Reason::NotSeen(what) => write!(f, "nobody showed {what}"),
            Reason::Refused(what) => f.write_str(what),
            Reason::KeyNotGiven(key) => {
                write!(f, "nobody says whether the request has `{key}`, or what it is")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(name: &str) -> Truth {
        Truth::unknown(Reason::KeyNotGiven(name.into()))
    }

    #[test]
    fn what_decides_alone_needs_nothing_else() {
        for (a, b, and, or) in [
            (Truth::Yes, Truth::Yes, Truth::Yes, Truth::Yes),
            (Truth::Yes, Truth::No, Truth::No, Truth::Yes),
            (Truth::No, Truth::No, Truth::No, Truth::No),
            (Truth::Yes, key("k"), key("k"), Truth::Yes),
            (Truth::No, key("k"), Truth::No, key("k")),
        ] {
            assert_eq!(a.clone().and(b.clone()), and);
            assert_eq!(b.clone().and(a.clone()), and);
            assert_eq!(a.clone().or(b.clone()), or);
            assert_eq!(b.clone().or(a.clone()), or);
            assert_eq!(Truth::all([a.clone(), b.clone()]), and);
            assert_eq!(Truth::any([a.clone(), b.clone()]), or);
            assert_eq!(!(a.clone().and(b.clone())), (!a).or(!b));
        }
        assert_eq!(Truth::all([]), Truth::Yes);
        assert_eq!(Truth::any([]), Truth::No);
    }

    #[test]
    fn all_reasons_are_kept_once_and_can_be_told() {
        let both = Truth::any([key("aws:userid"), Truth::No, key("aws:sourceip"), key("aws:userid")]);
        let why = both.why().unwrap();
        assert_eq!(why.reasons().count(), 2);
        assert_eq!(
            Truth::unknown(Reason::FilledIn("${Stage}".into())).why().unwrap().to_string(),
            "`${Stage}` is filled in later"
        );
        assert!(why.to_string().contains("`aws:sourceip`") && why.to_string().contains("; "));
        assert_eq!(Truth::Yes.why(), None);
    }

    #[test]
    fn nothing_is_looked_at_behind_what_decides() {
        let mut seen = 0;
        let answer = Truth::any([Truth::No, Truth::Yes, Truth::No].into_iter().inspect(|_| seen += 1));
        assert_eq!((answer, seen), (Truth::Yes, 2));
    }
}
