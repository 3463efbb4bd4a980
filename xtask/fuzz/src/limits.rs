//! Headers of any text are a sensible time to wait, or none: status, `Retry-After` and `x-ogw-ratelimit-reset` in a
//! line each, and the body below.

use std::time::Duration;

use engagelab_provider::EngageLab;
use feishu_provider::Feishu;
use jiff::Timestamp;
use ticket_conformance::broken_promises;
use ticket_core::{Answer, Bytes, Dialect, Reading};

use crate::answer::first_line;
use crate::judge;

const LONGEST: Duration = Duration::from_mins(5);
const HEADERS: [&str; 2] = ["retry-after", "x-ogw-ratelimit-reset"];

/// Checks the limits of an answer, by each provider.
pub fn check(input: &[u8]) {
    let (status, rest) = first_line(input);
    let (after, rest) = first_line(rest);
    let (until, body) = first_line(rest);
    let dialects: [&dyn Dialect; 2] = [&EngageLab, &Feishu];
    for dialect in dialects {
        let answer = |values: [&[u8]; 2]| {
            let body = Bytes::copy_from_slice(body);
            let mut answer = Answer::saved(dialect.ticket_operation(), body);
            answer.http_status = str::from_utf8(status).ok().and_then(|it| it.parse().ok());
            // A moment that is known, so that a date always means the same wait.
            answer.received_at = Timestamp::from_second(1_445_412_450).ok();
            for (name, value) in HEADERS.into_iter().zip(values) {
                // What no header can be was never sent.
                if let Ok(value) = value.try_into() {
                    answer.headers.insert(name, value);
                }
            }
            answer
        };
        let whole = answer([after, until]);
        let wait = whole.retry_after();
        let mut broken = broken_promises(dialect, &whole);
        if wait.is_some_and(|wait| wait > LONGEST) {
            broken.push(format!("it says to wait {wait:?}"));
        }
        let apart = answer([after, b""]).retry_after().max(answer([b"", until]).retry_after());
        if wait != apart {
            broken.push(format!("together they say {wait:?}, and apart {apart:?}"));
        }
        if let Err(error) = dialect.decode(&[whole], &Reading::default())
            && error.retry_after() != wait.filter(|_| error.is_retryable())
        {
            broken.push(format!("{error:?} says to wait {:?}", error.retry_after()));
        }
        judge(&broken);
    }
}
