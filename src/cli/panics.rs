//! A defect of our own costs one file, and prints nothing of it.

use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind};

/// From now on a panic says where it happened, and nothing more: its words may hold a document's text.
pub(super) fn keep_quiet() {
    std::panic::set_hook(Box::new(|panic| eprintln!("{}", words(panic))));
}

fn words(panic: &PanicHookInfo<'_>) -> String {
    let place = panic.location().map(|it| format!(" at {}:{}", it.file(), it.line())).unwrap_or_default();
    format!("passrole: a defect of passrole{place}: please report it")
}

/// What work comes to; `None` where it panicked.
pub(super) fn guarded<T>(work: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(work)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::{Arc, Mutex};

    #[test]
    fn a_panic_costs_its_own_work_and_tells_nothing_of_it() {
        let heard = Arc::new(Mutex::new(String::new()));
        let said = heard.clone();
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| *said.lock().unwrap() = words(panic)));
        let result = guarded(|| panic!("the text of a document") as usize);
        std::panic::set_hook(before);
        assert_eq!(result, None);
        assert_eq!(guarded(|| 1), Some(1));
        let heard = heard.lock().unwrap();
        assert!(heard.contains("panics.rs") && !heard.contains("document"), "{heard}");
    }
}
