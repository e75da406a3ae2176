//! The server's own log.

use crate::output;
use std::io::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use tower_lsp::ls_types::Uri;

/// A line on standard error, which editors keep as the server's log.
pub fn log(line: &str) {
    // An editor that keeps none may have closed it.
    let _ = writeln!(std::io::stderr(), "passrole: {}", output::line(line));
}

/// What work on a document comes to; `None` where it panicked.
pub fn guarded<T>(uri: &Uri, work: impl FnOnce() -> T) -> Option<T> {
    let done = catch_unwind(AssertUnwindSafe(work)).ok();
    if done.is_none() {
        log(&format!("a defect of passrole met {}: please report it", uri.as_str()));
    }
    done
}
