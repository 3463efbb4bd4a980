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

    #[test]
    fn every_provider_fills_much_and_none_fills_everything() {
        let fields = of_ticket().unwrap();
        for dialect in PROVIDERS {
            let filled = count(&fields, &Rules::of(*dialect));
            assert!(filled > fields.len() / 2, "{} fills {filled}", dialect.provider());
            assert!(filled < fields.len(), "`extra` is filled by what no rule reads");
        }
    }
}
