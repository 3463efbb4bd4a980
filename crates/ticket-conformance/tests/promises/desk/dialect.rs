//! How the desk's answers are read.

use std::sync::atomic::{AtomicU64, Ordering};

use ticket_core::capabilities::Capabilities;
use ticket_core::decode::{Document, Scalar, look_up, quoted};
use ticket_core::model::{Status, StatusCategory, Ticket};
use ticket_core::{
    Answer, Contradiction, Decoded, Dialect, Error, ErrorKind, Reading, Rule, object,
};

use super::{Lie, PROVIDER, mistaken};

object! {
    struct Wire {
        number: Scalar<'t>,
        subject: String,
        state: Scalar<'t>,
    }
}

object! {
    struct Refusal {
        error: String,
        detail: String,
    }
}

const STATES: &[(&str, StatusCategory)] =
    &[("open", StatusCategory::Open), ("closed", StatusCategory::Closed)];

const RULES: &[Rule] = &[
    Rule::constant(&["provider"], "`desk`"),
    Rule::required(&["id"], &["/number"]),
    Rule::text(&["title"], &["/subject"]),
    Rule::word(
        &["status.category", "status.native"],
        &["/state"],
        "open and closed are ours too; any other word is `other`",
        &["\"open\"", "\"closed\""],
    ),
];

/// The pure half of the desk.
pub(crate) struct Desk {
    lie: Lie,
    tickets: AtomicU64,
}

impl Desk {
    pub(crate) const fn new(lie: Lie) -> Self {
        Self { lie, tickets: AtomicU64::new(0) }
    }

    fn read(&self, answer: &Answer) -> Result<Decoded, Error> {
        check(answer)?;
        let document = Document::open(answer)?;
        let at = document.root();
        let Wire { number, subject, state, unknown } = document.parse()?;
        at.unknown(unknown);
        let missing = at.key(number.key()).pointer();
        let id = at.id(number).ok_or_else(|| {
            Error::new(ErrorKind::Unreadable, "the answer has no number").with_path(missing)
        })?;
        let status = at.word(state, look_up(STATES), StatusCategory::Other);
        if self.lie == Lie::RefusesUnknownWords
            && status.as_ref().is_some_and(|(category, _)| *category == StatusCategory::Other)
        {
            return Err(Error::new(ErrorKind::Unreadable, "the state has no meaning"));
        }
        let mut title = at.text(subject);
        match self.lie {
            Lie::PanicsWithoutSubject => assert!(title.is_some(), "there is always a subject"),
            Lie::ForgetsAField => title = None,
            Lie::CountsItsTickets => {
                title = Some(self.tickets.fetch_add(1, Ordering::Relaxed).to_string());
            }
            _ => {}
        }
        let mut ticket: Ticket =
            serde_json::from_str(r#"{"provider": "desk", "id": ""}"#).expect("it is a ticket");
        (ticket.id, ticket.title) = (id, title);
        ticket.status = status.map(|(category, native)| Status { category, native });
        let (extra, report) = document.close()?;
        ticket.extra = extra;
        Ok(Decoded { ticket, report })
    }

    /// What the lie makes of a refusal.
    fn mistaken(&self, error: Error) -> Error {
        let kind = match (self.lie, error.kind()) {
            (Lie::MistakesAccess, ErrorKind::PermissionDenied) => ErrorKind::InvalidRequest,
            (Lie::TakesALimitAsFinal, ErrorKind::RateLimited) => ErrorKind::QuotaExhausted,
            (Lie::MistakesTheCredentials, ErrorKind::Unauthenticated)
            | (Lie::TakesAnOverloadAsFinal, ErrorKind::Unavailable) => ErrorKind::Refused,
            _ => return error,
        };
        mistaken(&error, kind)
    }
}

/// Gives an error unless the answer is a success.
pub(super) fn check(answer: &Answer) -> Result<(), Error> {
    if answer.is_success() {
        return Ok(());
    }
    let kind = answer.http_status.map_or(ErrorKind::Refused, ErrorKind::of_http_status);
    let told = |message: String| Err(Error::new(kind, message));
    let Ok(document) = Document::open(answer) else { return told("no words".to_owned()) };
    let Ok(Refusal { error, detail, unknown: _ }) = document.parse() else {
        return told("no words".to_owned());
    };
    let at = document.root();
    let detail = at.text(detail).unwrap_or_default();
    let refusal = Error::new(kind, format!("the desk refuses: {}", quoted(&detail)));
    Err(match at.text(error) {
        Some(code) => refusal.with_code(code),
        None => refusal,
    })
}

impl Dialect for Desk {
    fn provider(&self) -> &'static str {
        PROVIDER
    }

    fn title(&self) -> &'static str {
        "A desk"
    }

    fn ticket_operation(&self) -> &'static str {
        "get_ticket"
    }

    fn decode(&self, answers: &[Answer], _: &Reading) -> Result<Decoded, Error> {
        let answer = Answer::first(answers, self.ticket_operation())?;
        self.read(answer)
            .map_err(|error| answer.complete(self.mistaken(error)).with_provider(PROVIDER))
    }

    fn rules(&self) -> &'static [Rule] {
        RULES
    }

    fn capabilities(&self) -> &'static Capabilities {
        &Capabilities { operations: &[], caps: &[] }
    }

    fn contradictions(&self) -> &'static [Contradiction] {
        &[]
    }
}
