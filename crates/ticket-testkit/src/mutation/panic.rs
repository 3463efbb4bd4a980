//! The message of a caught panic.

use std::any::Any;

/// Returns the message of a panic; empty if it is not text.
pub(crate) fn message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().cloned();
    let text = text.or_else(|| panic.downcast_ref().map(|text: &&str| (*text).to_owned()));
    text.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::message;

    #[test]
    fn returns_text_messages() {
        assert_eq!(message(&"literal"), "literal");
        assert_eq!(message(&"formatted".to_owned()), "formatted");
        assert_eq!(message(&7), "");
    }
}
