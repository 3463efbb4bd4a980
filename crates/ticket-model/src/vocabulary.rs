//! The vocabularies: the normalised values of a status, a priority, a role, …
//!
//! Every enum is `#[non_exhaustive]` and has a value for unknown words. [`Coded`](crate::Coded) keeps the provider's
//! own word beside it.

use serde::{Deserialize, Serialize};

/// Declares a vocabulary: the enum, its JSON words, the list of all values, and `Display`.
macro_rules! vocabulary {
    ($(#[$about:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$doc])* #[serde(rename = $word)] $variant,)+
        }

        impl $name {
            /// All values, in the order of declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// Returns the word that JSON uses.
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

vocabulary! {
    /// The status of a ticket.
    Status {
        /// Created; no agent has looked at it.
        New = "new",
        /// Waiting for an agent.
        Open = "open",
        /// An agent works on it.
        InProgress = "in_progress",
        /// Waiting for the requester to reply.
        WaitingOnRequester = "waiting_on_requester",
        /// Suspended.
        OnHold = "on_hold",
        /// Solved; may be reopened.
        Resolved = "resolved",
        /// Closed.
        Closed = "closed",
        /// A status that the mapping does not know.
        Other = "other",
    }
}

vocabulary! {
    /// The priority of a ticket.
    Priority {
        /// Low.
        Low = "low",
        /// Normal.
        Medium = "medium",
        /// High.
        High = "high",
        /// Urgent.
        Urgent = "urgent",
        /// A priority that the mapping does not know.
        Other = "other",
    }
}

vocabulary! {
    /// The type of a ticket, in the words of ITIL.
    TicketType {
        /// A disruption of a service.
        Incident = "incident",
        /// A request for information.
        Question = "question",
        /// The cause of one or more incidents.
        Problem = "problem",
        /// A piece of work to do.
        Task = "task",
        /// A type that the mapping does not know.
        Other = "other",
    }
}

vocabulary! {
    /// Who handles the ticket now.
    HandledBy {
        /// A bot.
        Bot = "bot",
        /// A human agent.
        Human = "human",
        /// A word that the mapping does not know.
        Other = "other",
    }
}

vocabulary! {
    /// The channel through which a ticket was created.
    Channel {
        /// E-mail.
        Email = "email",
        /// A chat or a messenger.
        Chat = "chat",
        /// Telephone.
        Phone = "phone",
        /// A form on a web site.
        WebForm = "web_form",
        /// The provider's API.
        OpenApi = "open_api",
        /// A QR code.
        QrCode = "qr_code",
        /// A search page.
        Search = "search",
        /// A shared link or card.
        Share = "share",
        /// A channel that the mapping does not know.
        Other = "other",
    }
}

vocabulary! {
    /// The role of a person or program on a ticket.
    Role {
        /// The person who asked for help.
        Requester = "requester",
        /// A member of the helpdesk.
        Agent = "agent",
        /// A bot.
        Bot = "bot",
        /// The helpdesk's own automation.
        System = "system",
        /// A role that the mapping does not know.
        Other = "other",
    }
}

vocabulary! {
    /// The role of a participant.
    ParticipantRole {
        /// A further person who asked for help.
        Requester = "requester",
        /// In copy of every reply.
        Cc = "cc",
        /// Has to approve.
        Approver = "approver",
        /// A member of the helpdesk who is notified of everything, internal notes too.
        Watcher = "watcher",
        /// A role that the mapping does not know, or that the tenant defined.
        Other = "other",
    }
}

vocabulary! {
    /// What another ticket is to this one.
    RelationType {
        /// This ticket is a part of the other one.
        Parent = "parent",
        /// The other ticket is a part of this one.
        Child = "child",
        /// The other ticket has to wait for this one.
        Blocks = "blocks",
        /// This ticket has to wait for the other one.
        BlockedBy = "blocked_by",
        /// This ticket repeats the other one.
        Duplicates = "duplicates",
        /// The other ticket repeats this one.
        DuplicatedBy = "duplicated_by",
        /// The other ticket was merged into this one.
        MergedInto = "merged_into",
        /// Related in a way that the provider does not name.
        Related = "related",
        /// A relation that the mapping does not know.
        Other = "other",
    }
}

vocabulary! {
    /// The type of a message's content.
    ContentType {
        /// Plain text or Markdown.
        Text = "text",
        /// Text with images or layout.
        RichText = "rich_text",
        /// An image.
        Image = "image",
        /// A file.
        File = "file",
        /// An audio recording.
        Audio = "audio",
        /// A video.
        Video = "video",
        /// A type that the mapping does not know.
        Other = "other",
    }
}

vocabulary! {
    /// How to read a text.
    BodyFormat {
        /// Plain text.
        Plain = "plain",
        /// Markdown.
        Markdown = "markdown",
        /// HTML.
        Html = "html",
    }
}

vocabulary! {
    /// Whether the requester can read a message.
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
    use super::Status;

    #[test]
    fn json_and_display_use_the_same_word() {
        for word in Status::ALL {
            assert_eq!(serde_json::to_string(word).unwrap(), format!("\"{word}\""), "{word:?}");
        }
    }
}
