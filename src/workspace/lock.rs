//! Taking a lock that a thread which panicked may have held.

use std::sync::{Mutex, MutexGuard};

/// What a thread that panicked was about to write is replaced whole.
pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}
