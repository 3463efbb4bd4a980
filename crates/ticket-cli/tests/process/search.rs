//! `ticket search`, `ticket sql` and `ticket list --offline`.
