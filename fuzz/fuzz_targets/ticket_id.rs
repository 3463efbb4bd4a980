//! Ticket ids and base URLs.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| ticket_fuzz::ticket_id::check(input));
