//! The commands, one file each.

pub(crate) mod auth;
pub(crate) mod capabilities;
pub(crate) mod completions;
mod configuration;
pub(crate) mod decode;
pub(crate) mod doctor;
pub(crate) mod drift;
pub(crate) mod explain;
pub(crate) mod export;
mod fetch;
pub(crate) mod get;
mod ids;
mod input;
pub(crate) mod list;
mod listing;
pub(crate) mod mcp;
pub(crate) mod mirror;
mod rows;
pub(crate) mod sandbox;
mod saved;
pub(crate) mod schema;
pub(crate) mod search;
mod setting_findings;
mod show;
pub(crate) mod sql;
pub(crate) mod sync;
mod transports;
