//! Stopping work that nobody waits for any more.

use std::cell::RefCell;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Asks work on another thread to stop. Clones ask the same work.
#[derive(Debug, Clone, Default)]
pub struct Stop {
    asked: Arc<AtomicBool>,
}

thread_local! {
    static CURRENT: RefCell<Vec<Stop>> = const { RefCell::new(Vec::new()) };
}

impl Stop {
    pub fn ask(&self) {
        self.asked.store(true, Ordering::Relaxed);
    }

    /// Whether both ask the same work.
    pub fn is(&self, other: &Stop) -> bool {
        Arc::ptr_eq(&self.asked, &other.asked)
    }

    pub fn is_asked(&self) -> bool {
        self.asked.load(Ordering::Relaxed)
    }

    /// Runs work that looks now and then whether it shall stop; `None` where it was asked to: what it
    /// has by then is not whole.
    pub fn unless_asked<T>(&self, work: impl FnOnce() -> T) -> Option<T> {
        struct Restore;
        impl Drop for Restore {
            fn drop(&mut self) {
                CURRENT.with_borrow_mut(Vec::pop);
            }
        }
        CURRENT.with_borrow_mut(|current| current.push(self.clone()));
        let _restore = Restore;
        let done = (!self.is_asked()).then(work);
        done.filter(|_| !self.is_asked())
    }

    /// Whether the work that runs on this thread shall stop.
    pub fn is_asked_here() -> bool {
        CURRENT.with_borrow(|current| current.iter().any(Stop::is_asked))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::{RuleSet, check_text};

    #[test]
    fn work_that_is_asked_to_stop_gives_nothing() {
        let stop = Stop::default();
        let text = r#"{"Statement": [{"Sid": "a", "Effect": "Allow"}]}"#;
        let check = || check_text(text, "policy.json", None, &RuleSet::default()).documents.len();
        assert_eq!(stop.unless_asked(check), Some(1));
        let during = stop.unless_asked(|| {
            stop.ask();
            assert!(Stop::is_asked_here());
            check()
        });
        assert_eq!(during, None);
        assert!(!Stop::is_asked_here());
        assert_eq!(stop.unless_asked(|| unreachable!("it was asked before") as usize), None);
    }
}
