//! What reading a ticket costs, beside what it costs without this repository.
//!
//! The same responses are read in several ways, which the programs of this crate time and `cargo xtask bench` also counts the
//! instructions of. `docs/performance.md` tells what came out.

mod corpus;
mod cpu;
pub mod plain;
mod way;

pub use corpus::{Corpus, Desk, corpora};
pub use cpu::cpu_time;
pub use way::Way;
