//! The providers whose mapping is documented: a row each.

use engagelab_provider::EngageLab;
use feishu_provider::Feishu;
use ticket_core::Decoder;

/// Every provider, in the order of the columns.
pub(crate) const PROVIDERS: &[&dyn Decoder] = &[&EngageLab, &Feishu];
