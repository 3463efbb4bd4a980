//! The sources of a mirror.

use rusqlite::{Connection, OptionalExtension, params};
use ticket_core::Account;

use crate::error::MirrorError;
use crate::mirror::Mirror;

/// Which account a source is, and the name under which people know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceIdentity {
    /// The name: `feishu`, or `feishu@prod` for a profile.
    pub name: String,
    /// The name of the provider.
    pub provider: String,
    /// The base URL; empty if there is none.
    pub base_url: String,
    /// The id of the helpdesk, or else the profile; empty if there is neither.
    pub helpdesk_id: String,
}

impl SourceIdentity {
    /// Returns the identity of an account, with this name: `feishu`, or `feishu@prod` for a profile.
    ///
    /// Without the id of a helpdesk, the profile tells two accounts of the same service apart.
    pub fn new(name: impl Into<String>, account: &Account) -> Self {
        let name = name.into();
        let profile = name.split_once('@').map(|(_, profile)| profile.to_owned());
        Self {
            name,
            provider: account.provider.to_owned(),
            base_url: account.base_url.clone().unwrap_or_default(),
            helpdesk_id: account.helpdesk_id.clone().or(profile).unwrap_or_default(),
        }
    }

    /// Returns the account in words.
    fn account(&self) -> String {
        let parts = [&self.provider, &self.base_url, &self.helpdesk_id];
        let parts: Vec<_> =
            parts.iter().filter(|part| !part.is_empty()).map(|part| &***part).collect();
        parts.join(" ")
    }
}

/// The key of a source in the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SourceKey(pub(crate) i64);

/// Returns the key of the source; adds it if it is new. An account that is known under another name gets the new name.
///
/// # Errors
/// [`MirrorError::OtherAccount`] if the name belongs to another account.
pub(crate) fn register(
    connection: &Connection,
    source: &SourceIdentity,
) -> Result<SourceKey, MirrorError> {
    let SourceIdentity { name, provider, base_url, helpdesk_id } = source;
    let of_name = find(connection, name)?;
    if let Some((_, known)) = &of_name
        && known != source
    {
        let (known, found) = (known.account(), source.account());
        let path = connection.path().unwrap_or_default().into();
        return Err(MirrorError::OtherAccount { path, name: name.clone(), known, found });
    }
    if let Some((key, _)) = of_name {
        return Ok(key);
    }
    // Without RETURNING: the statement would be committed only after its row was read, and an error of the commit would be lost.
    connection.execute(
        "INSERT INTO source (name, provider, base_url, helpdesk_id) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (provider, base_url, helpdesk_id) DO UPDATE SET name = excluded.name",
        params![name, provider, base_url, helpdesk_id],
    )?;
    let key =
        connection.query_row("SELECT key FROM source WHERE name = ?1", [name], |row| row.get(0))?;
    Ok(SourceKey(key))
}

fn find(
    connection: &Connection,
    name: &str,
) -> Result<Option<(SourceKey, SourceIdentity)>, MirrorError> {
    let mut statement = connection.prepare_cached(
        "SELECT key, name, provider, base_url, helpdesk_id FROM source WHERE name = ?1",
    )?;
    let found = statement.query_row([name], |row| {
        let identity = SourceIdentity {
            name: row.get(1)?,
            provider: row.get(2)?,
            base_url: row.get(3)?,
            helpdesk_id: row.get(4)?,
        };
        Ok((SourceKey(row.get(0)?), identity))
    });
    Ok(found.optional()?)
}

