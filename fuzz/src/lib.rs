//! What must hold for any input, one module a target. A promise that is broken is a panic.

pub mod response;
pub mod clean;
pub mod config;
pub mod limits;
pub mod reading;
pub mod telling;
pub mod ticket_id;

/// The files of the program `ticket` that read what strangers wrote. It is no library, so they are built here once more.
#[path = "../../crates/ticket-cli/src"]
#[allow(dead_code, unused_imports, reason = "the program uses more of them than the targets do")]
mod program {
    pub(crate) mod console;
    pub(crate) mod outcome;
    pub(crate) mod providers;
    pub(crate) mod settings;
    pub(crate) mod view {
        //! The views that those need.
        pub(crate) mod clean;
        pub(crate) mod ink;
        pub(crate) mod json;
        pub(crate) mod time;
        mod wrap;
    }
}

// Where the program has them.
use program::{console, outcome, providers, settings, view};

/// Panics where a promise was broken, and names all that were.
fn judge(broken: &[String]) {
    assert!(broken.is_empty(), "broken promises:\n{}", broken.join("\n"));
}
