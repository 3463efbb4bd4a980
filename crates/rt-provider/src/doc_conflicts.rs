//! Where the documentation contradicts itself, and how each conflict is read.

use ticket_core::mapping::DocConflict;

/// Conflicts in the documentation, and how each is read.
pub(crate) const DOC_CONFLICTS: &[DocConflict] = &[
    DocConflict {
        subject: "`fields[Requestor]` of the ticket call",
        statements: "the documentation says that `fields[NAME]` adds fields to any record that a ticket refers to; the call adds them to a single record, and leaves a list of users as it is",
        read_as: "the names of watchers come from a search for this one ticket, which does add them",
    },
    DocConflict {
        subject: "times in a search",
        statements: "the API prints instants in UTC with `Z`; a search reads every notation, also one with `Z` or an offset, in the time zone of the user",
        read_as: "ranges are sent as seconds before now, which are the same in every time zone",
    },
    DocConflict {
        subject: "`total` of a list",
        statements: "documented as the number of results; it is null unless the user may see everything",
        read_as: "null is an unknown total: pages are read until one is empty, and a conversation is not claimed to be complete",
    },
];
