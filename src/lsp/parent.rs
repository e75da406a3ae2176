//! Ends the server when the editor that started it is gone without a word.

use super::log::log;
use std::time::Duration;

/// How often to look.
const INTERVAL: Duration = Duration::from_secs(3);

/// Watches that process from a thread that sleeps; ends this one when the other is gone.
///
/// Where the process is our parent, losing it shows as another parent. Where it is not (a wrapper
/// stands between), `/proc` tells on Linux; elsewhere the end of standard input has to do.
pub fn watch(process: u32) {
    let watcher = move || {
        let mut look = Look::at(process);
        while look.is_alive() {
            std::thread::sleep(INTERVAL);
        }
        log("the editor is gone");
        std::process::exit(1);
    };
    let started = std::thread::Builder::new().name("parent".into()).stack_size(64 << 10).spawn(watcher);
    if started.is_err() {
        log("the editor's process cannot be watched");
    }
}

struct Look {
    process: u32,
    is_parent: bool,
}

impl Look {
    fn at(process: u32) -> Look {
        Look { process, is_parent: parent() == Some(process) }
    }

    fn is_alive(&mut self) -> bool {
        if self.is_parent {
            return parent() == Some(self.process);
        }
        if cfg!(target_os = "linux") {
            return std::path::Path::new("/proc").join(self.process.to_string()).exists();
        }
        true
    }
}

#[cfg(unix)]
fn parent() -> Option<u32> {
    Some(std::os::unix::process::parent_id())
}

#[cfg(not(unix))]
fn parent() -> Option<u32> {
    None
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn a_process_that_ends_is_missed() {
        assert!(Look::at(std::process::id()).is_alive());
        assert!(Look::at(std::os::unix::process::parent_id()).is_alive());
        assert!(!Look::at(u32::MAX - 1).is_alive());
    }
}
