//! The config file.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| ticket_fuzz::config::check(input));
