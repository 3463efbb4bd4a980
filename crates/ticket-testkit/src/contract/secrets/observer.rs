//! Records all `tracing` events and spans of all levels.

use std::cell::RefCell;
use std::fmt::{Debug, Write as _};
use std::sync::{Arc, Mutex, PoisonError};

use tracing::dispatcher::{self, DefaultGuard, Dispatch};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

/// Records events and spans.
#[derive(Debug, Clone, Default)]
pub(in crate::contract) struct Observer(Arc<Mutex<Vec<String>>>);

thread_local! {
    /// Keeps the subscriber of a thread until the thread ends.
    static GUARD: RefCell<Option<DefaultGuard>> = const { RefCell::new(None) };
}

impl Observer {
    /// Records this thread until it ends.
    pub(in crate::contract) fn listen(&self) {
        let guard = dispatcher::set_default(&Dispatch::new(self.clone()));
        GUARD.with(|current| current.replace(Some(guard)));
    }

    /// Returns the observer of this thread.
    pub(super) fn current() -> Option<Self> {
        dispatcher::get_default(|dispatch| dispatch.downcast_ref::<Self>().cloned())
    }

    /// Returns the lines since the last call.
    pub(super) fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn push(&self, metadata: Option<&Metadata<'_>>, record: impl FnOnce(&mut Fields)) {
        let mut line = Fields(String::new());
        if let Some(metadata) = metadata {
            write!(line.0, "{} {} {}", metadata.level(), metadata.target(), metadata.name())
                .expect("writing to a String cannot fail");
        }
        record(&mut line);
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(line.0);
    }
}

/// Writes fields as ` name=value`.
struct Fields(String);

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        write!(self.0, " {field}={value:?}").expect("writing to a String cannot fail");
    }
}

impl Subscriber for Observer {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        self.push(Some(span.metadata()), |fields| span.record(fields));
        Id::from_u64(1)
    }

    fn event(&self, event: &Event<'_>) {
        self.push(Some(event.metadata()), |fields| event.record(fields));
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        self.push(None, |fields| values.record(fields));
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}
