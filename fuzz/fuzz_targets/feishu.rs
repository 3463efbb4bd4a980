//! Responses of Feishu and Lark Helpdesk.

#![cfg_attr(fuzzing, no_main)]

ticket_fuzz::target!(|input: &[u8]| ticket_fuzz::decode::check(&feishu_provider::Feishu, input));
