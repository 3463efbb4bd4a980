//! Any response that is a ticket can be explained, counted and searched for contradictions.

use engagelab_provider::EngageLab;
use feishu_provider::Feishu;
use ticket_core::Decoder;
use ticket_testkit::explain_violations;

use crate::response::response;
use crate::judge;

/// Checks what is told of a response, by each provider: whose it is not, that one refuses it.
pub fn check(input: &[u8]) {
    let decoders: [&dyn Decoder; 2] = [&EngageLab, &Feishu];
    for decoder in decoders {
        let response = response(decoder.ticket_operation(), input);
        judge(&explain_violations(decoder, &response));
    }
}
