//! Listens to all that is told by `tracing`, by whomever, at every level.

use std::cell::RefCell;
use std::fmt::{Debug, Write as _};
use std::sync::{Arc, Mutex, PoisonError};

use tracing::dispatcher::{self, DefaultGuard, Dispatch};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

/// Keeps all that it hears.
#[derive(Debug, Clone, Default)]
pub(in crate::promise) struct Observer(Arc<Mutex<Vec<String>>>);

thread_local! {
    /// Keeps a thread listened to, until it ends.
    static LISTENED: RefCell<Option<DefaultGuard>> = const { RefCell::new(None) };
}

impl Observer {
    /// Listens to this thread until it ends.
    pub(in crate::promise) fn listen(&self) {
        let guard = dispatcher::set_default(&Dispatch::new(self.clone()));
        LISTENED.with(|listened| listened.replace(Some(guard)));
    }

    /// Whoever listens to this thread.
    pub(super) fn current() -> Option<Self> {
        dispatcher::get_default(|dispatch| dispatch.downcast_ref::<Self>().cloned())
    }

    /// What was heard since it was asked last.
    pub(super) fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn keep(&self, metadata: Option<&Metadata<'_>>, record: impl FnOnce(&mut Fields)) {
        let mut line = Fields(String::new());
        if let Some(metadata) = metadata {
            write!(line.0, "{} {} {}", metadata.level(), metadata.target(), metadata.name())
                .expect("a text takes everything");
        }
        record(&mut line);
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(line.0);
    }
}

/// The fields of a span or an event, each as ` name=value`.
struct Fields(String);

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        write!(self.0, " {field}={value:?}").expect("a text takes everything");
    }
}

impl Subscriber for Observer {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        self.keep(Some(span.metadata()), |fields| span.record(fields));
        Id::from_u64(1)
    }

    fn event(&self, event: &Event<'_>) {
        self.keep(Some(event.metadata()), |fields| event.record(fields));
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        self.keep(None, |fields| values.record(fields));
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}
