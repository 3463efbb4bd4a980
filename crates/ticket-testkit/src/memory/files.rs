//! The files of a source in memory.

use std::collections::{HashMap, VecDeque};
use std::sync::Mutex;

use ticket_core::{Bytes, Error, ErrorKind, FileContent, FileRequest, FileSource, async_trait};

use super::{InMemorySource, ONE_ATTEMPT, lock};

/// The files, by the id or else the address of their attachment.
#[derive(Default)]
pub(super) struct Files {
    contents: HashMap<String, (Bytes, Option<String>)>,
    /// The errors of the next downloads.
    errors: Mutex<HashMap<String, VecDeque<Error>>>,
    downloaded: Mutex<Vec<String>>,
}

impl InMemorySource {
    /// Adds the content of the attachment with this id or address.
    #[must_use]
    pub fn with_file(
        mut self,
        attachment: impl Into<String>,
        bytes: impl Into<Bytes>,
        media_type: Option<&str>,
    ) -> Self {
        let content = (bytes.into(), media_type.map(str::to_owned));
        self.files.contents.insert(attachment.into(), content);
        self
    }

    /// Lets the next download of this attachment fail. Several errors are returned in order, one for each download. Sets the provider
    /// of the error to that of the source.
    #[must_use]
    pub fn with_file_error(self, attachment: impl Into<String>, error: Error) -> Self {
        let error = error.with_provider(self.provider);
        lock(&self.files.errors).entry(attachment.into()).or_default().push_back(error);
        self
    }

    /// Returns the ids or addresses of the requested files, in order.
    pub fn downloaded(&self) -> Vec<String> {
        lock(&self.files.downloaded).clone()
    }
}

#[async_trait]
impl FileSource for InMemorySource {
    async fn download(&self, request: &FileRequest<'_>) -> Result<FileContent, Error> {
        let attachment = request.attachment;
        let key = attachment.id.as_ref().or(attachment.url.as_ref()).cloned().unwrap_or_default();
        lock(&self.files.downloaded).push(key.clone());
        if let Some(error) = lock(&self.files.errors).get_mut(&key).and_then(VecDeque::pop_front) {
            return Err(error);
        }
        let refuse = |kind, message: String| {
            Err(Error::new(kind, message).with_provider(self.provider).with_stats(ONE_ATTEMPT))
        };
        match self.files.contents.get(&key) {
            Some((bytes, _)) if bytes.len() > request.max_bytes => {
                let max = request.max_bytes;
                refuse(ErrorKind::InvalidResponse, format!("the file is larger than {max} bytes"))
            }
            Some((bytes, media_type)) => {
                let (bytes, media_type) = (bytes.clone(), media_type.clone());
                Ok(FileContent { bytes, media_type, stats: ONE_ATTEMPT })
            }
            None => refuse(ErrorKind::NotFound, format!("unknown file {key}")),
        }
    }
}
