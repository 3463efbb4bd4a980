//! A file of an export, whose checksum is computed on another thread while it is written.

use std::fs::File;
use std::io::{self, Write};
use std::mem;
use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{self, JoinHandle};

use sha2::{Digest, Sha256};

use crate::bag::hexadecimal;
use crate::error::ExportError;

/// How much is written and hashed at once.
const PART_BYTES: usize = 1 << 18;
/// How many parts may wait for the hash.
const WAITING_PARTS: usize = 4;

/// The size and the SHA-256 of a file.
#[derive(Debug, Clone)]
pub(crate) struct Checksum {
    pub(crate) bytes: u64,
    pub(crate) sha256: String,
}

/// A file that is being written.
pub(crate) struct Payload {
    file: File,
    bytes: u64,
    /// What is not written yet.
    part: Vec<u8>,
    written: SyncSender<Vec<u8>>,
    /// Parts that were hashed, to be filled again.
    hashed: Receiver<Vec<u8>>,
    hash: JoinHandle<String>,
}

impl Payload {
    pub(crate) fn create(path: &Path) -> Result<Self, ExportError> {
        let file = File::create(path).map_err(ExportError::at(path))?;
        let (written, parts) = sync_channel(WAITING_PARTS);
        let (done, hashed) = sync_channel(WAITING_PARTS);
        let hash = thread::Builder::new().spawn(move || hash(&parts, &done));
        let hash = hash.map_err(ExportError::at(path))?;
        Ok(Self { file, bytes: 0, part: Vec::with_capacity(PART_BYTES), written, hashed, hash })
    }

    /// Waits until all is on the disk.
    pub(crate) fn finish(mut self) -> io::Result<Checksum> {
        self.flush()?;
        let Self { file, bytes, written, hash, .. } = self;
        drop(written);
        file.sync_all()?;
        let sha256 = hash.join().map_err(|_| io::Error::other("the checksum failed"))?;
        Ok(Checksum { bytes, sha256 })
    }
}

/// Hashes parts until there are no more.
fn hash(parts: &Receiver<Vec<u8>>, done: &SyncSender<Vec<u8>>) -> String {
    let mut hash = Sha256::new();
    for mut part in parts {
        hash.update(&part);
        part.clear();
        // If nobody needs it, it is dropped.
        let _ = done.try_send(part);
    }
    hexadecimal(&hash.finalize())
}

impl Write for Payload {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.part.len() + bytes.len() > PART_BYTES {
            self.flush()?;
        }
        self.part.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.write_all(&self.part)?;
        self.bytes += self.part.len() as u64;
        let next = self.hashed.try_recv().unwrap_or_else(|_| Vec::with_capacity(PART_BYTES));
        let part = mem::replace(&mut self.part, next);
        self.written.send(part).map_err(|_| io::Error::other("the checksum failed"))
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::io::Write;

    use super::{PART_BYTES, Payload};
    use crate::bag::checksum;

    #[test]
    fn checksum_is_that_of_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        for sizes in [&[][..], &[1, 0, 2], &[PART_BYTES, 1, 3 * PART_BYTES], &[1 << 15; 200]] {
            let mut out = Payload::create(&path).unwrap();
            let mut expected = Vec::new();
            for (number, size) in sizes.iter().enumerate() {
                let bytes = vec![u8::try_from(number).unwrap(); *size];
                out.write_all(&bytes).unwrap();
                expected.extend(bytes);
            }
            let sum = out.finish().unwrap();
            assert_eq!(sum.bytes, expected.len() as u64);
            assert_eq!(sum.sha256, checksum(&path).unwrap());
            assert!(fs::read(&path).unwrap() == expected, "{sizes:?}");
        }
    }
}
