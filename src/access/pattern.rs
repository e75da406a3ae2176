//! Patterns as policies write them: wildcards, policy variables, and what a template fills in later.

use super::truth::{Reason, Truth, Why};
use crate::catalog::{PatternPiece, covers, is_same_letter};
use crate::host::value::{Holds, OpenPart, StringValue};
use std::ops::Range;

/// Whether case counts: in ARNs and most values it does, in actions and under `…IgnoreCase` it does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Case {
    Counts,
    Ignored,
}

/// What stands for a policy variable in one request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Filling {
    Text(Box<str>),
    /// Not known, and why.
    Open(Reason),
    /// The request has no such value, or several: nothing fits then.
    Nothing,
}

/// How the characters of a pattern are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reading {
    pub case: Case,
    /// Whether `*` and `?` stand for other text.
    pub wildcards: bool,
    /// Whether `${…}` is a policy variable: since version 2012-10-17.
    pub variables: bool,
}

/// A pattern with everything in it that is not known.
#[derive(Debug, Clone)]
pub struct Pattern<'a> {
    pieces: Vec<PatternPiece<'a>>,
    /// What the open pieces hang on, in their order.
    open: Vec<Reason>,
    case: Case,
}

impl<'a> Pattern<'a> {
    pub fn of(string: &'a StringValue, case: Case) -> Pattern<'a> {
        Pattern::part(&string.text, 0..string.text.len(), string.open_parts(), case)
    }

    /// A part of a text; `unknown` are the parts of the text that are filled in later.
    pub fn part(text: &'a str, part: Range<usize>, unknown: &[OpenPart], case: Case) -> Pattern<'a> {
        let mut pattern = Pattern { pieces: Vec::new(), open: Vec::new(), case };
        let mut at = part.start;
        while at < part.end {
            let next = unknown.partition_point(|range| range.end as usize <= at);
            let filled_in = unknown.get(next).filter(|range| range.start as usize <= at);
            at = match filled_in {
                Some(hole) => {
                    let range = at..(hole.end as usize).clamp(at + 1, part.end);
                    pattern.push_filled_in(text, range, hole.holds)
                }
                None => pattern.push(&text[..part.end], at),
            };
        }
        pattern
    }

    /// The same for one request, which says what the variables come to. `None` where one comes to nothing.
    pub fn filled(
        text: &'a str,
        part: Range<usize>,
        unknown: &[OpenPart],
        reading: Reading,
        fill: &dyn Fn(&str) -> Filling,
    ) -> Option<Pattern<'a>> {
        let mut pattern = Pattern { pieces: Vec::new(), open: Vec::new(), case: reading.case };
        let mut at = part.start;
        while at < part.end {
            let next = unknown.partition_point(|range| range.end as usize <= at);
            if let Some(hole) = unknown.get(next).filter(|hole| hole.start as usize <= at) {
                let range = at..(hole.end as usize).clamp(at + 1, part.end);
                at = pattern.push_filled_in(text, range, hole.holds);
                continue;
            }
            let rest = &text[at..part.end];
            let variable = rest.strip_prefix("${").filter(|_| reading.variables);
            if let Some((inside, _)) = variable.and_then(|rest| rest.split_once('}')) {
                match inside.trim() {
                    literal @ ("*" | "?" | "$") => pattern.push_letters(literal),
                    inside => match fill(inside) {
                        Filling::Text(value) => pattern.push_letters(&value),
                        Filling::Open(reason) => {
                            pattern.pieces.push(PatternPiece::Open(&rest[..inside.len() + 3]));
                            pattern.open.push(reason);
                        }
                        Filling::Nothing => return None,
                    },
                }
                at += inside.len() + "${}".len();
                continue;
            }
            let Some(letter) = rest.chars().next() else { break };
            pattern.pieces.push(match letter {
                '*' if reading.wildcards => PatternPiece::Any,
                '?' if reading.wildcards => PatternPiece::One,
                letter => PatternPiece::Letter(letter),
            });
            at += letter.len_utf8();
        }
        Some(pattern)
    }

    /// A text of which parts may not be known, read as nothing but text.
    pub fn literal(string: &'a StringValue, part: Range<usize>) -> Pattern<'a> {
        let reading = Reading { case: Case::Counts, wildcards: false, variables: false };
        Pattern::filled(&string.text, part, string.open_parts(), reading, &|_| Filling::Nothing)
            .unwrap_or(Pattern { pieces: Vec::new(), open: Vec::new(), case: Case::Counts })
    }

    fn push_letters(&mut self, text: &str) {
        self.pieces.extend(text.chars().map(PatternPiece::Letter));
    }

    fn push_filled_in(&mut self, text: &'a str, range: Range<usize>, holds: Holds) -> usize {
        let end = range.end;
        let written = text.get(range).unwrap_or_default();
        // `${}` says nothing of what it is: no two of them are alike.
        let alike = if written == "${}" { "" } else { written };
        self.pieces.push(match holds {
            Holds::Anything | Holds::Path => PatternPiece::Open(alike),
            Holds::Name => PatternPiece::Name(alike),
            Holds::Part => PatternPiece::Part,
        });
        self.open.push(Reason::FilledIn(written.into()));
        end
    }

    /// Reads one piece, and says where the next one starts.
    fn push(&mut self, text: &'a str, at: usize) -> usize {
        let rest = text.get(at..).unwrap_or_default();
        if let Some(inside) = rest.strip_prefix("${") {
            let close = inside.find('}');
            let length = close.unwrap_or(inside.len());
            let end = (at + 2 + length + 1).min(text.len());
            let inside = &inside[..length];
            self.pieces.push(match inside {
                "*" if close.is_some() => PatternPiece::Letter('*'),
                "?" if close.is_some() => PatternPiece::Letter('?'),
                "$" if close.is_some() => PatternPiece::Letter('$'),
                _ => {
                    let key = inside.split(',').next().unwrap_or_default().trim();
                    self.open.push(Reason::KeyNotGiven(key.to_ascii_lowercase().into()));
                    PatternPiece::Open(&text[at..end])
                }
            });
            return end;
        }
        let Some(letter) = rest.chars().next() else { return text.len().max(at + 1) };
        self.pieces.push(match letter {
            '*' => PatternPiece::Any,
            '?' => PatternPiece::One,
            letter => PatternPiece::Letter(letter),
        });
        at + letter.len_utf8()
    }

    /// Whether a text fits. What it hangs on is told where that is not known.
    pub fn matches(&self, text: &str) -> Truth {
        self.covers_pieces(&text.chars().map(PatternPiece::Letter).collect::<Vec<_>>(), &[])
    }

    /// Whether every text that fits the other one fits this one, too.
    pub fn covers(&self, other: &Pattern<'_>) -> Truth {
        self.covers_pieces(&other.pieces, &other.open)
    }

    fn covers_pieces(&self, other: &[PatternPiece<'_>], open: &[Reason]) -> Truth {
        if self.covers_for_certain(other) {
            return Truth::Yes;
        }
        if !overlap(&self.pieces, other, self.case) {
            return Truth::No;
        }
        self.hangs_on(open).map_or(Truth::No, Truth::Unknown)
    }

    fn covers_for_certain(&self, other: &[PatternPiece<'_>]) -> bool {
        covers(self.pieces.iter().copied(), other.iter().copied(), self.case == Case::Ignored)
    }

    /// Whether some text fits both.
    pub fn meets(&self, other: &Pattern<'_>) -> Truth {
        if !overlap(&self.pieces, &other.pieces, self.case) {
            return Truth::No;
        }
        if self.covers_for_certain(&other.pieces) || other.covers_for_certain(&self.pieces) {
            return Truth::Yes;
        }
        self.hangs_on(&other.open).map_or(Truth::Yes, Truth::Unknown)
    }

    /// What this pattern and the other hang on; `None` where nothing is open in either.
    fn hangs_on(&self, other: &[Reason]) -> Option<Why> {
        Why::all(self.open.iter().chain(other).cloned())
    }

    pub(super) fn pieces(&self) -> &[PatternPiece<'a>] {
        &self.pieces
    }
}

/// Whether some text fits both, if what is open may come to be anything. Takes the product of the lengths in
/// time.
pub fn overlap(a: &[PatternPiece<'_>], b: &[PatternPiece<'_>], case: Case) -> bool {
    let is_any = |piece: PatternPiece<'_>| {
        matches!(
            piece,
            PatternPiece::Any | PatternPiece::Part | PatternPiece::Open(_) | PatternPiece::Name(_)
        )
    };
    // Whether one character can stand for both pieces.
    let one = |a: PatternPiece<'_>, b: PatternPiece<'_>| match (a, b) {
        (PatternPiece::Letter(a), PatternPiece::Letter(b)) => {
            a == b || case == Case::Ignored && is_same_letter(a, b)
        }
        (PatternPiece::Letter(':'), PatternPiece::Part) | (PatternPiece::Part, PatternPiece::Letter(':')) => {
            false
        }
        (PatternPiece::Letter('/'), PatternPiece::Name(_))
        | (PatternPiece::Name(_), PatternPiece::Letter('/')) => false,
        _ => true,
    };
    // What stands for one character each, at either end, is told at once.
    let is_one = |(a, b): (&PatternPiece<'_>, &PatternPiece<'_>)| !is_any(*a) && !is_any(*b);
    let front = a.iter().zip(b).take_while(|pair| is_one(*pair)).count();
    if !a.iter().zip(b).take(front).all(|(a, b)| one(*a, *b)) {
        return false;
    }
    let (a, b) = (&a[front..], &b[front..]);
    let back = a.iter().rev().zip(b.iter().rev()).take_while(|pair| is_one(*pair)).count();
    if !a.iter().rev().zip(b.iter().rev()).take(back).all(|(a, b)| one(*a, *b)) {
        return false;
    }
    let (a, b) = (&a[..a.len() - back], &b[..b.len() - back]);
    // reached[j]: the first i pieces of `a` and the first j of `b` can have stood for the same text.
    let mut reached = vec![false; b.len() + 1];
    let mut next = vec![false; b.len() + 1];
    for i in 0..=a.len() {
        next.fill(false);
        for j in 0..=b.len() {
            let mut here = i == 0 && j == 0;
            if i > 0 && is_any(a[i - 1]) {
                here |= reached[j];
            }
            if j > 0 && is_any(b[j - 1]) {
                here |= next[j - 1];
            }
            if i > 0 && j > 0 && one(a[i - 1], b[j - 1]) {
                here |= reached[j - 1] || is_any(a[i - 1]) && next[j - 1] || is_any(b[j - 1]) && reached[j];
            }
            next[j] = here;
        }
        std::mem::swap(&mut reached, &mut next);
    }
    reached[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pattern(text: &str) -> Pattern<'_> {
        Pattern::part(text, 0..text.len(), &[], Case::Counts)
    }

    #[test]
    fn what_a_variable_stands_for_is_not_known_and_is_named() {
        let home = pattern("home/${aws:PrincipalTag/Team, 'none'}/*");
        let unknown = home.matches("home/blue/a");
        let why = unknown.why().unwrap();
        assert!(why.to_string().contains("`aws:principaltag/team`"), "{why}");
        assert!(home.matches("work/blue/a").is_no());
        assert!(pattern("home/*").covers(&home).is_yes());
        assert!(home.covers(&pattern("home/${aws:PrincipalTag/Team, 'none'}/a")).is_yes());
        assert!(home.covers(&pattern("home/${aws:userid}/a")).why().is_some());
        assert!(pattern("a/${*}${?}${$}").matches("a/*?$").is_yes());
        assert!(pattern("a/${*}").matches("a/b").is_no());
        assert!(pattern("a/${*").matches("a/b").why().is_some());
    }

    #[test]
    fn what_is_filled_in_later_is_not_known() {
        let text = "arn:aws:s3:::${Stage}-data/é*";
        let stage =
            Pattern::part(text, 0..text.len(), &[OpenPart::of(13, 21, Holds::Anything)], Case::Counts);
        assert_eq!(
            stage.matches("arn:aws:s3:::prod-data/éa"),
            Truth::unknown(Reason::FilledIn("${Stage}".into()))
        );
        assert!(stage.matches("arn:aws:s3:::prod-logs/éa").is_no());
        assert!(stage.covers(&stage).is_yes());
        assert!(pattern("arn:aws:s3:::*").covers(&stage).is_yes());
        let nothing = Pattern::part("${}", 0..3, &[OpenPart::of(0, 3, Holds::Anything)], Case::Counts);
        assert!(nothing.covers(&nothing).why().is_some());
    }

    #[test]
    fn two_patterns_meet_where_a_text_fits_both() {
        for (a, b, expected) in [
            ("a*", "*b", Truth::Yes),
            ("a*c", "*b", Truth::No),
            ("a?", "?b", Truth::Yes),
            ("a?", "a", Truth::No),
            ("*a*", "b?b", Truth::Yes),
            ("", "*", Truth::Yes),
            ("", "?*", Truth::No),
            ("A", "a", Truth::No),
        ] {
            assert_eq!(pattern(a).meets(&pattern(b)), expected, "{a} {b}");
            assert_eq!(pattern(b).meets(&pattern(a)), expected, "{b} {a}");
        }
        let upper = Pattern::part("ECS:run*", 0..8, &[], Case::Ignored);
        let lower = Pattern::part("ecs:*task", 0..9, &[], Case::Ignored);
        assert!(upper.meets(&lower).is_yes() && upper.matches("ecs:RunTask").is_yes());
        assert!(pattern("a${aws:userid}").meets(&pattern("*b")).why().is_some());
        assert!(pattern("a${aws:userid}").meets(&pattern("a*")).is_yes());
        assert!(pattern("a${aws:userid}").meets(&pattern("b*")).is_no());
    }
}
