//! Rate limit headers.

#![cfg_attr(fuzzing, no_main)]

ticket_fuzz::target!(ticket_fuzz::limits::check);
