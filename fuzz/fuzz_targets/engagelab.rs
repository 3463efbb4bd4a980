//! Responses of EngageLab LiveDesk.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| ticket_fuzz::decode::check(
    &engagelab_provider::EngageLab,
    input
));
