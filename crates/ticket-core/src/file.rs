//! The content of attachments.

use async_trait::async_trait;
use ticket_model::{Attachment, Message, Ticket};

use crate::{Bytes, CallStats, Error, TicketId};

/// A helpdesk from which the files of tickets can be downloaded.
#[async_trait]
pub trait FileSource: Send + Sync {
    /// Downloads one file.
    ///
    /// Credentials are sent only to the service itself: the origin of the base URL. A file at another address is requested without
    /// them, and only by https from a public address. A redirect to another origin is not followed.
    ///
    /// # Errors
    /// Any [`ErrorKind`](crate::ErrorKind). It is `InvalidRequest` if the service documents no way to download the file, or if its
    /// address is not allowed, and `InvalidResponse` if the file is larger than allowed.
    async fn download(&self, request: &FileRequest<'_>) -> Result<FileContent, Error>;
}

/// Which file to download.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct FileRequest<'t> {
    /// The id of the ticket.
    pub ticket: &'t TicketId,
    /// The message that has the file; `None` for a file of the ticket itself.
    pub message: Option<&'t Message>,
    /// The position among the files of the message, or of the ticket, from 0.
    pub position: usize,
    /// What the ticket says about the file.
    pub attachment: &'t Attachment,
    /// The most bytes to download.
    pub max_bytes: usize,
}

impl<'t> FileRequest<'t> {
    /// Returns the requests for all files of a ticket: those of the ticket, then those of its messages.
    pub fn all(
        id: &'t TicketId,
        ticket: &'t Ticket,
        max_bytes: usize,
    ) -> impl Iterator<Item = Self> {
        let messages = ticket.conversation.iter().flat_map(|it| &it.messages);
        let owners = std::iter::once((None, &ticket.attachments))
            .chain(messages.map(|message| (Some(message), &message.attachments)));
        owners.flat_map(move |(message, files)| {
            files.iter().enumerate().map(move |(position, attachment)| Self {
                ticket: id,
                message,
                position,
                attachment,
                max_bytes,
            })
        })
    }
}

/// A downloaded file.
#[derive(Debug, Clone)]
pub struct FileContent {
    /// The bytes.
    pub bytes: Bytes,
    /// The MIME type that the service sent with them, without parameters.
    pub media_type: Option<String>,
    /// The statistics of the call.
    pub stats: CallStats,
}

#[cfg(test)]
mod tests {
    use ticket_model::{Attachment, Conversation, Message, Ticket};

    use super::FileRequest;
    use crate::TicketId;

    #[test]
    fn requests_the_files_of_the_ticket_and_of_its_messages() {
        let file = |id: &str| Attachment { id: Some(id.into()), ..Attachment::default() };
        let message = |id: &str, files: &[&str]| Message {
            id: Some(id.into()),
            attachments: files.iter().map(|id| file(id)).collect(),
            ..Message::default()
        };
        let mut ticket = Ticket::new("feishu", "1");
        ticket.attachments = vec![file("a")];
        let messages = vec![message("m1", &["b", "c"]), message("m2", &["d"])];
        ticket.conversation = Some(Conversation { messages, complete: None });
        let id = TicketId::new("1").unwrap();
        let all: Vec<_> = FileRequest::all(&id, &ticket, 9)
            .map(|it| {
                let message = it.message.and_then(|message| message.id.as_deref());
                (message, it.position, it.attachment.id.as_deref().unwrap())
            })
            .collect();
        assert_eq!(
            all,
            [(None, 0, "a"), (Some("m1"), 0, "b"), (Some("m1"), 1, "c"), (Some("m2"), 0, "d")]
        );
    }
}
