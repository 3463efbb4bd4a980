//! The ways in which a response is read.

use std::hint::black_box;

use engagelab_provider::EngageLab;
use feishu_provider::Feishu;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;
use ticket_core::{Decoded, Decoder, Response, VocabularyOverrides};

use crate::corpus::{Corpus, Desk};
use crate::plain::{engagelab, feishu};

/// A way in which a response is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// `serde_json` goes over the text and keeps nothing: less cannot be done.
    Limit,
    /// `serde_json::from_str` into owned structs that have the response's shape; keys that they do not name are skipped.
    Plain,
    /// `serde_json::from_str` into a tree of values.
    Value,
    /// This repository: read, mapped onto a ticket, with what nobody documents and what was noticed; the bytes are kept.
    Ours,
}

impl Way {
    /// All ways.
    pub const ALL: [Self; 4] = [Self::Limit, Self::Plain, Self::Value, Self::Ours];

    /// What it is called on a command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Limit => "limit",
            Self::Plain => "plain",
            Self::Value => "value",
            Self::Ours => "ours",
        }
    }

    /// Reads the response once, and drops what came of it.
    ///
    /// # Panics
    /// Where the response cannot be read, which would make its figures worthless.
    pub fn read(self, corpus: &Corpus) {
        match (self, corpus.desk) {
            (Self::Limit, _) => kept::<IgnoredAny>(&corpus.text),
            (Self::Value, _) => kept::<Value>(&corpus.text),
            (Self::Plain, Desk::EngageLab) => kept::<engagelab::Envelope>(&corpus.text),
            (Self::Plain, Desk::Feishu) => kept::<feishu::Envelope>(&corpus.text),
            (Self::Ours, _) => drop(black_box(ours(corpus))),
        }
    }
}

fn kept<'t, T: Deserialize<'t>>(text: &'t str) {
    drop(black_box(serde_json::from_str::<T>(text).expect("the corpus can be read")));
}

/// The ticket, and the response that it is from.
fn ours(corpus: &Corpus) -> (Decoded, Response) {
    let decoder: &dyn Decoder = match corpus.desk {
        Desk::EngageLab => &EngageLab,
        Desk::Feishu => &Feishu,
    };
    let response = Response::saved(decoder.ticket_operation(), corpus.body.clone());
    let decoded = decoder.decode(std::slice::from_ref(&response), &VocabularyOverrides::default());
    (decoded.expect("the corpus can be read"), response)
}

#[cfg(test)]
mod tests {
    use ticket_core::{Decoded, Diagnostic, DiagnosticKind};

    use super::{Way, engagelab, feishu, ours};
    use crate::corpus::{Corpus, Desk, corpora};

    /// The id and the lengths of the lists that were read.
    type Read = (String, [usize; 5]);

    fn plainly(corpus: &Corpus) -> Read {
        match corpus.desk {
            Desk::EngageLab => {
                let ticket =
                    serde_json::from_str::<engagelab::Envelope>(&corpus.text).unwrap().data;
                let messages = ticket.conversation_list;
                let files = messages.iter().map(|message| message.attachments.len()).sum();
                let lists =
                    [messages.len(), files, ticket.custom_fields.len(), ticket.tags.len(), 0];
                (ticket.ticket_id, lists)
            }
            Desk::Feishu => {
                let envelope: feishu::Envelope = serde_json::from_str(&corpus.text).unwrap();
                let ticket = envelope.data.ticket;
                let people = [ticket.agents.len(), ticket.collaborators.len()];
                let lists =
                    [0, people[0], ticket.customized_fields.len(), ticket.tags.len(), people[1]];
                (ticket.ticket_id, lists)
            }
        }
    }

    fn in_our_way(corpus: &Corpus) -> Read {
        let ticket = ours(corpus).0.ticket;
        let messages = ticket.conversation.map(|conversation| conversation.messages);
        let messages = messages.unwrap_or_default();
        let files: usize = messages.iter().map(|message| message.attachments.len()).sum();
        let fields = ticket.custom_fields.len();
        let lists = [
            messages.len(),
            files + ticket.agents.len(),
            fields,
            ticket.tags.len(),
            ticket.collaborators.len(),
        ];
        (ticket.id, lists)
    }

    #[test]
    fn what_is_compared_reads_the_same_ticket() {
        for corpus in corpora() {
            assert_eq!(in_our_way(&corpus), plainly(&corpus), "{}", corpus.name);
        }
    }

    #[test]
    fn what_nobody_documents_is_found_in_the_large_responses_and_only_there() {
        for (corpus, unknown) in corpora().iter().zip([0, 10, 0, 5]) {
            let Decoded { ticket, diagnostics } = ours(corpus).0;
            assert_eq!(ticket.extra.len(), unknown, "{}", corpus.name);
            let is_unknown =
                |diagnostic: &Diagnostic| diagnostic.kind == DiagnosticKind::UnknownKey;
            assert!(diagnostics.iter().all(is_unknown), "{diagnostics:?}");
        }
    }

    #[test]
    fn every_way_reads_every_response() {
        for corpus in corpora() {
            for way in Way::ALL {
                way.read(&corpus);
            }
        }
    }
}
