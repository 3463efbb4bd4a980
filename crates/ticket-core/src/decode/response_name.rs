//! The name of a response in front of a pointer: `list_messages[1]#/data/messages/0`.

/// Returns the name of a response: its operation, and its index among the responses of this operation.
pub(crate) fn response_name(operation: &str, index: usize) -> String {
    format!("{operation}[{index}]#")
}

/// Splits a pointer with the name of a response into the operation, the index and the pointer in this response.
///
/// Returns `None` for a pointer into the response of the ticket call, which has no name. The index of a rule is a name.
///
/// ```
/// use ticket_core::decode::split_response_name;
///
/// let parts = ("list_messages", "1", "/data/messages/0");
/// assert_eq!(split_response_name("list_messages[1]#/data/messages/0"), Some(parts));
/// assert_eq!(split_response_name("/data/odd[1]#/key"), None);
/// ```
pub fn split_response_name(pointer: &str) -> Option<(&str, &str, &str)> {
    if pointer.starts_with('/') {
        return None;
    }
    let (name, pointer) = pointer.split_once("]#")?;
    let (operation, index) = name.split_once('[')?;
    Some((operation, index, pointer))
}
