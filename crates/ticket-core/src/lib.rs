//! The contract that every helpdesk provider fulfils: fetch a ticket, decode an answer, explain a failure.
