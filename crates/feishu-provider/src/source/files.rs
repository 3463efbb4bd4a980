//! Downloads the images of messages. Nothing is documented for other files.

use async_trait::async_trait;
use serde_json::Value;
use ticket_core::{Error, ErrorKind, FileContent, FileRequest, FileSource, Response};
use ticket_model::{ContentType, Message};

use super::FeishuSource;
use crate::{GET_IMAGE, PROVIDER, error, get_image};

#[async_trait]
impl FileSource for FeishuSource {
    async fn download(&self, request: &FileRequest<'_>) -> Result<FileContent, Error> {
        let (message, index) = place(request).ok_or_else(undocumented)?;
        // The documentation does not say which of the two ids of a message is meant.
        let ids = [message.channel_message_id.as_deref(), message.id.as_deref()];
        let mut error = undocumented();
        for id in ids.into_iter().flatten() {
            let call = get_image(self.client.base_url(), request.ticket, id, index)?;
            match self.client.download(call, request.max_bytes, check).await {
                Err(failure) if is_other_id(&failure) => error = failure,
                outcome => return outcome,
            }
        }
        Err(error)
    }
}

/// Returns the message of an image, and its position if the message is a post.
fn place<'t>(request: &FileRequest<'t>) -> Option<(&'t Message, Option<usize>)> {
    let message = request.message?;
    match message.content_type.as_ref()?.value {
        ContentType::Image => Some((message, None)),
        ContentType::RichText => {
            let index = listed(message, request.attachment.id.as_deref()?);
            Some((message, Some(index.unwrap_or(request.position))))
        }
        _ => None,
    }
}

/// Returns the position of an image in the list of the post, which may repeat images.
fn listed(message: &Message, id: &str) -> Option<usize> {
    let content: Value = serde_json::from_str(message.native.as_deref()?).ok()?;
    content.get("image_keys")?.as_array()?.iter().position(|key| key.as_str() == Some(id))
}

/// Returns whether the service knows no message with this id. An image that was deleted has another code.
fn is_other_id(error: &Error) -> bool {
    error.kind() == ErrorKind::NotFound && error.code() != Some("154404")
}

fn undocumented() -> Error {
    let message =
        "Feishu documents a download only for the images of messages, not for other files";
    Error::new(ErrorKind::InvalidRequest, message).with_provider(PROVIDER).in_operation(GET_IMAGE)
}

/// Checks that the response is an image. An error comes as JSON.
fn check(response: &Response) -> Result<(), Error> {
    let is_json =
        response.header(&["content-type"]).is_some_and(|it| it.starts_with("application/json"));
    if response.is_success() && !is_json {
        return Ok(());
    }
    error::check(response)?;
    Err(Error::new(ErrorKind::InvalidResponse, "the response is JSON instead of an image"))
}

#[cfg(test)]
mod tests {
    use ticket_core::{FileRequest, TicketId};
    use ticket_model::{Attachment, Coded, ContentType, Conversation, Message, Ticket};

    use super::place;

    #[test]
    fn finds_the_position_of_an_image_in_a_post() {
        let id = TicketId::new("1").unwrap();
        let file = |id: &str| Attachment { id: Some(id.into()), ..Attachment::default() };
        let native = r#"{"content": "x", "image_keys": ["img_1", "img_1", "img_2"]}"#;
        for (content_type, native, expected) in [
            (Some(ContentType::Image), None, Some(None)),
            (Some(ContentType::RichText), Some(native), Some(Some(2))),
            (Some(ContentType::RichText), Some("{}"), Some(Some(1))),
            (Some(ContentType::RichText), None, Some(Some(1))),
            (Some(ContentType::File), None, None),
            (None, None, None),
        ] {
            let message = Message {
                content_type: content_type.map(Coded::derived),
                native: native.map(str::to_owned),
                attachments: vec![file("img_1"), file("img_2")],
                ..Message::default()
            };
            let mut ticket = Ticket::new("feishu", "1");
            ticket.conversation = Some(Conversation { messages: vec![message], complete: None });
            let request = FileRequest::all(&id, &ticket, 1).nth(1).unwrap();
            assert_eq!(place(&request).map(|it| it.1), expected, "{content_type:?}");
        }
    }
}
