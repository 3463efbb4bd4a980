//! How a service is accessed: the credentials and the base URL. Replaces the code of the example, which uses a bearer token and one
//! base URL for all customers.

use anyhow::{Context, Result, bail, ensure};
use ticket_core::BaseUrl;

/// Headers that the HTTP client sets itself.
const TAKEN: [&str; 9] = [
    "accept",
    "accept-encoding",
    "connection",
    "content-length",
    "content-type",
    "host",
    "te",
    "transfer-encoding",
    "user-agent",
];

/// The base URL of the example.
const EXAMPLE_URL: &str = "https://api.acorn.example";

/// The credentials and the base URL of a service.
#[derive(Debug, Default)]
pub(super) struct Access<'a> {
    auth: Auth<'a>,
    base_url: Address<'a>,
}

/// How a request is authorized.
#[derive(Debug, Default)]
enum Auth<'a> {
    #[default]
    Bearer,
    /// `Authorization: WORD TOKEN`
    Scheme(&'a str),
    /// HTTP Basic, with a user and a password.
    Basic,
    /// A secret header of this name.
    Header(&'a str),
}

/// The base URL of a service.
#[derive(Debug, Default)]
enum Address<'a> {
    #[default]
    Placeholder,
    Documented(&'a str),
    PerCustomer,
}

impl<'a> Access<'a> {
    /// Parses the values of `--auth` and `--base-url`.
    ///
    /// # Errors
    /// If a value is unknown or cannot be sent.
    pub(super) fn parse(auth: Option<&'a str>, base_url: Option<&'a str>) -> Result<Self> {
        let auth = auth.map_or(Ok(Auth::default()), Auth::parse)?;
        let base_url = match base_url {
            None => Address::Placeholder,
            Some("none") => Address::PerCustomer,
            Some(text) => {
                BaseUrl::new(text).with_context(|| {
                    format!("invalid --base-url {text:?}: write an https URL, or `none`")
                })?;
                Address::Documented(text)
            }
        };
        Ok(Self { auth, base_url })
    }

    /// Returns the base URL of the example and what replaces it.
    pub(super) fn renamed_url(&self) -> Option<(&'static str, String)> {
        let Address::Documented(text) = self.base_url else { return None };
        // A string literal, without its quotes.
        let literal = format!("{:?}", text.trim_end_matches('/'));
        Some((EXAMPLE_URL, literal[1..literal.len() - 1].to_owned()))
    }

    /// Replaces the code of the example, in all files together.
    ///
    /// # Errors
    /// If the example does not contain a text that is replaced.
    pub(super) fn replace(&self, files: &mut [(String, String)]) -> Result<()> {
        let base_url = match self.base_url {
            Address::PerCustomer => PER_CUSTOMER,
            Address::Placeholder | Address::Documented(_) => &[],
        };
        for (old, new) in
            base_url.iter().chain(if let Auth::Basic = self.auth { BASIC } else { &[] })
        {
            replace(files, old, new)?;
        }
        let call = match self.auth {
            Auth::Bearer | Auth::Basic => return Ok(()),
            Auth::Scheme(word) => format!("with_scheme({word:?}, &token)"),
            Auth::Header(name) => format!("with({name:?}, &token)"),
        };
        replace(files, "with_bearer(&token)", &call)
    }
}

fn replace(files: &mut [(String, String)], old: &str, new: &str) -> Result<()> {
    ensure!(
        files.iter().any(|(_, text)| text.contains(old)),
        "{} has no text to replace: {old}",
        super::EXAMPLE
    );
    for (_, text) in files {
        *text = text.replace(old, new);
    }
    Ok(())
}

impl<'a> Auth<'a> {
    fn parse(text: &'a str) -> Result<Self> {
        let is_word = |text: &str, is_allowed: fn(char) -> bool| {
            text.starts_with(|first: char| first.is_ascii_alphabetic())
                && text.chars().all(|it| is_allowed(it) || it == '-')
        };
        Ok(match text.split_once(':').unwrap_or((text, "")) {
            ("bearer", "") => Self::Bearer,
            ("basic", "") => Self::Basic,
            ("scheme", word) => {
                ensure!(
                    is_word(word, |it| it.is_ascii_alphanumeric()),
                    "invalid scheme {word:?} of --auth: use letters, digits and -, as in scheme:token"
                );
                Self::Scheme(word)
            }
            ("header", name) => {
                ensure!(
                    is_word(name, |it| it.is_ascii_lowercase() || it.is_ascii_digit()),
                    "invalid header {name:?} of --auth: use lower-case letters, digits and -, as in header:x-api-key"
                );
                ensure!(
                    !TAKEN.contains(&name),
                    "invalid header {name:?} of --auth: the HTTP client sets it itself"
                );
                Self::Header(name)
            }
            _ => bail!("invalid --auth {text:?}: use bearer, scheme:WORD, basic or header:NAME"),
        })
    }
}

/// The code for a base URL that each customer sets.
const PER_CUSTOMER: &[(&str, &str)] = &[
    // request.rs
    (
        "/// The documented base URL of the API.\npub const BASE_URL: &str = \"https://api.acorn.example\";\n\n",
        "",
    ),
    // lib.rs
    ("request::{BASE_URL, get_ticket}", "request::get_ticket"),
    // source.rs
    ("AcornDesk, BASE_URL, PROVIDER", "AcornDesk, PROVIDER"),
    (
        "a builder with the documented base URL and no credentials",
        "a builder without base URL and credentials",
    ),
    (
        "Sets another base URL than [`BASE_URL`].",
        "Sets the base URL, which is required: each customer has one.",
    ),
    ("if the base URL is\n    /// invalid", "if the base URL is\n    /// missing or invalid"),
    ("Some(BASE_URL)", "None"),
    // tests/contract.rs
    (
        "    .secret(TOKEN)\n",
        "    .rejects_configuration(\"no base URL\", |_, _| AcornDeskSource::builder().token(TOKEN).build())\n    .secret(TOKEN)\n",
    ),
    // README.md
    (".token(\"token\")", ".base_url(\"https://desk.example.com\").token(\"token\")"),
    // ticket-cli.rs
    ("AcornDeskSource, BASE_URL", "AcornDeskSource"),
    (".default(BASE_URL)", ".required()"),
];

/// The code for a user and a password.
const BASIC: &[(&str, &str)] = &[
    // source.rs
    ("    token: Option<Secret>,\n    config", "    user: Option<(String, Secret)>,\n    config"),
    (
        "    /// Sets the API token, which is required.\n    \
             pub fn token(mut self, token: impl Into<Secret>) -> Self {\n        \
                 self.token = Some(token.into());\n",
        "    /// Sets the user and the password, which are required.\n    \
             pub fn user(mut self, name: impl Into<String>, password: impl Into<Secret>) -> Self {\n        \
                 self.user = Some((name.into(), password.into()));\n",
    ),
    ("if the token is missing or cannot", "if the user or the password is missing or cannot"),
    ("let Self { token, config } = self;", "let Self { user, config } = self;"),
    ("|_| authorization(token)", "|_| authorization(user)"),
    (
        "fn authorization(token: Option<Secret>) -> Result<Authorization, Error> {\n    \
             let Some(token) = token.filter(|token| !token.is_empty()) else {\n        \
                 return Err(Error::new(ErrorKind::Configuration, \"the token is missing\"));\n    \
             };\n    \
             Authorization::default().with_bearer(&token)\n",
        "fn authorization(user: Option<(String, Secret)>) -> Result<Authorization, Error> {\n    \
             let user = user.filter(|(name, password)| !name.is_empty() && !password.is_empty());\n    \
             let Some((name, password)) = user else {\n        \
                 return Err(Error::new(ErrorKind::Configuration, \"the user or the password is missing\"));\n    \
             };\n    \
             Authorization::default().with_basic(&name, &password)\n",
    ),
    // tests/contract.rs
    ("\"no token\"", "\"no user\""),
    ("\"an empty token\"", "\"an empty password\""),
    (".token(\"\")", ".user(\"user\", \"\")"),
    (".token(TOKEN)", ".user(\"user\", PASSWORD)"),
    (".secret(TOKEN)", ".secret(PASSWORD)"),
    ("const TOKEN: &str = \"canary/token+1\";", "const PASSWORD: &str = \"canary/password+1\";"),
    // README.md
    (".token(\"token\")", ".user(\"user\", \"password\")"),
    // ticket-cli.rs
    (
        "        Setting::secret(\"token\", \"ACORN_TOKEN\").required(),\n",
        "        Setting::visible(\"user\", \"ACORN_USER\").required(),\n        \
                 Setting::secret(\"password\", \"ACORN_PASSWORD\").required(),\n",
    ),
    (
        "    if let Some(token) = values.secret(\"token\") {\n        builder = builder.token(token);\n",
        "    if let (Some(user), Some(password)) = (values.text(\"user\"), values.secret(\"password\")) {\n        \
                 builder = builder.user(user, password);\n",
    ),
];

#[cfg(test)]
mod tests {
    use super::Access;

    #[test]
    fn refuses_words_that_cannot_be_sent() {
        for (auth, base_url, message) in [
            (
                Some("oauth"),
                None,
                "invalid --auth \"oauth\": use bearer, scheme:WORD, basic or header:NAME",
            ),
            (Some(""), None, "invalid --auth \"\""),
            (Some("bearer:x"), None, "invalid --auth \"bearer:x\""),
            (Some("basic:x"), None, "invalid --auth \"basic:x\""),
            (Some("scheme"), None, "invalid scheme \"\" of --auth"),
            (Some("scheme:a b"), None, "invalid scheme \"a b\" of --auth"),
            (Some("scheme:a\"b"), None, "invalid scheme"),
            (Some("header"), None, "invalid header \"\" of --auth"),
            (
                Some("header:X-Key"),
                None,
                "invalid header \"X-Key\" of --auth: use lower-case letters",
            ),
            (Some("header:a:b"), None, "invalid header \"a:b\""),
            (
                Some("header:host"),
                None,
                "invalid header \"host\" of --auth: the HTTP client sets it",
            ),
            (None, Some("api.acme.example"), "invalid --base-url \"api.acme.example\""),
            (None, Some("http://acme.example"), "write an https URL, or `none`"),
            (None, Some(""), "invalid --base-url \"\""),
        ] {
            let error = format!("{:#}", Access::parse(auth, base_url).unwrap_err());
            assert!(error.contains(message), "{auth:?} {base_url:?}: {error}");
        }
    }

    #[test]
    fn refuses_an_example_without_the_text_to_replace() {
        let access = Access::parse(Some("scheme:token"), None).unwrap();
        let mut files = vec![("source.rs".to_owned(), "nothing".to_owned())];
        let error = access.replace(&mut files).unwrap_err().to_string();
        assert_eq!(error, "docs/example-provider has no text to replace: with_bearer(&token)");
    }
}
