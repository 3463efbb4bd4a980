//! Runs the binary as a process and checks its output and exit code.
//!
//! Each run has an empty environment and its own config folder. Only loopback connections are made.

mod addresses;
#[cfg(unix)]
mod auth;
mod capabilities;
#[cfg(unix)]
mod certificates;
#[cfg(unix)]
mod completion;
mod config;
mod conversation;
mod csv;
mod decode;
mod doctor;
mod drift;
mod events;
mod explain;
#[cfg(unix)]
mod export;
mod failures;
mod fields;
#[cfg(unix)]
mod front;
mod get;
mod harness;
#[cfg(unix)]
mod killed;
mod lines;
mod list;
mod log;
mod many;
#[cfg(unix)]
mod mcp;
#[cfg(unix)]
mod mirror;
mod page;
#[cfg(unix)]
mod pager;
#[cfg(unix)]
mod pages;
mod plain;
#[cfg(unix)]
mod progress;
mod proxies;
mod sandbox;
#[cfg(unix)]
mod search;
#[cfg(unix)]
mod secrets;
mod settings;
#[cfg(unix)]
mod sync;
#[cfg(unix)]
mod terminal;
mod transport;
mod vocabulary;
