//! An id that is accepted is one segment of the path of an address, and leads nowhere else. The first line, where there
//! are two, is the address below which it is put.

use ticket_core::{BaseUrl, TicketId};
use url::Url;

use crate::response::first_line;

const BASE: &str = "https://desk.example/prefix";
/// What is planted in place of a password.
const CANARY: &str = "canary-that-nobody-may-see";

/// Checks an id, and the address before it.
pub fn check(input: &[u8]) {
    let (base, id) = first_line(input);
    let base = str::from_utf8(base).ok().filter(|base| !base.is_empty()).unwrap_or(BASE);
    let Ok(id) = str::from_utf8(id) else { return };
    let with_password = BaseUrl::new(&format!("https://user:{CANARY}@{base}"));
    let refusal = with_password.expect_err("an address with a password in it");
    assert!(!format!("{refusal} {refusal:?}").contains(CANARY), "it is repeated: {refusal:?}");
    let Ok(base) = BaseUrl::new(base) else { return };
    let below = Url::parse(base.as_str()).expect("it was read before");
    assert!(below.scheme() == "https" || is_this_machine(below.host_str()), "{below}");
    assert!(below.username().is_empty() && below.password().is_none(), "{below}");
    let joined = match TicketId::new(id) {
        Ok(ticket) => {
            assert_eq!(ticket.as_str(), id);
            let joined = base.join(&[ticket.as_str()]);
            joined
                .unwrap_or_else(|error| panic!("{id} is an id and no part of an address: {error}"))
        }
        Err(error) => {
            let line = error.to_string();
            assert!(line.len() < 500 && !line.contains(char::is_control), "{line}");
            // What is no id may still be a segment; it must not be another address either.
            match base.join(&[id]) {
                Ok(joined) => joined,
                Err(_) => return,
            }
        }
    };
    assert_eq!(
        (joined.scheme(), joined.host_str(), joined.port_or_known_default()),
        (below.scheme(), below.host_str(), below.port_or_known_default())
    );
    assert_eq!((joined.query(), joined.fragment()), (None, None));
    let expected = format!("{}/{id}", below.path().trim_end_matches('/'));
    assert_eq!(joined.path(), expected);
    // A server that takes the address apart finds the same.
    let again = BaseUrl::new(joined.as_str()).expect("an address below a base is one");
    assert_eq!(again.as_str(), joined.as_str());
}

fn is_this_machine(host: Option<&str>) -> bool {
    host.is_some_and(|host| host == "localhost" || host == "[::1]" || host.starts_with("127."))
}
