//! Rate limit headers with any text mean a sensible wait, or none. The input has a line each for status, `Retry-After` and
//! `x-ogw-ratelimit-reset`; the body follows.

use std::time::Duration;

use engagelab_provider::EngageLab;
use feishu_provider::Feishu;
use jiff::Timestamp;
use ticket_core::mapping::MappingDescription;
use ticket_core::{Bytes, Response, VocabularyOverrides};
use ticket_testkit::decode_violations;

use crate::assert_none;
use crate::response::first_line;

const LONGEST: Duration = Duration::from_mins(5);
const HEADERS: [&str; 2] = ["retry-after", "x-ogw-ratelimit-reset"];

/// Checks the rate limit headers of a response with both providers.
pub fn check(input: &[u8]) {
    let (status, rest) = first_line(input);
    let (after, rest) = first_line(rest);
    let (until, body) = first_line(rest);
    let decoders: [&dyn MappingDescription; 2] = [&EngageLab, &Feishu];
    for decoder in decoders {
        let response = |values: [&[u8]; 2]| {
            let body = Bytes::copy_from_slice(body);
            let mut response = Response::saved(decoder.ticket_operation(), body);
            response.http_status = str::from_utf8(status).ok().and_then(|it| it.parse().ok());
            // A fixed time, so that a date always means the same wait.
            response.received_at = Timestamp::from_second(1_445_412_450).ok();
            for (name, value) in HEADERS.into_iter().zip(values) {
                // An invalid header value cannot be received.
                if let Ok(value) = value.try_into() {
                    response.headers.insert(name, value);
                }
            }
            response
        };
        let whole = response([after, until]);
        let wait = whole.retry_after();
        let mut violations = decode_violations(decoder, std::slice::from_ref(&whole));
        if wait.is_some_and(|wait| wait > LONGEST) {
            violations.push(format!("the wait is {wait:?}"));
        }
        let separate =
            response([after, b""]).retry_after().max(response([b"", until]).retry_after());
        if wait != separate {
            violations.push(format!("both headers mean {wait:?}, but separately {separate:?}"));
        }
        if let Err(error) = decoder.decode(&[whole], &VocabularyOverrides::default())
            && error.retry_after() != wait.filter(|_| error.is_retryable())
        {
            violations.push(format!("{error:?} has the wait {:?}", error.retry_after()));
        }
        assert_none(&violations);
    }
}
