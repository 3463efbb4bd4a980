//! Links between tickets.

use serde::{Deserialize, Serialize};

use crate::{Coded, RelationType};

/// A link from a ticket to another ticket or to a page.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Relation {
    /// What the other ticket is to this one: its parent, a ticket that blocks it, …
    #[serde(rename = "type")]
    pub relation_type: Option<Coded<RelationType>>,
    /// The provider's id of the other ticket; `null` for a page elsewhere.
    pub id: Option<String>,
    /// The address, as the provider sent it.
    pub url: Option<String>,
}
