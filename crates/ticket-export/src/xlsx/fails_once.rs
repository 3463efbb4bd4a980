//! A file for an archive.

use std::io::{self, Seek, SeekFrom, Write};

/// Reports the first error only, and pretends to write afterwards. A dropped archive tries to write its end, and would print the
/// next error.
pub(super) struct FailsOnce<W> {
    inner: W,
    position: u64,
    has_failed: bool,
}

impl<W> FailsOnce<W> {
    pub(super) fn new(inner: W) -> Self {
        Self { inner, position: 0, has_failed: false }
    }

    fn attempt<T>(
        &mut self,
        pretended: T,
        run: impl FnOnce(&mut W) -> io::Result<T>,
    ) -> io::Result<T> {
        if self.has_failed {
            return Ok(pretended);
        }
        let result = run(&mut self.inner);
        self.has_failed = result.is_err();
        result
    }
}

impl<W: Write> Write for FailsOnce<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.attempt(bytes.len(), |inner| inner.write(bytes))?;
        self.position += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.attempt((), Write::flush)
    }
}

impl<W: Seek> Seek for FailsOnce<W> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let pretended = match to {
            SeekFrom::Start(position) => position,
            SeekFrom::Current(by) => self.position.saturating_add_signed(by),
            SeekFrom::End(_) => self.position,
        };
        self.position = self.attempt(pretended, |inner| inner.seek(to))?;
        Ok(self.position)
    }
}

#[cfg(test)]
mod tests {
    use std::io::{self, Cursor, Seek, SeekFrom, Write};

    use zip::write::SimpleFileOptions;
    use zip::{CompressionMethod, ZipWriter};

    use super::FailsOnce;

    /// As on a full disk.
    #[test]
    fn archive_of_a_file_that_fails_ends_without_panic() {
        struct Full(Cursor<Vec<u8>>);
        impl Write for Full {
            fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
                if self.0.position() > 100_000 {
                    return Err(io::ErrorKind::StorageFull.into());
                }
                self.0.write(bytes)
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        impl Seek for Full {
            fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
                self.0.seek(to)
            }
        }
        let mut archive = ZipWriter::new(FailsOnce::new(Full(Cursor::default())));
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
        archive.start_file("a", options).unwrap();
        let error = (0..100).find_map(|_| archive.write_all(&[0; 4_096]).err()).unwrap();
        assert_eq!(error.kind(), io::ErrorKind::StorageFull);
        drop(archive);
    }
}
