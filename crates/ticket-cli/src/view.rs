//! Renders tickets, tables and log lines as text. Views are pure functions.

pub(crate) mod capabilities;
pub(crate) mod clean;
pub(crate) mod copyable;
pub(crate) mod csv;
pub(crate) mod cut;
pub(crate) mod drift;
pub(crate) mod explanation;
mod html;
pub(crate) mod ink;
pub(crate) mod json;
pub(crate) mod log;
pub(crate) mod markdown;
pub(crate) mod page;
pub(crate) mod sheet;
pub(crate) mod table;
pub(crate) mod time;
mod transcript;
mod words;
pub(crate) mod wrap;

#[cfg(test)]
mod examples;
