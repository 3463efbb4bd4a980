//! What a panic that was caught says.

use std::any::Any;

/// The message of a panic; nothing where it is no text.
pub(crate) fn message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().cloned();
    let text = text.or_else(|| panic.downcast_ref().map(|text: &&str| (*text).to_owned()));
    text.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::message;

    #[test]
    fn a_panic_is_told_by_its_text_if_it_has_one() {
        assert_eq!(message(&"written"), "written");
        assert_eq!(message(&"put together".to_owned()), "put together");
        assert_eq!(message(&7), "");
    }
}
