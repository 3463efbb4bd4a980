//! Decoding a response, compared with `serde_json`: `cargo bench -p ticket-cli --bench decode`.
//!
//! `… -- count RESPONSE READER` reads a response ten times in [`measured`], so that a profiler can count instructions.

#[path = "plain/engagelab.rs"]
mod engagelab;
#[path = "plain/feishu.rs"]
mod feishu;
mod responses;

use std::hint::black_box;

use divan::Bencher;
use divan::counter::BytesCount;
use engagelab_provider::EngageLab;
use feishu_provider::Feishu;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;
use ticket_core::{Decoded, Decoder, Response, VocabularyOverrides};

use responses::{NAMES, Saved, Service};

fn main() {
    check();
    let arguments: Vec<String> = std::env::args().collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        [_, "count", name, reader, ..] => {
            let response = responses::named(name);
            let reader = *READERS.iter().find(|(known, _)| known == reader).expect("a reader");
            // Freeing something large makes the allocator tidy up, which must not happen while instructions are counted.
            drop(black_box(vec![0_u8; 100_000]));
            // The first readings fill what the allocator keeps.
            (0..10).for_each(|_| reader.1(&response));
            measured(&response, reader.1);
        }
        _ => divan::main(),
    }
}

type Reader = fn(&Saved);

const READERS: [(&str, Reader); 4] =
    [("ours", ours), ("plain", plain), ("value", value), ("ignored", ignored)];

#[inline(never)]
fn measured(response: &Saved, read: Reader) {
    for _ in 0..10 {
        read(response);
    }
}

/// This workspace: a mapped ticket with its diagnostics, and the bytes.
fn ours(response: &Saved) {
    black_box(decode(response));
}

/// Owned structs of the response's shape, which skip unknown keys.
fn plain(response: &Saved) {
    match response.service {
        Service::EngageLab => parse::<engagelab::Envelope>(response),
        Service::Feishu => parse::<feishu::Envelope>(response),
    }
}

/// A tree of values.
fn value(response: &Saved) {
    parse::<Value>(response);
}

/// Nothing is kept: the lower bound.
fn ignored(response: &Saved) {
    parse::<IgnoredAny>(response);
}

fn parse<'t, T: Deserialize<'t>>(response: &'t Saved) {
    black_box(serde_json::from_str::<T>(&response.text).expect("the response is valid"));
}

fn decode(response: &Saved) -> (Decoded, Response) {
    let provider: &dyn Decoder = match response.service {
        Service::EngageLab => &EngageLab,
        Service::Feishu => &Feishu,
    };
    let response = Response::saved(provider.ticket_operation(), response.body.clone());
    let decoded = provider.decode(std::slice::from_ref(&response), &VocabularyOverrides::default());
    (decoded.expect("the response is valid"), response)
}

#[divan::bench(args = NAMES)]
fn decode_ours(bencher: Bencher<'_, '_>, name: &str) {
    bench(bencher, name, ours);
}

#[divan::bench(args = NAMES)]
fn decode_plain_structs(bencher: Bencher<'_, '_>, name: &str) {
    bench(bencher, name, plain);
}

#[divan::bench(args = NAMES)]
fn decode_value(bencher: Bencher<'_, '_>, name: &str) {
    bench(bencher, name, value);
}

#[divan::bench(args = NAMES)]
fn decode_ignored(bencher: Bencher<'_, '_>, name: &str) {
    bench(bencher, name, ignored);
}

fn bench(bencher: Bencher<'_, '_>, name: &str, read: Reader) {
    let response = responses::named(name);
    bencher.counter(BytesCount::new(response.body.len())).bench(|| read(&response));
}

/// Checks that what is compared reads the same ticket, with all of its lists.
fn check() {
    for name in NAMES {
        let response = responses::named(name);
        let text = &response.text;
        let plain = match response.service {
            Service::EngageLab => {
                let ticket = serde_json::from_str::<engagelab::Envelope>(text).expect("valid").data;
                let messages = ticket.conversation_list.len();
                (ticket.ticket_id, ticket.custom_fields.len(), ticket.tags.len(), messages)
            }
            Service::Feishu => {
                let ticket =
                    serde_json::from_str::<feishu::Envelope>(text).expect("valid").data.ticket;
                (ticket.ticket_id, ticket.customized_fields.len(), ticket.tags.len(), 0)
            }
        };
        let ticket = decode(&response).0.ticket;
        let messages = ticket.conversation.map_or(0, |conversation| conversation.messages.len());
        let ours = (ticket.id, ticket.custom_fields.len(), ticket.tags.len(), messages);
        assert_eq!(ours, plain, "{name}");
    }
}
