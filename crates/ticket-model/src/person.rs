//! People, teams and tags.

use serde::{Deserialize, Serialize};

use crate::present::present;
use crate::{Coded, ParticipantRole};

/// A person on a ticket.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Person {
    /// The provider's id of the person.
    pub id: Option<String>,
    /// The display name.
    pub name: Option<String>,
    /// The e-mail address, as the provider sent it.
    pub email: Option<String>,
    /// The telephone number, as the provider sent it.
    pub phone: Option<String>,
    /// The address of a picture, as the provider sent it.
    pub avatar_url: Option<String>,
    /// The name of the department.
    pub department: Option<String>,
    /// The name of the city.
    pub city: Option<String>,
    /// The name or code of the country, as the provider sent it.
    pub country: Option<String>,
    /// The identities of the person on other channels.
    #[serde(default)]
    pub handles: Vec<Handle>,
}

present!(Person { id, name, email, phone, avatar_url, department, city, country, handles });

/// An identity of a person on a channel (a chat, a mailbox).
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Handle {
    /// The channel.
    pub channel_id: Option<String>,
    /// The id of the person on that channel, for example a chat id.
    pub contact_id: Option<String>,
    /// The thread or topic inside the channel.
    pub thread_id: Option<String>,
    /// The followers inside the channel.
    #[serde(default)]
    pub followers: Vec<Follower>,
}

/// A follower inside a channel.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Follower {
    /// The channel's or the provider's id.
    pub id: Option<String>,
    /// The display name.
    pub name: Option<String>,
}

/// A person or a group that takes part in a ticket, in a role.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Participant {
    /// The role; `other` for a role that the tenant defined.
    pub role: Option<Coded<ParticipantRole>>,
    /// The person; `null` for a group.
    pub person: Option<Person>,
    /// The group; `null` for a person.
    pub team: Option<Team>,
}

present!(Participant { role, person, team });

/// A group of agents.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Team {
    /// The provider's id of the team.
    pub id: Option<String>,
    /// The display name.
    pub name: Option<String>,
}

present!(Team { id, name });

/// A label on a ticket.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Tag {
    /// The provider's id of the tag.
    pub id: Option<String>,
    /// The display name.
    pub name: Option<String>,
}
