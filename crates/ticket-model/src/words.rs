//! The vocabulary: what a status, a priority, a role can be, in the field's own terms.
//!
//! Every list is open (`#[non_exhaustive]`) and ends in a word for what we do not know. The provider's
//! own word always stands beside ours, so `other` never hides anything.

use serde::{Deserialize, Serialize};

/// Declares one vocabulary: the enum, its JSON words, the list of all, and `Display`.
macro_rules! words {
    ($(#[$about:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$doc])* #[serde(rename = $word)] $variant,)+
        }

        impl $name {
            /// Every word of this vocabulary, in the order of its declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word as JSON spells it.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)+
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.pad(self.as_str())
            }
        }
    };
}

words! {
    /// Where a ticket stands in its life.
    StatusCategory {
        /// Created, and nobody looked at it yet.
        New = "new",
        /// Waiting for an agent.
        Open = "open",
        /// An agent works on it.
        InProgress = "in_progress",
        /// The requester must respond.
        WaitingOnRequester = "waiting_on_requester",
        /// Set aside.
        OnHold = "on_hold",
        /// Answered; may be reopened.
        Resolved = "resolved",
        /// Over.
        Closed = "closed",
        /// A status we do not know; the provider's word stands beside it.
        Other = "other",
    }
}

words! {
    /// How pressing a ticket is.
    PriorityLevel {
        /// Can wait.
        Low = "low",
        /// The ordinary case.
        Medium = "medium",
        /// Before the ordinary case.
        High = "high",
        /// At once.
        Urgent = "urgent",
        /// A priority we do not know; the provider's word stands beside it.
        Other = "other",
    }
}

words! {
    /// What sort of matter a ticket is, in the words of ITIL.
    TicketKind {
        /// Something that worked does not.
        Incident = "incident",
        /// Somebody wants to know something.
        Question = "question",
        /// The cause behind incidents.
        Problem = "problem",
        /// A piece of work.
        Task = "task",
        /// A kind we do not know; the provider's word stands beside it.
        Other = "other",
    }
}

words! {
    /// Who handles a ticket now.
    HandledBy {
        /// A bot.
        Bot = "bot",
        /// A human agent.
        Human = "human",
        /// A stage we do not know; the provider's word stands beside it.
        Other = "other",
    }
}

words! {
    /// How a ticket came in.
    ChannelKind {
        /// By e-mail.
        Email = "email",
        /// In a chat or a messenger.
        Chat = "chat",
        /// By telephone.
        Phone = "phone",
        /// Through a form of a web site.
        WebForm = "web_form",
        /// Through the provider's API.
        OpenApi = "open_api",
        /// Through a QR code.
        QrCode = "qr_code",
        /// Through a search.
        Search = "search",
        /// Through something that was shared.
        Share = "share",
        /// A channel we do not know; the provider's word stands beside it.
        Other = "other",
    }
}

words! {
    /// What somebody is to the ticket on which they act.
    ActorRole {
        /// Who asks.
        Requester = "requester",
        /// A member of the helpdesk.
        Agent = "agent",
        /// A bot.
        Bot = "bot",
        /// The helpdesk's own machinery.
        System = "system",
        /// A role we do not know; the provider's word stands beside it.
        Other = "other",
    }
}

words! {
    /// What a message is made of.
    ContentKind {
        /// Plain text or Markdown.
        Text = "text",
        /// Text with pictures or layout of its own.
        RichText = "rich_text",
        /// A picture.
        Image = "image",
        /// A file.
        File = "file",
        /// A sound.
        Audio = "audio",
        /// A film.
        Video = "video",
        /// A content we do not know; the provider's word stands beside it.
        Other = "other",
    }
}

words! {
    /// Who can read a message.
    #[derive(Default)]
    Visibility {
        /// The requester can read it.
        Public = "public",
        /// An internal note: the requester cannot read it.
        Internal = "internal",
        /// The provider does not say.
        #[default]
        Unknown = "unknown",
    }
}

#[cfg(test)]
mod tests {
    use super::StatusCategory;

    #[test]
    fn a_word_is_spelled_the_same_in_json_and_on_the_screen() {
        for word in StatusCategory::ALL {
            assert_eq!(serde_json::to_string(word).unwrap(), format!("\"{word}\""), "{word:?}");
        }
    }
}
