//! The second thread: what takes long, and what waits. Started when first needed.

use super::log::log;
use crate::analysis::Stop;
use std::future::Future;
use std::sync::{Arc, OnceLock};
use tokio::runtime::{Builder, Handle};
use tokio::sync::Notify;
use tower_lsp::jsonrpc::{Error, Result};

#[derive(Default)]
pub struct Background {
    handle: OnceLock<Option<Handle>>,
    /// Said when the session ends.
    end: Arc<Notify>,
}

struct StopOnDrop(Stop);

impl Drop for StopOnDrop {
    fn drop(&mut self) {
        self.0.ask();
    }
}

impl Background {
    pub fn is_started(&self) -> bool {
        self.handle.get().is_some()
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
    }

    pub fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        match self.handle() {
            Some(handle) => drop(handle.spawn(task)),
            None => log("no second thread could be started"),
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
