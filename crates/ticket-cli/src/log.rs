//! The log: what the calls do, told on stderr while they do it.
//!
//! Only our own crates are heard. The HTTP libraries below tell of addresses and headers, among which secrets are.

use std::fmt::Debug;

use jiff::Timestamp;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};
use tracing_subscriber::registry::{LookupSpan, Registry, Scope};

use crate::arguments::{Log, LogFormat};
use crate::console::{Console, complain_json};
use crate::view::json;
use crate::view::log::{Facts, Line};

/// Whose events are told: a target is the path of a module, and all of ours begin with a crate of this workspace.
const OURS: [&str; 2] = ["ticket_core", "ticket_sandbox"];

/// The field that an event's own words are in.
const MESSAGE: &str = "message";

/// Begins to tell, where the command line asks for it.
pub(crate) fn start(arguments: &Log, console: &Console) {
    let Some(level) = level(arguments.verbosity()) else { return };
    let ours = Targets::new().with_targets(OURS.map(|target| (target, level)));
    let teller = Teller { format: arguments.format(), console: *console };
    // This is the only place that sets one, and it is run once.
    let _ = tracing::subscriber::set_global_default(Registry::default().with(ours).with(teller));
}

/// How much is told: calls and repetitions; or also each attempt and each wait.
fn level(verbosity: u8) -> Option<Level> {
    match verbosity {
        0 => None,
        1 => Some(Level::INFO),
        _ => Some(Level::DEBUG),
    }
}

/// Writes a line for each event.
struct Teller {
    format: LogFormat,
    console: Console,
}

impl<S: Subscriber + for<'s> LookupSpan<'s>> Layer<S> for Teller {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let mut reader = Reader::default();
        attributes.record(&mut reader);
        if let Some(span) = context.span(id) {
            span.extensions_mut().insert(reader.facts);
        }
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        let mut reader = Reader::default();
        values.record(&mut reader);
        if let Some(span) = context.span(id)
            && let Some(facts) = span.extensions_mut().get_mut::<Facts>()
        {
            facts.extend(&reader.facts);
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let mut reader = Reader::default();
        event.record(&mut reader);
        let mut facts = Facts::default();
        for span in context.event_scope(event).into_iter().flat_map(Scope::from_root) {
            if let Some(of_span) = span.extensions().get::<Facts>() {
                facts.extend(of_span);
            }
        }
        facts.extend(&reader.facts);
        let line = Line {
            time: Timestamp::now(),
            level: event.metadata().level().as_str(),
            message: reader.message,
            facts,
        };
        match self.format {
            LogFormat::Text => self.console.note(&line.text()),
            LogFormat::Json => complain_json(&json::compact(&line)),
        }
    }
}

/// Reads the fields of a span or an event.
#[derive(Default)]
struct Reader {
    message: String,
    facts: Facts,
}

impl Visit for Reader {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.record_str(field, &format!("{value:?}"));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == MESSAGE {
            value.clone_into(&mut self.message);
        } else {
            self.facts.set(field.name(), value);
        }
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.facts.set(field.name(), value);
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.facts.set(field.name(), value);
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.facts.set(field.name(), value);
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.facts.set(field.name(), value);
    }
}
