//! Explanations, drift and inconsistencies of responses.

#![cfg_attr(fuzzing, no_main)]

ticket_fuzz::target!(ticket_fuzz::explain::check);
