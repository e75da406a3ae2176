//! The files that documents live among, what holds for them, and what they say of each other.

pub mod disk;
mod facts;
mod files;
mod modules;
mod project;
mod settings;
mod surroundings;

pub use facts::FileFacts;
pub use files::{Files, Kind, Memory, Overlay, Unreadable};
pub use project::Roots;
pub use settings::{Broken, Configurations, Notice, Wishes};
pub use surroundings::Workspace;

use std::sync::{Mutex, MutexGuard};

/// What a thread that panicked was about to write is replaced whole.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}
