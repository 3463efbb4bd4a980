//! Downloads attachments: JSON with the content in Base64.

use async_trait::async_trait;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use ticket_core::decode::Document;
use ticket_core::{Error, ErrorKind, FileContent, FileRequest, FileSource, Response};

use super::RtSource;
use crate::{GET_ATTACHMENT, PROVIDER, error, get_attachment, wire};

/// The room for the other members, such as the headers of an e-mail.
const OTHER_MEMBERS: usize = 1 << 18;

#[async_trait]
impl FileSource for RtSource {
    async fn download(&self, request: &FileRequest<'_>) -> Result<FileContent, Error> {
        let refuse = |error: Error| error.with_provider(PROVIDER).in_operation(GET_ATTACHMENT);
        let id = request.attachment.id.as_deref().ok_or_else(|| {
            refuse(Error::new(ErrorKind::InvalidRequest, "the attachment has no id"))
        })?;
        let call = get_attachment(self.client.base_url(), id).map_err(refuse)?;
        // Base64 has four characters for three bytes, and `\n` after each 76.
        let max_bytes = request.max_bytes.saturating_mul(3) / 2 + OTHER_MEMBERS;
        let received = self.client.download(call, max_bytes, error::check).await?;
        let stats = received.stats;
        let content = content(&received).map_err(refuse)?;
        if content.bytes.len() > request.max_bytes {
            let message = format!("the file is larger than {} bytes", request.max_bytes);
            return Err(refuse(Error::new(ErrorKind::InvalidResponse, message)).with_stats(stats));
        }
        Ok(content)
    }
}

/// Returns the file that a response of the attachment call contains.
fn content(received: &FileContent) -> Result<FileContent, Error> {
    let invalid = |message| Error::new(ErrorKind::InvalidResponse, message);
    let response = Response::saved(GET_ATTACHMENT, received.bytes.clone());
    let document = Document::open(&response)?;
    let cursor = document.root();
    let wire::File { content_type, content, .. } = document.parse()?;
    let mut content =
        cursor.text(content).ok_or_else(|| invalid("the attachment has no `Content`"))?;
    content.retain(|it| !it.is_ascii_whitespace());
    let bytes = BASE64_STANDARD.decode(content).map_err(|error| {
        invalid("the content of the attachment is not Base64").with_source(error)
    })?;
    let media_type = cursor.text(content_type);
    Ok(FileContent { bytes: bytes.into(), media_type, stats: received.stats })
}

#[cfg(test)]
mod tests {
    use ticket_core::{Bytes, CallStats, ErrorKind, FileContent};

    use super::content;

    fn received(body: &'static str) -> FileContent {
        let (bytes, stats) = (Bytes::from_static(body.as_bytes()), CallStats::default());
        FileContent { bytes, media_type: None, stats }
    }

    #[test]
    fn decodes_the_content_of_an_attachment() {
        let recorded = include_str!("../../tests/responses/attachment.json");
        let file = content(&received(recorded)).unwrap();
        assert_eq!(file.media_type.as_deref(), Some("text/plain"));
        assert_eq!(&file.bytes[..], "line 1\nZeile zwei äöü\n".as_bytes());
        let wrapped = content(&received(r#"{"Content": "aGVs\nbG8=\n"}"#)).unwrap();
        assert_eq!(&wrapped.bytes[..], b"hello");
    }

    #[test]
    fn rejects_a_response_without_a_file() {
        for body in ["{}", r#"{"Content": null}"#, r#"{"Content": "*"}"#, "<html>"] {
            let error = content(&received(body)).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidResponse, "{body}");
        }
    }
}
