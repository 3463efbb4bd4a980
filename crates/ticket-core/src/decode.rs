//! Reading a provider's answer: once, as text, and without losing anything.
//!
//! A provider describes each JSON object of its answers with [`object!`](crate::object) and takes it apart with
//! the readers of [`At`]. What follows from that, and no provider has to think of:
//!
//! - a key that nobody documents is kept in `extra` and reported; of one that stands twice the last value is kept, and both
//!   are reported;
//! - a value of a wrong shape is not mapped, is kept in `extra` and reported, and never costs the ticket;
//! - a known key that stands twice is an error that names it;
//! - half of a surrogate pair becomes U+FFFD and is reported, numbers of any size are no problem, and neither is
//!   any depth of nesting where the shape is free.
//!
//! ```
//! use ticket_core::decode::{At, Document, Field, Scalar};
//! use ticket_core::{Answer, object};
//!
//! object! {
//!     /// An answer of an imagined helpdesk.
//!     struct Envelope {
//!         ticket: Ticket<'t>,
//!     }
//! }
//! object! {
//!     struct Ticket {
//!         number: Scalar<'t>,
//!         subject: String,
//!     }
//! }
//!
//! let answer = Answer::saved("get_ticket", r#"{"ticket": {"number": 42, "subject": 7, "vip": true}}"#);
//! let document = Document::open(&answer)?;
//! let at = document.root();
//! let Envelope { ticket, unknown } = document.parse()?;
//! at.unknown(unknown);
//! let (at, Ticket { number, subject, unknown }) = at.object(ticket).expect("it was sent");
//! at.unknown(unknown);
//! assert_eq!(at.id(number).as_deref(), Some("42"));
//! assert_eq!(at.text(subject), None, "a number is no text");
//!
//! let (extra, report) = document.close()?;
//! assert_eq!(extra["/ticket/subject"].as_str(), "7");
//! assert_eq!(extra["/ticket/vip"].as_str(), "true");
//! assert_eq!(report.remarks.len(), 3, "an integer as id, a wrong shape, an unknown key");
//! # Ok::<(), ticket_core::Error>(())
//! ```

mod at;
mod collect;
mod decimal;
mod document;
mod field;
mod object;
mod pass;
mod quote;
mod raw;
mod scalar;
mod scan;
mod shape;
mod time;
mod values;

pub use at::At;
pub use document::Document;
pub use field::{Field, Sent};
pub use object::{Key, Members, Unknown};
pub use pass::Pass;
pub use quote::quoted;
pub(crate) use quote::{cut, shown};
pub use raw::Raw;
pub use scalar::Scalar;
pub use serde::de::MapAccess;
pub use shape::{OneOrMany, Place, Shape, TextOr};
pub use values::look_up;
