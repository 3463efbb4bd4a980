//! The options of `ticket mcp`.

use clap::Args;

use super::export::Privacy;
use super::{Configuration, MirrorFile};

/// What the server reads.
#[derive(Debug, Args)]
pub(crate) struct Mcp {
    #[command(flatten)]
    pub(crate) mirror: MirrorFile,

    #[command(flatten)]
    pub(crate) privacy: Privacy,

    #[command(flatten)]
    pub(crate) configuration: Configuration,
}
