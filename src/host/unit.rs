//! Statements and container definitions, each with what was worked out of it once.

use super::value::Value;
use crate::syntax::Green;
use std::any::Any;
use std::fmt::{self, Debug, Formatter};
use std::sync::OnceLock;

/// A statement or a container definition: what is lowered and checked once, however often the text
/// around it changes.
pub struct Unit {
    pub value: Value,
    /// The node it was lowered from, where the host keeps a tree: the same node, the same unit.
    node: Option<Green>,
    notes: OnceLock<Box<Note>>,
}

/// What can be told of a unit by its value alone.
pub trait OfUnit: Any + Send + Sync {
    fn of(value: &Value) -> Self;
}

struct Note {
    known: Box<dyn Any + Send + Sync>,
    next: OnceLock<Box<Note>>,
}

impl Unit {
    pub fn new(value: Value, node: Option<Green>) -> Unit {
        Unit { value, node, notes: OnceLock::new() }
    }

    /// Whether it was lowered from that very node.
    pub fn is_of(&self, node: &Green) -> bool {
        self.node.as_ref().is_some_and(|own| own.is_same(node))
    }

    /// What `K` tells of it: worked out when it is asked for first.
    pub fn known<K: OfUnit>(&self) -> &K {
        let mut place = &self.notes;
        loop {
            let make = || Note { known: Box::new(K::of(&self.value)), next: OnceLock::new() };
            let note = place.get_or_init(|| Box::new(make()));
            match note.known.downcast_ref() {
                Some(known) => return known,
                None => place = &note.next,
            }
        }
    }

    /// See [`Value::characters`].
    pub fn characters(&self) -> u32 {
        self.known::<Characters>().0
    }
}

struct Characters(u32);

impl OfUnit for Characters {
    fn of(value: &Value) -> Characters {
        Characters(value.characters())
    }
}

impl Debug for Unit {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Unit").field("value", &self.value).field("node", &self.node).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Span;
    use std::sync::atomic::{AtomicU32, Ordering};

    static ASKED: AtomicU32 = AtomicU32::new(0);

    struct Start(u32);
    struct Length(u32);

    impl OfUnit for Start {
        fn of(value: &Value) -> Start {
            ASKED.fetch_add(1, Ordering::Relaxed);
            Start(value.span().start)
        }
    }

    impl OfUnit for Length {
        fn of(value: &Value) -> Length {
            Length(value.span().len())
        }
    }

    #[test]
    fn each_thing_is_worked_out_once() {
        let unit = Unit::new(Value::Null(Span::new(3, 7)), None);
        for _ in 0..3 {
            assert_eq!((unit.known::<Start>().0, unit.known::<Length>().0, unit.characters()), (3, 4, 4));
        }
        assert_eq!(ASKED.load(Ordering::Relaxed), 1);
    }
}
