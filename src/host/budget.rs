//! How much of a file may be said through names: what aliases, references and functions add to what is written.
//!
//! A few hundred bytes of aliases of aliases stand for more than a machine holds. What goes beyond the budget of a
//! file is told once and taken for unknown.

use super::HostError;
use super::value::Value;
use crate::text::Span;
use std::cell::Cell;

/// What all names of one file may stand for together, in the units of [`weight`]: far more than AWS takes of any
/// document, and a few times that in memory.
const LIMIT: u64 = 8 * 1024 * 1024;

/// What a value weighs beside its texts.
const OF_A_VALUE: u64 = 64;

/// What is left for a file.
#[derive(Debug)]
pub(crate) struct Budget {
    left: Cell<u64>,
    /// Of the part of the file that is being read.
    current: Cell<Spent>,
    is_told: Cell<bool>,
}

/// What one part of a file took of the budget. The same part takes the same again, unless it was refused some.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Spent {
    taken: u64,
    /// Whether something in it was not filled in.
    pub is_refused: bool,
    /// Where the first of the file stands that was not.
    first: Option<Span>,
}

/// Where a budget stood.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Mark {
    left: u64,
    current: Spent,
    is_told: bool,
}

impl Budget {
    pub fn of_a_file() -> Budget {
        Budget { left: Cell::new(LIMIT), current: Cell::default(), is_told: Cell::new(false) }
    }

    /// Does the work on one part of the file, and says what that took.
    pub fn part<T>(&self, work: impl FnOnce() -> T) -> (T, Spent) {
        self.current.set(Spent::default());
        let done = work();
        (done, self.current.take())
    }

    /// Takes for a part that is taken over what it took before; `false` where it has to be read again, since it may
    /// come out otherwise.
    pub fn again(&self, spent: Spent) -> bool {
        let is_same = !spent.is_refused && spent.taken <= self.left.get();
        if is_same {
            self.left.set(self.left.get() - spent.taken);
        }
        is_same
    }

    /// Does work that may be tried again on the same text: what earlier tries took is given back.
    pub fn retry<T>(&self, mark: Mark, work: impl FnOnce() -> T) -> T {
        self.left.set(mark.left);
        self.current.set(mark.current);
        self.is_told.set(mark.is_told);
        work()
    }

    pub fn mark(&self) -> Mark {
        Mark { left: self.left.get(), current: self.current.get(), is_told: self.is_told.get() }
    }

    /// Whether so much may be filled in at a place. After the first refusal nothing is any more.
    pub fn take(&self, weight: u64, place: Span) -> bool {
        let mut spent = self.current.get();
        match self.left.get().checked_sub(weight) {
            Some(left) => {
                self.left.set(left);
                spent.taken += weight;
            }
            None => {
                self.left.set(0);
                spent.is_refused = true;
                if !self.is_told.replace(true) {
                    spent.first = Some(place);
                }
            }
        }
        self.current.set(spent);
        !spent.is_refused
    }

    /// The same for a value; nothing is counted where nothing is left.
    pub fn take_value(&self, value: &Value, place: Span) -> bool {
        let weight = if self.left.get() == 0 { 1 } else { weight(value) };
        self.take(weight, place)
    }
}

impl Spent {
    /// What is told of the first place of the file where the budget ended.
    pub fn problem(&self, syntax: &'static str) -> Option<HostError> {
        let message = "the names of this file stand for more than 8 MB; from here on they are left open";
        Some(HostError { span: self.first?, message: message.into(), syntax, is_refused: false })
    }
}

/// How much memory a copy takes, roughly.
pub(super) fn weight(value: &Value) -> u64 {
    match value {
        Value::Object(object) => {
            let members = &object.members;
            OF_A_VALUE
                + members.iter().map(|it| weight_of_text(&it.name.text) + weight(&it.value)).sum::<u64>()
        }
        Value::Array(array) => OF_A_VALUE + array.items.iter().map(weight).sum::<u64>(),
        Value::String(text) => weight_of_text(&text.text),
        Value::Number(number) => weight_of_text(&number.text),
        _ => OF_A_VALUE,
    }
}

pub(super) fn weight_of_text(text: &str) -> u64 {
    OF_A_VALUE + text.len() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_refused_is_told_once_and_read_again() {
        let budget = Budget::of_a_file();
        let place = Span::new(3, 5);
        let (done, small) = budget.part(|| budget.take(LIMIT / 2, place));
        assert!(done && !small.is_refused && small.problem("YAML").is_none());
        assert!(budget.again(small) && !budget.again(small));
        let (done, first) = budget.part(|| budget.take(1, place));
        assert_eq!((done, first.problem("YAML").map(|it| it.span)), (false, Some(place)));
        let (done, second) = budget.part(|| budget.take(1, place));
        assert!(!done && second.is_refused && second.problem("YAML").is_none());
        assert!(!budget.again(first));
    }
}
