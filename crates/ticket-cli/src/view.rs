//! Renders tickets, tables and log lines as text. Views are pure functions.

pub(crate) mod capabilities;
pub(crate) mod copyable;
pub(crate) mod csv;
pub(crate) mod cut;
pub(crate) mod drift;
pub(crate) mod explanation;
pub(crate) mod ink;
pub(crate) mod json;
pub(crate) mod log;
pub(crate) mod page;
pub(crate) mod sheet;
pub(crate) mod table;
pub(crate) mod time;
pub(crate) mod wrap;

pub(crate) use ticket_render::{amount, clean, markdown, transcript, words};

/// The same tickets as in the tests of Markdown.
#[cfg(test)]
#[path = "../../ticket-render/src/examples.rs"]
mod examples;
