//! Where a later answer goes on.

use std::hash::{DefaultHasher, Hash, Hasher};

use crate::error::ToolError;

/// A position in what a tool returns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Position {
    /// The number of the item, from 0.
    pub(crate) item: u64,
    /// The bytes of the item that were returned.
    pub(crate) offset: usize,
    /// The hash of the item if a part of it was returned, else of the item before it.
    pub(crate) anchor: u32,
}

/// Returns a cursor that continues this call.
pub(crate) fn write(call: u32, position: Position) -> String {
    let Position { item, offset, anchor } = position;
    let text = format!("{call:x}.{item:x}.{offset:x}.{anchor:x}");
    let check = hash(&text);
    format!("{text}.{check:x}")
}

/// Reads a cursor of this call.
///
/// # Errors
/// If it is broken, or from a call with other arguments.
pub(crate) fn read(text: &str, call: u32) -> Result<Position, ToolError> {
    let broken = || {
        ToolError::new("the cursor is broken").with_hint(
            "pass the cursor of the last answer unchanged, or leave it out to begin again",
        )
    };
    let (fields, check) = text.rsplit_once('.').ok_or_else(broken)?;
    if format!("{:x}", hash(fields)) != check {
        return Err(broken());
    }
    let numbers = fields.split('.').map(|field| u64::from_str_radix(field, 16));
    let numbers = numbers.collect::<Result<Vec<_>, _>>().map_err(|_| broken())?;
    let [of, item, offset, anchor] = numbers[..] else { return Err(broken()) };
    if of != u64::from(call) {
        return Err(ToolError::new("the cursor is from a call with other arguments").with_hint(
            "repeat all arguments of that call; only max_chars may differ. Or leave the cursor out to begin again",
        ));
    }
    let offset = usize::try_from(offset).map_err(|_| broken())?;
    let anchor = u32::try_from(anchor).map_err(|_| broken())?;
    if item == 0 && offset == 0 {
        return Err(broken());
    }
    Ok(Position { item, offset, anchor })
}

/// Returns a hash that is the same in every process of this program.
pub(crate) fn hash(value: impl Hash) -> u32 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    let hash = hasher.finish();
    #[allow(clippy::cast_possible_truncation, reason = "any half will do")]
    {
        (hash ^ (hash >> 32)) as u32
    }
}

#[cfg(test)]
mod tests {
    use super::{Position, read, write};

    #[test]
    fn reads_only_its_own_cursors() {
        let position = Position { item: 300, offset: 17, anchor: u32::MAX };
        let text = write(7, position);
        assert_eq!(read(&text, 7).unwrap(), position);
        assert!(read(&text, 8).unwrap_err().text().contains("other arguments"));
        for broken in
            ["", "x", "1.2.3.4.5", &text[1..], &format!("{text}0"), &text.to_uppercase(), "打印.机"]
        {
            assert!(read(broken, 7).unwrap_err().text().contains("broken"), "{broken}");
        }
    }
}
