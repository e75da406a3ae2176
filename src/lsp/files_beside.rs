//! What the files beside open documents say. Reading them may take long, so nobody on the server's loop does:
//! see [`super::session::Session`]. Each is read once for all documents of its folder.

use super::lock::lock;
use super::surroundings;
use crate::graph::{FileSummary, Graph};
use crate::host::Module;
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use tokio::sync::Notify;

/// The files that were read since the last look.
#[derive(Default)]
pub struct FilesBeside {
    known: Mutex<HashMap<String, Arc<Neighbour>>>,
}

/// A file beside a document.
#[derive(Default)]
pub struct Neighbour {
    /// What it adds to its module.
    pub module: Option<Module>,
    pub summary: Option<Arc<FileSummary>>,
}

/// What the files beside a document say to it.
#[derive(Clone, Default)]
pub struct Beside {
    pub module: Arc<Module>,
    pub graph: Arc<Graph>,
}

impl FilesBeside {
    /// The next look reads the files anew.
    pub fn forget(&self) {
        lock(&self.known).clear();
    }

    pub fn of(&self, path: &str) -> Arc<Neighbour> {
        if let Some(known) = lock(&self.known).get(path) {
            return known.clone();
        }
        let read = Arc::new(surroundings::neighbour(path));
        lock(&self.known).insert(path.to_string(), read.clone());
        read
    }
}

/// Whether a document's neighbours are still being read; shared by its versions.
#[derive(Default)]
pub struct Reading {
    is_done: AtomicBool,
    done: Notify,
}

impl Reading {
    pub fn is_done(&self) -> bool {
        self.is_done.load(Ordering::Acquire)
    }

    pub fn end(&self) {
        self.is_done.store(true, Ordering::Release);
        self.done.notify_waiters();
    }

    pub async fn wait(&self) {
        let mut told = std::pin::pin!(self.done.notified());
        // What is told from here on is heard.
        told.as_mut().enable();
        if !self.is_done() {
            told.await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    #[test]
    fn who_waits_is_told() {
        let reading = Reading::default();
        let mut context = Context::from_waker(Waker::noop());
        let mut waiting = pin!(reading.wait());
        assert_eq!(waiting.as_mut().poll(&mut context), Poll::Pending);
        reading.end();
        assert_eq!(waiting.as_mut().poll(&mut context), Poll::Ready(()));
        assert_eq!(pin!(reading.wait()).poll(&mut context), Poll::Ready(()));
    }
}
