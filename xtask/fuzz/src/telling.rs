//! Any answer that is a ticket can be explained, counted and searched for contradictions.

use engagelab_provider::EngageLab;
use feishu_provider::Feishu;
use ticket_conformance::broken_promises_of_telling;
use ticket_core::Dialect;

use crate::answer::answer;
use crate::judge;

/// Checks what is told of an answer, by each provider: whose it is not, that one refuses it.
pub fn check(input: &[u8]) {
    let dialects: [&dyn Dialect; 2] = [&EngageLab, &Feishu];
    for dialect in dialects {
        let answer = answer(dialect.ticket_operation(), input);
        judge(&broken_promises_of_telling(dialect, &answer));
    }
}
