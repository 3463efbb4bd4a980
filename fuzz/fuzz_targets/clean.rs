//! Text for the terminal.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| ticket_fuzz::clean::check(input));
