//! A valid ticket id is one path segment of a URL on the same host. If the input has two lines, the first one is the base URL.

use ticket_core::{BaseUrl, TicketId};
use url::Url;

use crate::response::first_line;

const BASE: &str = "https://desk.example/prefix";
/// The password that is inserted into the base URL.
const CANARY: &str = "canary-that-must-not-be-printed";

/// Checks an id and its base URL.
pub fn check(input: &[u8]) {
    let (base, id) = first_line(input);
    let base = str::from_utf8(base).ok().filter(|base| !base.is_empty()).unwrap_or(BASE);
    let Ok(id) = str::from_utf8(id) else { return };
    let with_password = BaseUrl::new(&format!("https://user:{CANARY}@{base}"));
    let error = with_password.expect_err("a URL with a password");
    assert!(!format!("{error} {error:?}").contains(CANARY), "the password is printed: {error:?}");
    let Ok(base) = BaseUrl::new(base) else { return };
    let below = Url::parse(base.as_str()).expect("it was parsed before");
    assert!(below.scheme() == "https" || is_loopback(below.host_str()), "{below}");
    assert!(below.username().is_empty() && below.password().is_none(), "{below}");
    let joined = match TicketId::new(id) {
        Ok(ticket) => {
            assert_eq!(ticket.as_str(), id);
            let joined = base.join(&[ticket.as_str()]);
            joined.unwrap_or_else(|error| panic!("{id} is an id but no path segment: {error}"))
        }
        Err(error) => {
            let line = error.to_string();
            assert!(line.len() < 500 && !line.contains(char::is_control), "{line}");
            // Other text may still be a segment, and then must not change the URL either.
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
    // Parsing the URL again gives the same URL.
    let again = BaseUrl::new(joined.as_str()).expect("a URL below a base URL is valid");
    assert_eq!(again.as_str(), joined.as_str());
}

fn is_loopback(host: Option<&str>) -> bool {
    host.is_some_and(|host| host == "localhost" || host == "[::1]" || host.starts_with("127."))
}
