//! One file for each thing that can be asked of this program.

pub(crate) mod capabilities;
pub(crate) mod completions;
mod configuration;
pub(crate) mod decode;
pub(crate) mod doctor;
pub(crate) mod drift;
pub(crate) mod explain;
mod fetch;
pub(crate) mod get;
mod listing;
pub(crate) mod sandbox;
mod saved;
pub(crate) mod schema;
mod show;
mod subject;
mod transports;
