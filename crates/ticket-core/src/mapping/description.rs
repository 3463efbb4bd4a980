//! What a provider says about its mapping.

use super::capabilities::Capabilities;
use super::doc_conflict::DocConflict;
use super::response_tree::PagedList;
use super::rule::Rule;
use crate::Decoder;

/// Describes the mapping of a [`Decoder`] as data.
pub trait MappingDescription: Decoder {
    /// Returns the name of the service, for people.
    fn title(&self) -> &'static str;

    /// Returns the rules: one for each leaf of a response.
    fn rules(&self) -> &'static [Rule];

    /// Returns the operations of the service and their limits.
    fn capabilities(&self) -> &'static Capabilities;

    /// Returns the lists that come in several pages.
    fn paged_lists(&self) -> &'static [PagedList] {
        &[]
    }

    /// Returns where the documentation of the service contradicts itself, and how the decoder resolves that.
    fn doc_conflicts(&self) -> &'static [DocConflict];
}

/// Returns the top-level fields of the ticket that the provider fills, in the order of its rules.
///
/// ```no_run
/// # fn example(mapping: &dyn ticket_core::mapping::MappingDescription) {
/// let fields = ticket_core::mapping::filled_fields(mapping);
/// assert!(fields.contains(&"id"));
/// # }
/// ```
pub fn filled_fields(mapping: &dyn MappingDescription) -> Vec<&'static str> {
    let mut fields = Vec::new();
    for target in mapping.rules().iter().flat_map(|rule| rule.targets) {
        let field = target.split(['.', '[']).next().unwrap_or(target);
        if !fields.contains(&field) {
            fields.push(field);
        }
    }
    fields
}
