//! Headers of any text are a sensible time to wait, or none: status, `Retry-After` and `x-ogw-ratelimit-reset` in a
//! line each, and the body below.

use std::time::Duration;

use engagelab_provider::EngageLab;
use feishu_provider::Feishu;
use jiff::Timestamp;
use ticket_core::{Bytes, Decoder, Response, VocabularyOverrides};
use ticket_testkit::decode_violations;

use crate::response::first_line;
use crate::judge;

const LONGEST: Duration = Duration::from_mins(5);
const HEADERS: [&str; 2] = ["retry-after", "x-ogw-ratelimit-reset"];

/// Checks the limits of a response, by each provider.
pub fn check(input: &[u8]) {
    let (status, rest) = first_line(input);
    let (after, rest) = first_line(rest);
    let (until, body) = first_line(rest);
    let decoders: [&dyn Decoder; 2] = [&EngageLab, &Feishu];
    for decoder in decoders {
        let response = |values: [&[u8]; 2]| {
            let body = Bytes::copy_from_slice(body);
            let mut response = Response::saved(decoder.ticket_operation(), body);
            response.http_status = str::from_utf8(status).ok().and_then(|it| it.parse().ok());
            // A moment that is known, so that a date always means the same wait.
            response.received_at = Timestamp::from_second(1_445_412_450).ok();
            for (name, value) in HEADERS.into_iter().zip(values) {
                // What no header can be was never sent.
                if let Ok(value) = value.try_into() {
                    response.headers.insert(name, value);
                }
            }
            response
        };
        let whole = response([after, until]);
        let wait = whole.retry_after();
        let mut broken = decode_violations(decoder, &whole);
        if wait.is_some_and(|wait| wait > LONGEST) {
            broken.push(format!("it says to wait {wait:?}"));
        }
        let apart = response([after, b""]).retry_after().max(response([b"", until]).retry_after());
        if wait != apart {
            broken.push(format!("together they say {wait:?}, and apart {apart:?}"));
        }
        if let Err(error) = decoder.decode(&[whole], &VocabularyOverrides::default())
            && error.retry_after() != wait.filter(|_| error.is_retryable())
        {
            broken.push(format!("{error:?} says to wait {:?}", error.retry_after()));
        }
        judge(&broken);
    }
}
