//! How a service wants to be logged in to, and the pieces of code that say so.

use std::fmt::Write as _;

use anyhow::{Result, bail, ensure};

use crate::generated::TAKES;

/// How credentials are sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Login {
    /// `Authorization: Bearer TOKEN`
    Bearer,
    /// `Authorization: Basic …`, of a user and a password.
    Basic,
    /// A header of this name.
    Header(String),
}

/// A credential: its key, as the config file and the builder call it, and how people call it.
#[derive(Debug, Clone, Copy)]
struct Credential {
    key: &'static str,
    words: &'static str,
    is_secret: bool,
}

const TOKEN: &[Credential] = &[Credential { key: "token", words: "the token", is_secret: true }];
const KEY: &[Credential] = &[Credential { key: "api_key", words: "the API key", is_secret: true }];
const PAIR: &[Credential] = &[
    Credential { key: "user", words: "the user", is_secret: false },
    Credential { key: "password", words: "the password", is_secret: true },
];

impl Login {
    /// From the word of the command line.
    ///
    /// # Errors
    /// Says which words there are.
    pub(super) fn of(word: &str) -> Result<Self> {
        if let Some(name) = word.strip_prefix("header:") {
            let is_name = !name.is_empty()
                && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
            ensure!(
                is_name,
                "`{name}` is no name of a header; one looks like `--auth header:X-Api-Key`"
            );
            return Ok(Self::Header(name.to_lowercase()));
        }
        match word {
            "bearer" => Ok(Self::Bearer),
            "basic" => Ok(Self::Basic),
            _ => bail!("`--auth {word}` is none of bearer, basic and header:NAME"),
        }
    }

    fn credentials(&self) -> &'static [Credential] {
        match self {
            Self::Bearer => TOKEN,
            Self::Basic => PAIR,
            Self::Header(_) => KEY,
        }
    }

    /// What takes the places of the marks in the templates.
    pub(super) fn marks(&self, provider: &str, source: &str) -> Vec<(&'static str, String)> {
        let all = self.credentials();
        let lines = |line: &dyn Fn(&Credential) -> String| {
            all.iter().map(line).collect::<Vec<_>>().join("\n")
        };
        let with = |value: &dyn Fn(&str) -> String| {
            let one = |it: &Credential| format!(".{}({})", it.key, value(it.key));
            all.iter().map(one).collect::<Vec<_>>().concat()
        };
        let name = |key: &str| key.to_uppercase();
        vec![
            (
                "FIELDS",
                lines(&|it| {
                    format!(
                        "{}: Option<{}>,",
                        it.key,
                        if it.is_secret { "Secret" } else { "String" }
                    )
                }),
            ),
            ("NAMES", all.iter().map(|it| it.key).collect::<Vec<_>>().join(", ")),
            ("METHODS", lines(&|it| method(*it))),
            ("WITH", with(&|key| format!("{:?}", key.replace('_', "-")))),
            (
                "WITH_CANARY",
                with(&|key| {
                    if key == "user" { "\"user\"".to_owned() } else { "\"canary/1\"".to_owned() }
                }),
            ),
            (
                "WITH_SECRETS",
                with(&|key| if key == "user" { "\"user\"".to_owned() } else { name(key) }),
            ),
            (
                "SECRETS",
                lines(&|it| {
                    let Credential { key, is_secret, .. } = it;
                    if *is_secret {
                        format!("const {}: &str = \"canary/{key}+1\";", name(key))
                    } else {
                        String::new()
                    }
                })
                .trim()
                .to_owned(),
            ),
            (
                "SAY_SECRETS",
                lines(&|it| {
                    if it.is_secret { format!(".secret({})", name(it.key)) } else { String::new() }
                })
                .trim()
                .to_owned(),
            ),
            ("AUTHORIZATION", self.authorization()),
            ("REFUSED", self.refused(source)),
            (
                "SETTINGS",
                lines(&|it| {
                    let sort = if it.is_secret { "secret" } else { "visible" };
                    format!(
                        "Setting::{sort}({:?}, {:?}).required(),",
                        it.key,
                        variable(provider, it.key)
                    )
                }),
            ),
            (
                "FROM_SETTINGS",
                lines(&|it| {
                    let Credential { key, is_secret, .. } = it;
                    let get = if *is_secret { "secret" } else { "text" };
                    format!(
                        "if let Some({key}) = values.{get}({key:?}) {{ builder = builder.{key}({key}); }}"
                    )
                }),
            ),
            (
                "EXPORTS",
                lines(&|it| {
                    format!("    println!(\"export {}=anything\");", variable(provider, it.key))
                }),
            ),
        ]
    }

    fn authorization(&self) -> String {
        let mut text = String::new();
        for Credential { key, words, .. } in self.credentials() {
            writeln!(
                text,
                "let Some({key}) = {key}.filter(|{key}| !{key}.is_empty()) else {{ return Err(Error::new(ErrorKind::Configuration, \"{words} is missing\")); }};"
            ).expect(TAKES);
        }
        let with = match self {
            Self::Bearer => "with_bearer(&token)".to_owned(),
            Self::Basic => "with_basic(&user, &password)".to_owned(),
            Self::Header(name) => format!("with({name:?}, &api_key)"),
        };
        text + &format!("Authorization::default().{with}")
    }

    /// The builders that are refused, with what they are told.
    fn refused(&self, source: &str) -> String {
        let mut rows = String::new();
        for (index, Credential { words, .. }) in self.credentials().iter().enumerate() {
            let before = self.credentials()[..index].iter();
            let before: Vec<_> = before.map(|it| format!(".{}(\"x\")", it.key)).collect();
            let before = before.concat();
            writeln!(rows, "({source}::builder(){before}, \"{words} is missing\"),").expect(TAKES);
        }
        for Credential { key, words, .. } in self.credentials() {
            writeln!(rows, "(builder().{key}(\"\"), \"{words} is missing\"),").expect(TAKES);
        }
        if *self == Self::Basic {
            rows += "(builder().user(\"a:b\"), \"HTTP Basic cannot carry a user name that has a colon\"),\n";
        }
        let (last, header) = match self {
            Self::Bearer => ("token", "authorization"),
            Self::Basic => return rows,
            Self::Header(name) => ("api_key", name.as_str()),
        };
        rows + &format!(
            "(builder().{last}(\"a\\n\"), \"a credential has characters that the header {header} cannot carry\"),"
        )
    }
}

fn variable(provider: &str, key: &str) -> String {
    format!("{provider}_{key}").to_uppercase()
}

/// The method of the builder.
fn method(Credential { key, words, is_secret }: Credential) -> String {
    let what = if is_secret { "Secret" } else { "String" };
    let words = words.strip_prefix("the ").unwrap_or(words);
    format!(
        "/// The {words} of an account that may read tickets.\n\
         pub fn {key}(mut self, {key}: impl Into<{what}>) -> Self {{\n    self.{key} = Some({key}.into());\n    self\n}}\n"
    )
}

#[cfg(test)]
mod tests {
    use super::Login;

    #[test]
    fn a_login_is_one_of_three() {
        assert_eq!(Login::of("bearer").unwrap(), Login::Bearer);
        assert_eq!(Login::of("basic").unwrap(), Login::Basic);
        assert_eq!(Login::of("header:X-Api-Key").unwrap(), Login::Header("x-api-key".to_owned()));
        for (word, said) in [
            ("oauth", "none of bearer"),
            ("header:", "no name of a header"),
            ("header:a b", "no name"),
        ] {
            let error = Login::of(word).unwrap_err().to_string();
            assert!(error.contains(said), "{error}");
        }
    }
}
