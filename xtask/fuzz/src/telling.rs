//! Any response that is a ticket can be explained, counted and searched for contradictions.

use engagelab_provider::EngageLab;
use feishu_provider::Feishu;
use ticket_conformance::broken_promises_of_telling;
use ticket_core::mapping::MappingDescription;

use crate::judge;
use crate::response::response;

/// Checks what is told of a response, by each provider: whose it is not, that one refuses it.
pub fn check(input: &[u8]) {
    let decoders: [&dyn MappingDescription; 2] = [&EngageLab, &Feishu];
    for decoder in decoders {
        let response = response(decoder.ticket_operation(), input);
        judge(&broken_promises_of_telling(decoder, &response));
    }
}
