//! Explanations, drift and inconsistencies of responses.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| ticket_fuzz::explain::check(input));
