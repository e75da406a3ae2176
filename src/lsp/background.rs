//! The second thread: what takes long, and what waits. Started when first needed.
//!
//! Where none can be started (a browser), what takes long is done at once, and what waits is asked again after every message.

use super::log::log;
use crate::analysis::Stop;
use crate::workspace::lock;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::{Arc, Mutex, OnceLock};
use std::task::{Context, Poll, Waker};
use tokio::runtime::{Builder, Handle};
use tokio::sync::Notify;
use tower_lsp::jsonrpc::{Error, Result};

#[derive(Default)]
pub struct Background {
    handle: OnceLock<Option<Handle>>,
    /// Said when the session ends.
    end: Arc<Notify>,
    /// What waits where there is no second thread.
    waiting: Mutex<Vec<Task>>,
}

type Task = Pin<Box<dyn Future<Output = ()> + Send>>;

struct StopOnDrop(Stop);

impl Drop for StopOnDrop {
    fn drop(&mut self) {
        self.0.ask();
    }
}

impl Background {
    /// One that never starts a thread.
    pub fn alone() -> Background {
        Background { handle: OnceLock::from(None), ..Background::default() }
    }

    pub fn is_started(&self) -> bool {
        match self.handle.get() {
            Some(None) => !lock(&self.waiting).is_empty(),
            other => other.is_some(),
        }
    }

    /// Goes on with what waits, as far as that is possible now. Nothing to do where the second thread does it.
    pub fn turn(&self) {
        // A task may give another one what it waits for: done when all of them wait.
        let mut idle = 0;
        while idle < 2 {
            let tasks = std::mem::take(&mut *lock(&self.waiting));
            if tasks.is_empty() {
                return;
            }
            let count = tasks.len();
            let mut left: Vec<Task> = tasks.into_iter().filter_map(still_waiting).collect();
            idle = if left.len() < count { 0 } else { idle + 1 };
            let mut waiting = lock(&self.waiting);
            left.append(&mut waiting);
            *waiting = left;
        }
    }

    fn handle(&self) -> Option<&Handle> {
        self.handle
            .get_or_init(|| {
                let runtime = Builder::new_current_thread().build().ok()?;
                let handle = runtime.handle().clone();
                let end = self.end.clone();
                let run = move || {
                    runtime.block_on(end.notified());
                    // Work that is still going on is not waited for.
                    runtime.shutdown_background();
                };
                std::thread::Builder::new().name("background".into()).spawn(run).ok()?;
                Some(handle)
            })
            .as_ref()
    }

    /// Drops what waits, and ends the thread.
    pub fn end(&self) {
        self.end.notify_one();
        lock(&self.waiting).clear();
    }

    pub fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        match self.handle() {
            Some(handle) => drop(handle.spawn(task)),
            None => lock(&self.waiting).push(Box::pin(task)),
        }
    }

    /// Runs work on a thread of its own. Dropping the future tells the work to stop.
    pub async fn run<T: Send + 'static>(
        &self,
        stop: Stop,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T> {
        let _guard = StopOnDrop(stop.clone());
        let Some(handle) = self.handle() else { return Ok(work()) };
        match handle.spawn_blocking(move || stop.unless_asked(work)).await {
            Ok(Some(done)) => Ok(done),
            Ok(None) => Err(Error::request_cancelled()),
            Err(error) => {
                log(&format!("work failed: {error}"));
                Err(Error::internal_error())
            }
        }
    }
}

/// A task that is not done after it was polled once more.
fn still_waiting(mut task: Task) -> Option<Task> {
    let mut context = Context::from_waker(Waker::noop());
    match catch_unwind(AssertUnwindSafe(|| task.as_mut().poll(&mut context))) {
        Ok(Poll::Pending) => Some(task),
        Ok(Poll::Ready(())) => None,
        Err(_) => {
            log("work failed: this is a defect of passrole, please report it");
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[test]
    fn without_a_thread_what_waits_goes_on_between_messages() {
        let background = Background::alone();
        let done = Arc::new(AtomicUsize::new(0));
        let (sender, receiver) = tokio::sync::oneshot::channel::<usize>();
        let count = done.clone();
        background.spawn(async move {
            count.fetch_add(receiver.await.unwrap_or(100), Ordering::Relaxed);
        });
        background.spawn(async { panic!("as asked") });
        background.turn();
        assert!(background.is_started());
        assert_eq!(done.load(Ordering::Relaxed), 0);
        // One task gives another what it waits for, in the same turn.
        background.spawn(async move {
            let _ = sender.send(7);
        });
        background.turn();
        assert_eq!(done.load(Ordering::Relaxed), 7);
        assert!(!background.is_started());
        let work = background.run(Stop::default(), || 3);
        let mut work = std::pin::pin!(work);
        let poll = work.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        assert!(matches!(poll, Poll::Ready(Ok(3))));
    }
}
