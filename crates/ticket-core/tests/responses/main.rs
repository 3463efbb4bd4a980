//! Several responses of one fetch: as one text, and as one tree.

mod provider;
mod saved;
mod tree;
