//! What is told of a response: explain, drift, findings.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| ticket_fuzz::telling::check(input));
