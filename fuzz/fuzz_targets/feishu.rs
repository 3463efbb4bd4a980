//! Responses of Feishu and Lark Helpdesk.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| ticket_fuzz::decode::check(
    &feishu_provider::Feishu,
    input
));
