//! Images of messages.

use std::collections::BTreeMap;

use ticket_core::model::ContentType;
use ticket_core::{ErrorKind, FetchOptions, FileRequest, TicketSource};

use crate::{count, generated, inject, source, start};

#[tokio::test]
async fn downloads_the_images_of_messages_and_no_other_files() {
    let sandbox = start(1).await;
    let source = source(&sandbox);
    let id = &generated(&sandbox)[0];
    let options = FetchOptions::default().with_conversation();
    let ticket = source.fetch_with(id, options).await.unwrap().ticket;
    let files = source.files().unwrap();
    let mut outcomes = BTreeMap::<_, u32>::new();
    for request in FileRequest::all(id, &ticket, 1 << 20) {
        let content_type = request.message.unwrap().content_type.as_ref().unwrap().value;
        let outcome = match files.download(&request).await {
            Ok(file) => {
                assert!(file.bytes.starts_with(b"\x89PNG"), "{:?}", file.bytes);
                assert_eq!(file.media_type.as_deref(), Some("image/png"));
                "image"
            }
            Err(error) if error.code() == Some("154404") => "deleted",
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{error:?}");
                assert!(error.message().contains("only for the images"), "{error}");
                "undocumented"
            }
        };
        *outcomes.entry((content_type.as_str(), outcome)).or_default() += 1;
    }
    let of = |content_type: ContentType, outcome| {
        outcomes.get(&(content_type.as_str(), outcome)).copied().unwrap_or_default()
    };
    for content_type in [ContentType::Image, ContentType::RichText] {
        assert!(of(content_type, "image") > 15, "{outcomes:?}");
        assert_eq!(of(content_type, "undocumented"), 0, "{outcomes:?}");
    }
    assert!(of(ContentType::Image, "deleted") + of(ContentType::RichText, "deleted") > 0);
    assert_eq!(of(ContentType::File, "image"), 0);
    let undocumented: u32 =
        outcomes.iter().filter(|((_, it), _)| *it == "undocumented").map(|(_, it)| it).sum();
    assert!(undocumented > 50, "{outcomes:?}");
    let all: u32 = outcomes.values().sum();
    assert_eq!(count(&sandbox, "feishu.image"), (all - undocumented) as usize);
}

#[tokio::test]
async fn tries_the_other_id_of_a_message_and_reads_errors_in_json() {
    let sandbox = start(1).await;
    let source = source(&sandbox);
    let id = &generated(&sandbox)[0];
    let options = FetchOptions::default().with_conversation();
    let mut ticket = source.fetch_with(id, options).await.unwrap().ticket;
    for message in &mut ticket.conversation.as_mut().unwrap().messages {
        // A service that means the other id.
        std::mem::swap(&mut message.id, &mut message.channel_message_id);
    }
    let is_image = |request: &FileRequest<'_>| {
        request.message.and_then(|it| it.content_type.as_ref()).map(|it| it.value)
            == Some(ContentType::Image)
    };
    let request = FileRequest::all(id, &ticket, 1 << 20).find(is_image).unwrap();
    let files = source.files().unwrap();
    assert!(files.download(&request).await.is_ok());
    assert_eq!(count(&sandbox, "feishu.image"), 2);

    for (fault, kind) in [
        ("status 200 code 154000", ErrorKind::InvalidRequest),
        ("status 200 code 0", ErrorKind::InvalidResponse),
        ("status 401 code 154003", ErrorKind::PermissionDenied),
    ] {
        inject(&sandbox, &format!("feishu.image 1: {fault}"));
        let error = files.download(&request).await.unwrap_err();
        assert_eq!(error.kind(), kind, "{fault}: {error:?}");
    }
}
