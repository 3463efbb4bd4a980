//! The checks of the fuzz targets, one module for each. A violation is a panic.

pub mod clean;
pub mod config;
pub mod decode;
pub mod explain;
pub mod limits;
pub mod response;
pub mod ticket_id;

/// The files of the program `ticket` that process untrusted input. The program is not a library, so they are compiled here again.
#[path = "../../crates/ticket-cli/src"]
#[allow(dead_code, unused_imports, reason = "the program uses more of them than the targets do")]
mod program {
    pub(crate) mod console;
    pub(crate) mod outcome;
    pub(crate) mod providers;
    pub(crate) mod setting;
    pub(crate) mod settings;
    pub(crate) mod similar;
    pub(crate) mod view {
        //! The views that these files need.
        pub(crate) mod copyable;
        pub(crate) mod cut;
        pub(crate) mod ink;
        pub(crate) mod json;
        pub(crate) mod time;
        pub(crate) mod wrap;
        pub(crate) use ticket_render::{amount, clean};
    }
}

// The files refer to each other as `crate::…`.
use program::{console, outcome, providers, setting, settings, similar, view};

/// Makes the program of a target. Without `cargo fuzz` it checks stdin once, such as an input that was found.
#[macro_export]
macro_rules! target {
    ($check:expr) => {
        #[cfg(fuzzing)]
        libfuzzer_sys::fuzz_target!(|input: &[u8]| ($check)(input));

        #[cfg(not(fuzzing))]
        fn main() -> std::io::Result<()> {
            let mut input = Vec::new();
            std::io::Read::read_to_end(&mut std::io::stdin(), &mut input)?;
            ($check)(&input);
            Ok(())
        }
    };
}

/// Panics if there are violations, and lists them.
fn assert_none(violations: &[String]) {
    assert!(violations.is_empty(), "violations:\n{}", violations.join("\n"));
}
