//! Writes the log of API calls to stderr.
//!
//! Only events of this workspace are logged. The HTTP libraries log URLs and headers, which may contain secrets.

use std::fmt::Debug;

use jiff::Timestamp;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};
use tracing_subscriber::registry::{LookupSpan, Registry, Scope};

use crate::arguments::{Log, LogFormat};
use crate::console::{Console, eprint_json};
use crate::view::json;
use crate::view::log::{Fields, Line};

/// The crates whose events are logged: the target of an event is a module path that begins with its crate.
const LOGGED_CRATES: [&str; 2] = ["ticket_core", "ticket_sandbox"];

/// The field that holds the message of an event.
const MESSAGE_FIELD: &str = "message";

/// Starts the log if the command line asks for it.
pub(crate) fn start(arguments: &Log, console: &Console) {
    let Some(level) = level(arguments.verbosity()) else { return };
    let targets = Targets::new().with_targets(LOGGED_CRATES.map(|target| (target, level)));
    let layer = LogLayer { format: arguments.format(), console: *console };
    // It fails only if a subscriber is already set; no other code sets one.
    let _ = tracing::subscriber::set_global_default(Registry::default().with(targets).with(layer));
}

/// Returns the level for a number of `-v`: `INFO` logs calls and retries, `DEBUG` also each attempt and each wait.
fn level(verbosity: u8) -> Option<Level> {
    match verbosity {
        0 => None,
        1 => Some(Level::INFO),
        _ => Some(Level::DEBUG),
    }
}

/// Writes a line for each event.
struct LogLayer {
    format: LogFormat,
    console: Console,
}

impl<S: Subscriber + for<'s> LookupSpan<'s>> Layer<S> for LogLayer {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let mut visitor = FieldVisitor::default();
        attributes.record(&mut visitor);
        if let Some(span) = context.span(id) {
            span.extensions_mut().insert(visitor.fields);
        }
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        let mut visitor = FieldVisitor::default();
        values.record(&mut visitor);
        if let Some(span) = context.span(id)
            && let Some(fields) = span.extensions_mut().get_mut::<Fields>()
        {
            fields.extend(&visitor.fields);
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let mut visitor = FieldVisitor::default();
        event.record(&mut visitor);
        let mut fields = Fields::default();
        for span in context.event_scope(event).into_iter().flat_map(Scope::from_root) {
            if let Some(of_span) = span.extensions().get::<Fields>() {
                fields.extend(of_span);
            }
        }
        fields.extend(&visitor.fields);
        let line = Line {
            time: Timestamp::now(),
            level: event.metadata().level().as_str(),
            message: visitor.message,
            fields,
        };
        match self.format {
            LogFormat::Text => self.console.eprint_line(&line.text()),
            LogFormat::Json => eprint_json(&json::compact(&line)),
        }
    }
}

/// Collects the fields of a span or an event.
#[derive(Default)]
struct FieldVisitor {
    message: String,
    fields: Fields,
}

impl Visit for FieldVisitor {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.record_str(field, &format!("{value:?}"));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == MESSAGE_FIELD {
            value.clone_into(&mut self.message);
        } else {
            self.fields.set(field.name(), value);
        }
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.fields.set(field.name(), value);
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.fields.set(field.name(), value);
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.fields.set(field.name(), value);
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.fields.set(field.name(), value);
    }
}
