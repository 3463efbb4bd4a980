//! How the desk's responses are read.

use std::sync::atomic::{AtomicU64, Ordering};

use ticket_core::decode::{Document, Scalar, look_up, quoted};
use ticket_core::mapping::{Capabilities, DocConflict, MappingDescription, Operation, Rule};
use ticket_core::model::{Status, Ticket};
use ticket_core::{Decoded, Decoder, Error, ErrorKind, Response, VocabularyOverrides, wire_struct};

use super::{LIMIT, Lie, PROVIDER, mistaken};

wire_struct! {
    struct Wire {
        number: Scalar<'t>,
        subject: String,
        state: Scalar<'t>,
        error: String,
    }
}

wire_struct! {
    struct Refusal {
        error: String,
        detail: String,
    }
}

const STATES: &[(&str, Status)] = &[("open", Status::Open), ("closed", Status::Closed)];

const RULES: &[Rule] = &[
    Rule::constant(&["provider"], "`desk`"),
    Rule::required(&["id"], &["/number"]),
    Rule::text(&["title"], &["/subject"]),
    Rule::word(
        &["status.value", "status.native"],
        &["/state"],
        "open and closed are ours too; any other word is `other`",
        &["\"open\"", "\"closed\""],
    ),
];

const CAPABILITIES: Capabilities = Capabilities {
    operations: &[Operation {
        name: "get_ticket",
        request: "GET /tickets/{id}",
        is_used: true,
        limits: &[LIMIT],
        note: "one ticket",
    }],
    caps: &[],
};

/// The pure half of the desk.
pub(crate) struct Desk {
    lie: Lie,
    tickets: AtomicU64,
}

impl Desk {
    pub(crate) const fn new(lie: Lie) -> Self {
        Self { lie, tickets: AtomicU64::new(0) }
    }

    fn ticket(
        &self,
        response: &Response,
        overrides: &VocabularyOverrides,
    ) -> Result<Decoded, Error> {
        if self.lie != Lie::TakesFailuresForSuccesses {
            check(response)?;
        }
        let document = Document::open(response)?;
        let cursor = document.root();
        let Wire { number, subject, state, error, unknown } = document.parse()?;
        cursor.unknown(unknown);
        if cursor.text(error).is_some() {
            return Err(refusal(response));
        }
        let missing = cursor.key(number.key()).pointer();
        let id = cursor.id(number).ok_or_else(|| {
            Error::new(ErrorKind::InvalidResponse, "the response has no number").with_path(missing)
        })?;
        let meaning = |word: &str| match self.lie {
            Lie::KnowsBetter => look_up(STATES)(word).or_else(|| overrides.status(word)),
            _ => overrides.status(word).or_else(|| look_up(STATES)(word)),
        };
        let status = cursor.word(state, meaning, Status::Other);
        if self.lie == Lie::RefusesUnknownWords
            && status.as_ref().is_some_and(|(category, _)| *category == Status::Other)
        {
            return Err(Error::new(ErrorKind::InvalidResponse, "the state has no meaning"));
        }
        let mut title = cursor.text(subject);
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
        let (extra, diagnostics) = document.close()?;
        ticket.extra = extra;
        Ok(Decoded { ticket, diagnostics })
    }

    /// What the lie makes of a refusal.
    fn mistaken(&self, error: Error) -> Error {
        let kind = match (self.lie, error.kind()) {
            (Lie::MistakesAccess, ErrorKind::PermissionDenied) => ErrorKind::InvalidRequest,
            (Lie::MistakesAQuota, ErrorKind::QuotaExhausted) => ErrorKind::RateLimited,
            (Lie::TakesALimitAsFinal, ErrorKind::RateLimited) => ErrorKind::QuotaExhausted,
            (Lie::MistakesTheCredentials, ErrorKind::Unauthenticated)
            | (Lie::TakesAnOverloadAsFinal, ErrorKind::Unavailable) => ErrorKind::Rejected,
            _ => return error,
        };
        mistaken(&error, kind)
    }
}

/// Gives an error unless the response is a success.
pub(super) fn check(response: &Response) -> Result<(), Error> {
    if response.is_success() { Ok(()) } else { Err(refusal(response)) }
}

fn refusal(response: &Response) -> Error {
    let kind = match response.http_status {
        Some(402) => ErrorKind::QuotaExhausted,
        status => status.map_or(ErrorKind::Rejected, ErrorKind::of_http_status),
    };
    let wordless = Error::new(kind, "no words");
    let Ok(document) = Document::open(response) else { return wordless };
    let Ok(Refusal { error, detail, unknown: _ }) = document.parse() else {
        return wordless.with_code("odd");
    };
    let cursor = document.root();
    let detail = cursor.text(detail).unwrap_or_default();
    let refusal = Error::new(kind, format!("the desk refuses: {}", quoted(&detail)));
    match cursor.text(error) {
        Some(code) => refusal.with_code(code),
        None => refusal,
    }
}

impl Decoder for Desk {
    fn provider(&self) -> &'static str {
        PROVIDER
    }

    fn ticket_operation(&self) -> &'static str {
        "get_ticket"
    }

    fn read(&self, response: &Response, overrides: &VocabularyOverrides) -> Result<Decoded, Error> {
        self.ticket(response, overrides).map_err(|error| self.mistaken(error))
    }
}

impl MappingDescription for Desk {
    fn title(&self) -> &'static str {
        "A desk"
    }

    fn rules(&self) -> &'static [Rule] {
        RULES
    }

    fn capabilities(&self) -> &'static Capabilities {
        match self.lie {
            Lie::KnowsNoLimit => &Capabilities { operations: &[], caps: &[] },
            _ => &CAPABILITIES,
        }
    }

    fn doc_conflicts(&self) -> &'static [DocConflict] {
        &[]
    }
}
