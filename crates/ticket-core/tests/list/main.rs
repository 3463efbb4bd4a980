//! Reads lists of a source in memory.

mod reader;
mod script;
mod stream;
