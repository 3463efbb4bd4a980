//! Mapping verification and mutated responses, with correct and defective decoders.

mod decoder;
mod kept;
mod mapping;
mod mutation;
mod undecided;
