//! How much of the ticket a provider can fill.

use super::fields::Field;
use super::rows::Rules;

/// How many of these fields a provider can fill, in whole or in part.
pub(super) fn count(fields: &[Field], rules: &Rules) -> usize {
    fields.iter().filter(|field| rules.reach(field)).count()
}

#[cfg(test)]
mod tests {
    use super::count;
    use crate::mapping::fields::of_ticket;
    use crate::mapping::rows::Rules;
    use crate::providers::PROVIDERS;
    use ticket_core::mapping::{Rule, RuleKind};

    #[test]
    fn a_provider_that_is_decided_fills_much_and_none_fills_everything() {
        let fields = of_ticket().unwrap();
        let is_undecided = |rule: &Rule| rule.kind == RuleKind::Undecided;
        for decoder in PROVIDERS {
            let filled = count(&fields, &Rules::of(*decoder));
            let is_decided = !decoder.rules().iter().any(is_undecided);
            assert!(
                !is_decided || filled > fields.len() / 3,
                "{} fills {filled}",
                decoder.provider()
            );
            assert!(filled < fields.len(), "`extra` is filled by what no rule reads");
        }
    }
}
