//! The second thread: what takes long, and what waits. Started when first needed.

use std::future::Future;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use tokio::runtime::{Builder, Handle};
use tower_lsp::jsonrpc::{Error, Result};

#[derive(Default)]
pub struct Background {
    handle: OnceLock<Option<Handle>>,
}

/// Says to work under way that nobody waits for it any more.
#[derive(Clone, Default)]
pub struct Cancellation {
    cancelled: Arc<AtomicBool>,
}

struct CancelOnDrop(Cancellation);

impl Cancellation {
    pub fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }
}

impl Drop for CancelOnDrop {
    fn drop(&mut self) {
        self.0.cancelled.store(true, Ordering::Relaxed);
    }
}

impl Background {
    pub fn is_started(&self) -> bool {
        self.handle.get().is_some()
    }

    fn handle(&self) -> Option<&Handle> {
        self.handle
            .get_or_init(|| {
                let runtime = Builder::new_current_thread().enable_time().build().ok()?;
                let handle = runtime.handle().clone();
                let run = move || runtime.block_on(std::future::pending::<()>());
                std::thread::Builder::new().name("background".into()).spawn(run).ok()?;
                Some(handle)
            })
            .as_ref()
    }

    pub fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        match self.handle() {
            Some(handle) => drop(handle.spawn(task)),
            None => super::log("no second thread could be started"),
        }
    }

    /// Runs work on a thread of its own. Dropping the future tells the work to stop.
    pub async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Cancellation) -> T + Send + 'static,
    ) -> Result<T> {
        let cancellation = Cancellation::default();
        let _guard = CancelOnDrop(cancellation.clone());
        let Some(handle) = self.handle() else { return Ok(work(&cancellation)) };
        handle.spawn_blocking(move || work(&cancellation)).await.map_err(|error| {
            super::log(&format!("work failed: {error}"));
            Error::internal_error()
        })
    }
}
