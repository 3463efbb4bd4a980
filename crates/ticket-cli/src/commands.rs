//! The commands, one file each.

pub(crate) mod capabilities;
pub(crate) mod completions;
mod configuration;
pub(crate) mod decode;
pub(crate) mod doctor;
pub(crate) mod drift;
pub(crate) mod explain;
mod fetch;
pub(crate) mod get;
mod ids;
mod input;
pub(crate) mod list;
mod listing;
mod rows;
pub(crate) mod sandbox;
mod saved;
pub(crate) mod schema;
mod show;
mod transports;
