//! Downloads files by their address.

use async_trait::async_trait;
use ticket_core::{Error, ErrorKind, FileContent, FileRequest, FileSource};

use crate::{EngageLabSource, GET_FILE, PROVIDER};

#[async_trait]
impl FileSource for EngageLabSource {
    async fn download(&self, request: &FileRequest<'_>) -> Result<FileContent, Error> {
        let address = request.attachment.url.as_deref().ok_or_else(|| {
            Error::new(ErrorKind::InvalidRequest, "the ticket has no address of the file")
                .with_provider(PROVIDER)
                .in_operation(GET_FILE)
        })?;
        self.client().download_url(GET_FILE, address, request.max_bytes).await
    }
}
