//! The suite against readings made for it: honest ones pass, and what is wrong with the others is found and named.

mod kept;
mod made;
mod proof;
mod survival;
mod undecided;
