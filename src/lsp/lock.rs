//! Taking a lock that a handler which panicked may have held.

use std::sync::{Mutex, MutexGuard};

/// A handler that panicked has left nothing half done: documents and settings are replaced whole.
pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}
