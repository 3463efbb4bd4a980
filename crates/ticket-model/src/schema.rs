//! The JSON Schema of a ticket.

use schemars::Schema;
use schemars::generate::SchemaSettings;

use crate::{MODEL_VERSION, Ticket};

/// Returns the JSON Schema (draft 2020-12) of a printed ticket, as JSON text.
///
/// It describes printed tickets, which have every key. Its `$id` is `urn:ticket-model:N` with [`MODEL_VERSION`].
pub fn schema() -> String {
    let generator = SchemaSettings::draft2020_12().for_serialize().into_generator();
    let mut schema: Schema = generator.into_root_schema_for::<Ticket>();
    schema.insert("$id".into(), format!("urn:ticket-model:{MODEL_VERSION}").into());
    format!("{:#}\n", schema.as_value())
}
