//! A provider's mapping, described as data.
//!
//! The code that maps is plain code. A [`table`] of [`Rule`]s is derived from it (`ticket_testkit::verify_mapping`). From the table
//! and a response follow:
//!
//! - [`explain`]: where each field of a ticket comes from;
//! - [`drift`]: how far responses differ from their documentation;
//! - the pages about the mapping and the [`Capabilities`] of a provider.
//!
//! [`inconsistencies`] needs no table: it compares the fields of one ticket with each other.
//!
//! Decoding does not depend on this module.

mod capabilities;
mod description;
mod doc_conflict;
pub mod drift;
pub mod explain;
pub mod inconsistencies;
pub mod pattern;
mod response_tree;
mod rule;
pub mod table;
pub mod tree;

pub use capabilities::{Capabilities, Limit, Operation};
pub use description::{MappingDescription, filled_fields};
pub use doc_conflict::DocConflict;
pub use response_tree::{PagedList, ResponseTree};
pub use rule::{Rule, RuleKind};
