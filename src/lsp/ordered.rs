//! Order: every handler runs up to its first `await` before the next message is read.
//!
//! A handler applies its edit, or takes its snapshot, before it awaits; so each request sees the
//! document as it was when the request was sent. A panic becomes an error response.

use super::log::log;
use std::fmt::Debug;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll, Waker};
use tower::Service;
use tower_lsp::jsonrpc::{Error, Id, Request, Response};

/// A service whose calls are polled once at once.
pub struct Ordered<S> {
    inner: S,
}

/// A call after its first poll.
pub enum First<F> {
    Done(Option<Response>),
    /// Still at work: to be polled by whoever has time.
    Working(Guarded<F>),
}

/// A future that answers with an error where the one within panics.
pub struct Guarded<F> {
    inner: Pin<Box<F>>,
    id: Option<Id>,
    method: Box<str>,
}

impl<S> Ordered<S> {
    pub fn new(inner: S) -> Ordered<S> {
        Ordered { inner }
    }
}

impl<S, E: Debug> Service<Request> for Ordered<S>
where
    S: Service<Request, Response = Option<Response>, Error = E>,
{
    type Response = First<S::Future>;
    type Error = S::Error;
    type Future = std::future::Ready<Result<Self::Response, Self::Error>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        std::future::ready(Ok(self.first(request)))
    }
}

impl<S, E: Debug> Ordered<S>
where
    S: Service<Request, Response = Option<Response>, Error = E>,
{
    /// Calls the service and polls what comes back once.
    pub fn first(&mut self, request: Request) -> First<S::Future> {
        let id = request.id().cloned();
        let method: Box<str> = request.method().into();
        let called = catch_unwind(AssertUnwindSafe(|| Box::pin(self.inner.call(request))));
        let mut guarded = match called {
            Ok(inner) => Guarded { inner, id, method },
            Err(_) => return First::Done(failed(&id, &method)),
        };
        match Pin::new(&mut guarded).poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(response) => First::Done(response),
            Poll::Pending => First::Working(guarded),
        }
    }
}

impl<F, E: Debug> Future for Guarded<F>
where
    F: Future<Output = Result<Option<Response>, E>>,
{
    type Output = Option<Response>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Response>> {
        let Guarded { inner, id, method } = &mut *self;
        match catch_unwind(AssertUnwindSafe(|| inner.as_mut().poll(context))) {
            Ok(Poll::Pending) => Poll::Pending,
            Ok(Poll::Ready(Ok(response))) => Poll::Ready(response),
            Ok(Poll::Ready(Err(_))) => {
                Poll::Ready(id.clone().map(|id| Response::from_error(id, Error::invalid_request())))
            }
            Err(_) => Poll::Ready(failed(id, method)),
        }
    }
}

/// What the panic said stays untold: it may repeat a document's text.
fn failed(id: &Option<Id>, method: &str) -> Option<Response> {
    let words = format!("`{method}` failed: this is a defect of passrole, please report it");
    log(&words);
    let mut error = Error::internal_error();
    error.message = words.into();
    id.clone().map(|id| Response::from_error(id, error))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::RefCell;
    use std::rc::Rc;

    /// Notes when each call is polled; a call to `wait` is pending once, one to `panic…` panics.
    #[derive(Clone, Default)]
    struct Noting {
        polled: Rc<RefCell<Vec<String>>>,
    }

    impl Service<Request> for Noting {
        type Response = Option<Response>;
        type Error = ();
        type Future = Pin<Box<dyn Future<Output = Result<Option<Response>, ()>>>>;

        fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), ()>> {
            Poll::Ready(Ok(()))
        }

        fn call(&mut self, request: Request) -> Self::Future {
            let (method, id, _) = request.into_parts();
            assert!(method != "panic at the call", "as asked");
            let polled = self.polled.clone();
            let mut pending = method.starts_with("wait");
            Box::pin(std::future::poll_fn(move |_| {
                polled.borrow_mut().push(method.to_string());
                assert!(!method.starts_with("panic"), "as asked");
                assert!(pending || method != "wait, then panic", "as asked");
                if std::mem::take(&mut pending) {
                    return Poll::Pending;
                }
                Poll::Ready(Ok(id.clone().map(|id| Response::from_ok(id, method.to_string().into()))))
            }))
        }
    }

    fn request(method: &'static str, id: i64) -> Request {
        Request::build(method).id(id).finish()
    }

    #[test]
    fn every_call_is_polled_as_it_comes() {
        let inner = Noting::default();
        let mut service = Ordered::new(inner.clone());
        let First::Working(mut work) = service.first(request("wait", 1)) else { panic!("it waits") };
        let First::Done(Some(done)) = service.first(request("go", 2)) else { panic!("it is done") };
        assert_eq!(done.id(), &Id::Number(2));
        assert_eq!(*inner.polled.borrow(), ["wait", "go"]);
        let rest = Pin::new(&mut work).poll(&mut Context::from_waker(Waker::noop()));
        assert!(matches!(rest, Poll::Ready(Some(response)) if response.is_ok()));
    }

    #[test]
    fn a_panic_is_an_answer_and_the_next_call_goes_on() {
        let mut service = Ordered::new(Noting::default());
        for method in ["panic", "panic at the call"] {
            let First::Done(Some(failed)) = service.first(request(method, 1)) else { panic!("it is done") };
            let error = failed.error().map(|error| (error.code.code(), error.message.contains(method)));
            assert_eq!(error, Some((-32603, true)));
            assert!(failed.error().is_some_and(|error| !error.message.contains("as asked")));
        }
        let First::Working(mut work) = service.first(request("wait, then panic", 3)) else {
            panic!("it waits")
        };
        let rest = Pin::new(&mut work).poll(&mut Context::from_waker(Waker::noop()));
        assert!(matches!(rest, Poll::Ready(Some(response)) if response.is_error()));
        let notification = Request::build("panic").finish();
        assert!(matches!(service.first(notification), First::Done(None)));
        assert!(matches!(service.first(request("go", 4)), First::Done(Some(_))));
    }
}