impl Mirror {
    /// Returns the sources, in the order of their names.
    ///
    /// # Errors
    /// [`MirrorError::Database`].
    pub fn sources(&self) -> Result<Vec<SourceIdentity>, MirrorError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT name, provider, base_url, helpdesk_id FROM source ORDER BY name",
        )?;
        let rows = statement.query_map([], |row| {
            Ok(SourceIdentity {
                name: row.get(0)?,
                provider: row.get(1)?,
                base_url: row.get(2)?,
                helpdesk_id: row.get(3)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Returns the name of a source: of the provider with this profile; without any profile it is also the only source of its provider.
    ///
    /// # Errors
    /// [`MirrorError::AmbiguousSource`], [`MirrorError::Database`].
    pub fn source_name(
        &self,
        provider: &str,
        profile: Option<&str>,
    ) -> Result<String, MirrorError> {
        if let Some(profile) = profile {
            return Ok(format!("{provider}@{profile}"));
        }
        let sources = self.sources()?.into_iter().filter(|source| source.provider == provider);
        let mut names: Vec<_> = sources.map(|source| source.name).collect();
        if names.is_empty() || names.iter().any(|name| name == provider) {
            return Ok(provider.to_owned());
        }
        if names.len() > 1 {
            return Err(MirrorError::AmbiguousSource { provider: provider.to_owned(), names });
        }
        Ok(names.remove(0))
    }

    /// Returns the key of a source that the mirror knows.
    ///
    /// # Errors
    /// [`MirrorError::UnknownSource`], and [`MirrorError::OtherAccount`] if the name belongs to another account.
    pub(crate) fn known_source(&self, source: &SourceIdentity) -> Result<SourceKey, MirrorError> {
        self.source_key(&source.name)?;
        register(&self.connection, source)
    }

    /// Returns the key of the source of this name.
    pub(crate) fn source_key(&self, name: &str) -> Result<SourceKey, MirrorError> {
        let found = find(&self.connection, name)?;
        found.map(|(key, _)| key).ok_or_else(|| MirrorError::UnknownSource {
            name: name.to_owned(),
            path: self.path().to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use ticket_core::Account;

    use super::{SourceIdentity, register};
    use crate::error::MirrorError;
    use crate::mirror::Mirror;

    fn identity(name: &str, base_url: &str) -> SourceIdentity {
        SourceIdentity {
            name: name.into(),
            provider: "acme".into(),
            base_url: base_url.into(),
            helpdesk_id: String::new(),
        }
    }

    #[test]
    fn refuses_another_account_under_a_known_name() {
        let folder = tempfile::tempdir().unwrap();
        let mirror = Mirror::open(folder.path().join("mirror.db")).unwrap();
        let one = identity("acme", "https://one.example");
        let key = register(&mirror.connection, &one).unwrap();
        assert_eq!(register(&mirror.connection, &one).unwrap(), key);
        let error = register(&mirror.connection, &identity("acme", "https://two.example"));
        assert!(matches!(error, Err(MirrorError::OtherAccount { .. })), "{error:?}");
    }

    /// Their tickets may have the same ids.
    #[test]
    fn keeps_two_profiles_of_a_service_without_helpdesk_ids_apart() {
        let folder = tempfile::tempdir().unwrap();
        let mirror = Mirror::open(folder.path().join("mirror.db")).unwrap();
        let key = |name: &str| {
            let account = Account::of("acme");
            register(&mirror.connection, &SourceIdentity::new(name, &account)).unwrap()
        };
        let keys = ["acme", "acme@a", "acme@b"].map(key);
        assert!(keys[0] != keys[1] && keys[1] != keys[2] && keys[0] != keys[2]);
        assert_eq!(["acme", "acme@a", "acme@b"].map(key), keys);
    }

    #[test]
    fn renames_an_account() {
        let folder = tempfile::tempdir().unwrap();
        let mirror = Mirror::open(folder.path().join("mirror.db")).unwrap();
        let key = register(&mirror.connection, &identity("acme", "https://one.example")).unwrap();
        let renamed = identity("acme@prod", "https://one.example");
        assert_eq!(register(&mirror.connection, &renamed).unwrap(), key);
        assert_eq!(mirror.sources().unwrap(), [renamed]);
    }
}
