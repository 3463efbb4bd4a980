//! What is told of an answer: explain, drift, findings.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| ticket_fuzz::telling::check(input));
