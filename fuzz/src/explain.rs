//! Any ticket can be explained, counted by drift, and searched for inconsistencies.

use engagelab_provider::EngageLab;
use feishu_provider::Feishu;
use ticket_core::mapping::MappingDescription;
use ticket_testkit::explain_violations;

use crate::assert_none;
use crate::response::response;

/// Checks a response with both providers; the one that it is not from rejects it.
pub fn check(input: &[u8]) {
    let decoders: [&dyn MappingDescription; 2] = [&EngageLab, &Feishu];
    for decoder in decoders {
        let response = response(decoder.ticket_operation(), input);
        assert_none(&explain_violations(decoder, std::slice::from_ref(&response)));
    }
}
