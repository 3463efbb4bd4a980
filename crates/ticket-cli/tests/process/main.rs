//! The binary as a process: what it prints, where, and how it ends.
//!
//! Each run has a cleared environment and a config folder of its own. The network is the loopback alone.

mod capabilities;
mod config;
mod decode;
mod doctor;
mod drift;
mod explain;
mod failures;
mod get;
mod harness;
mod log;
mod page;
#[cfg(unix)]
mod pages;
mod plain;
mod sandbox;
mod settings;
#[cfg(unix)]
mod terminal;
mod transport;
mod vocabulary;
