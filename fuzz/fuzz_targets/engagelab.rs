//! Responses of EngageLab LiveDesk.

#![cfg_attr(fuzzing, no_main)]

ticket_fuzz::target!(|input: &[u8]| ticket_fuzz::decode::check(
    &engagelab_provider::EngageLab,
    input
));
