//! Exact responses.

use jiff::Timestamp;
use rusqlite::{Connection, params};
use ticket_core::Response;

use crate::error::MirrorError;
use crate::source::SourceKey;
use crate::time;

/// Favours speed: a higher level takes twice the time for a tenth less space.
const LEVEL: i32 = 1;

/// The key of a stored response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RawKey(pub(crate) i64);

/// Stores a response.
pub(crate) fn store(
    connection: &Connection,
    source: SourceKey,
    response: &Response,
) -> Result<RawKey, MirrorError> {
    let body = compress(&response.body)?;
    let received = time::text(response.received_at.unwrap_or_else(Timestamp::now));
    connection
        .prepare_cached(
            "INSERT INTO raw (source, operation, received_at, body) VALUES (?1, ?2, ?3, ?4)",
        )?
        .execute(params![source.0, response.operation, received, body])?;
    Ok(RawKey(connection.last_insert_rowid()))
}

/// Compresses the body of a response.
pub(crate) fn compress(body: &[u8]) -> Result<Vec<u8>, MirrorError> {
    zstd::bulk::compress(body, LEVEL).map_err(|error| MirrorError::Damaged(error.to_string()))
}

/// Returns the body of a stored response.
pub(crate) fn body(compressed: &[u8]) -> Result<Vec<u8>, MirrorError> {
    zstd::stream::decode_all(compressed)
        .map_err(|error| MirrorError::Damaged(format!("a stored response: {error}")))
}
