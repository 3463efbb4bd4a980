//! Decodes a provider's response in one pass, without losing anything.
//!
//! A provider declares each JSON object of its responses with [`wire_struct!`](crate::wire_struct) and reads its fields with the
//! methods of [`Cursor`]. This module ensures for every provider:
//!
//! - An undocumented key is kept in `extra` and reported. If it is duplicated, the last value is kept and both are reported.
//! - A value of the wrong JSON type is kept in `extra` and reported. It never fails the whole ticket.
//! - A duplicate of a documented key is an error that names it.
//! - Half of a surrogate pair becomes U+FFFD and is reported.
//! - Numbers keep every digit, and undocumented values may be nested to any depth.
//!
//! ```
//! use ticket_core::decode::{Document, Scalar};
//! use ticket_core::{Response, wire_struct};
//!
//! wire_struct! {
//!     /// A response of a fictional helpdesk.
//!     struct Envelope {
//!         ticket: Ticket<'t>,
//!     }
//! }
//! wire_struct! {
//!     struct Ticket {
//!         number: Scalar<'t>,
//!         subject: String,
//!     }
//! }
//!
//! let response = Response::saved("get_ticket", r#"{"ticket": {"number": 42, "subject": 7, "vip": true}}"#);
//! let document = Document::open(&response)?;
//! let cursor = document.root();
//! let Envelope { ticket, unknown } = document.parse()?;
//! cursor.unknown(unknown);
//! let (cursor, Ticket { number, subject, unknown }) = cursor.object(ticket).expect("it was sent");
//! cursor.unknown(unknown);
//! assert_eq!(cursor.id(number).as_deref(), Some("42"));
//! assert_eq!(cursor.text(subject), None, "a number is not a text");
//!
//! let (extra, diagnostics) = document.close()?;
//! assert_eq!(extra["/ticket/subject"].as_str(), "7");
//! assert_eq!(extra["/ticket/vip"].as_str(), "true");
//! assert_eq!(diagnostics.len(), 3, "an integer as id, an invalid value, an unknown key");
//! # Ok::<(), ticket_core::Error>(())
//! ```

mod collect;
mod context;
mod cursor;
mod decimal;
mod document;
mod field;
mod field_state;
mod item_budget;
mod raw;
pub mod recording;
mod response_name;
mod scalar;
pub(crate) mod scan;
mod time;
mod values;
mod wire_struct;
mod wire_value;

pub use crate::quote::quoted;
pub use cursor::Cursor;
pub use document::Document;
pub use field::Field;
pub use field_state::FieldState;
pub use item_budget::ItemBudget;
pub use raw::Raw;
pub(crate) use response_name::response_name;
pub use response_name::split_response_name;
pub use scalar::Scalar;
pub use serde::de::{MapAccess, SeqAccess};
pub use values::look_up;
pub use wire_struct::{Key, Members, Prefixed, Unknown};
pub use wire_value::{OneOrMany, TextOr, WireValue};
