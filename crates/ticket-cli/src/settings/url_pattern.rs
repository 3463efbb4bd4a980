//! The web addresses of tickets, so that a pasted address names a ticket.

/// Where the id is in an address.
const ID: &str = "{id}";
/// What ends an id in an address.
const DELIMITERS: [char; 4] = ['/', '?', '#', '&'];

/// The web address of a ticket, with `{id}` in place of the id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct UrlPattern {
    /// The address up to the id.
    start: String,
    /// The length of the scheme and the host, which have no case.
    origin: usize,
    /// The address after the id.
    end: String,
}

impl UrlPattern {
    /// Parses a pattern such as `https://desk.example.com/tickets/{id}`.
    ///
    /// # Errors
    /// The problem, as a phrase that follows the key.
    pub(super) fn parse(text: &str) -> Result<Self, &'static str> {
        let mut parts = text.split(ID);
        let (Some(start), Some(end), None) = (parts.next(), parts.next(), parts.next()) else {
            return Err("must have {id} once, in place of the id");
        };
        let host = is_url(start).then(|| start.find("://")).flatten();
        let path = host.and_then(|host| Some(host + 3 + start[host + 3..].find('/')?));
        let origin = path.ok_or("must begin with https:// and a host, and have {id} after it")?;
        Ok(Self { start: start.to_owned(), origin, end: end.to_owned() })
    }

    /// Returns the id in an address; `None` if it is not that of a ticket. What follows a ticket's own address does not count.
    pub(crate) fn id<'u>(&self, url: &'u str) -> Option<&'u str> {
        let (start, rest) = url.split_at_checked(self.start.len())?;
        let (origin, path) = start.split_at_checked(self.origin)?;
        let (own_origin, own_path) = self.start.split_at(self.origin);
        if !origin.eq_ignore_ascii_case(own_origin) || path != own_path {
            return None;
        }
        let (id, more) = if self.end.is_empty() {
            rest.split_at(rest.find(DELIMITERS).unwrap_or(rest.len()))
        } else {
            rest.split_once(&*self.end)?
        };
        let is_whole = !id.is_empty() && !id.contains(DELIMITERS);
        (is_whole && (more.is_empty() || more.starts_with(DELIMITERS))).then_some(id)
    }
}

/// Returns whether a text is a web address.
pub(crate) fn is_url(text: &str) -> bool {
    ["https://", "http://"]
        .iter()
        .any(|scheme| text.get(..scheme.len()).is_some_and(|it| it.eq_ignore_ascii_case(scheme)))
}

#[cfg(test)]
mod tests {
    use super::UrlPattern;

    #[test]
    fn finds_the_id_in_an_address() {
        for (pattern, url, id) in [
            ("https://a.example/tickets/{id}", "https://a.example/tickets/12", Some("12")),
            ("https://a.example/tickets/{id}", "HTTPS://A.Example/tickets/12?tab=1", Some("12")),
            ("https://a.example/tickets/{id}", "https://a.example/tickets/12#m3", Some("12")),
            ("https://a.example/tickets/{id}", "https://a.example/tickets/12/history", Some("12")),
            ("https://a.example/tickets/{id}", "https://a.example/tickets/", None),
            ("https://a.example/tickets/{id}", "https://a.example/Tickets/12", None),
            ("https://a.example/tickets/{id}", "https://a.example.org/tickets/12", None),
            ("https://a.example/tickets/{id}", "http://a.example/tickets/12", None),
            ("https://a.example/t?id={id}", "https://a.example/t?id=12&x=1", Some("12")),
            ("https://a.example/{id}/view", "https://a.example/12/view#x", Some("12")),
            ("https://a.example/{id}/view", "https://a.example/12/viewer", None),
            ("https://a.example/{id}/view", "https://a.example/a/b/view", None),
            ("https://a.example/{id}.html", "https://a.example/12.html", Some("12")),
            ("https://a.example/{id}", "https://a.example/é", Some("é")),
            ("https://a.example/工单/{id}", "https://a.example/工é单/12", None),
        ] {
            assert_eq!(UrlPattern::parse(pattern).unwrap().id(url), id, "{pattern} {url}");
        }
    }

    #[test]
    fn refuses_patterns_that_cannot_name_a_ticket() {
        for pattern in [
            "",
            "{id}",
            "https://{id}",
            "https://a.example",
            "https://a.example/{id}/{id}",
            "https://{id}.example/t",
            "ftp://a.example/{id}",
            "a.example/{id}",
        ] {
            assert!(UrlPattern::parse(pattern).is_err(), "{pattern}");
        }
    }
}
