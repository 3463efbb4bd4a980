//! The providers whose mapping is documented: a row each.

use engagelab_provider::EngageLab;
use feishu_provider::Feishu;
use ticket_core::mapping::MappingDescription;

/// Every provider, in the order of the columns.
pub(crate) const PROVIDERS: &[&dyn MappingDescription] = &[&EngageLab, &Feishu];
