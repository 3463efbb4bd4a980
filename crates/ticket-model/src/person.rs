//! People, teams and tags.

use serde::{Deserialize, Serialize};

use crate::present::present;

/// Somebody who has to do with a ticket.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Person {
    /// The provider's id of this person.
    pub id: Option<String>,
    /// The name to show.
    pub name: Option<String>,
    /// The e-mail address, as the provider sent it.
    pub email: Option<String>,
    /// The telephone number, as the provider sent it.
    pub phone: Option<String>,
    /// Where a picture of the person lies, as the provider sent it.
    pub avatar_url: Option<String>,
    /// The department's name.
    pub department: Option<String>,
    /// The city's name.
    pub city: Option<String>,
    /// The country's name or code, as the provider sent it.
    pub country: Option<String>,
    /// Who this person is on other channels.
    #[serde(default)]
    pub handles: Vec<Handle>,
}

present!(Person { id, name, email, phone, avatar_url, department, city, country, handles });

/// One identity of a person on a channel (a chat, a mailbox).
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Handle {
    /// The channel.
    pub channel_id: Option<String>,
    /// The person on that channel, a chat id for example.
    pub contact_id: Option<String>,
    /// The thread or topic inside the channel.
    pub thread_id: Option<String>,
    /// Who is told of news inside the channel.
    #[serde(default)]
    pub followers: Vec<Follower>,
}

/// Somebody who is told of news inside a channel.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Follower {
    /// The channel's or the provider's id.
    pub id: Option<String>,
    /// The name to show.
    pub name: Option<String>,
}

/// A group of agents.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Team {
    /// The provider's id of the team.
    pub id: Option<String>,
    /// The name to show.
    pub name: Option<String>,
}

present!(Team { id, name });

/// A label on a ticket.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Tag {
    /// The provider's id of the tag.
    pub id: Option<String>,
    /// The name to show.
    pub name: Option<String>,
}
