//! Guards of the providers themselves: whatever is taken out of one, the conformance suite says which promise is broken.

mod codes;
mod engagelab;
mod feishu;
mod meaning;

use super::{Guard, Held, Removal, Test};

pub(super) use codes::THEME as CODES;
pub(super) use engagelab::THEME as ENGAGELAB;
pub(super) use feishu::THEME as FEISHU;
pub(super) use meaning::THEME as MEANING;

/// A file of a provider, and the test that tries what every provider promises with it.
#[derive(Clone, Copy)]
struct Source {
    file: &'static str,
    trial: Test,
}

/// The promises of the suite, as its list has them.
mod promise {
    pub(super) const ASKED: &str = "the_asked_ticket_comes_back";
    pub(super) const ANOTHER: &str = "another_ticket_is_an_error";
    pub(super) const UNKNOWN: &str = "an_unknown_id_is_not_found";
    pub(super) const CREDENTIALS: &str = "refused_credentials_are_told";
    pub(super) const ACCESS: &str = "missing_permission_is_told";
    pub(super) const OTHER_REFUSAL: &str = "any_other_refusal_is_told";
    pub(super) const FAILURE: &str = "a_failure_is_no_success";
    pub(super) const LIMIT: &str = "a_limit_is_waited_out";
    pub(super) const OVERLOAD: &str = "an_overload_is_tried_again_and_told";
    pub(super) const LIMITS: &str = "documented_limits_are_kept";
    pub(super) const NONSENSE: &str = "what_is_no_answer_is_unreadable";
    pub(super) const ODD_ID: &str = "an_odd_id_leads_nowhere_else";
    pub(super) const BUILT: &str = "what_cannot_work_is_not_built";
    pub(super) const SECRET: &str = "no_secret_is_told";
    pub(super) const ONE_TOKEN: &str = "one_token_serves_all_calls";
    pub(super) const TOKEN: &str = "a_refused_token_is_replaced_once";
    pub(super) const MAPPING: &str = "the_mapping_is_as_its_table_says";
    pub(super) const CHANGED: &str = "changed_answers_are_read_or_refused";
    pub(super) const WORD: &str = "an_unknown_word_is_kept";
    pub(super) const TENANT: &str = "words_of_the_tenant_come_first";
}

impl Source {
    const fn feishu(file: &'static str) -> Self {
        Self { file, trial: trial("crates/feishu-provider/tests/conformance.rs") }
    }

    const fn engagelab(file: &'static str) -> Self {
        Self { file, trial: trial("crates/engagelab-provider/tests/conformance.rs") }
    }

    /// A guard that stands here, and the promise that is broken without it.
    const fn guard(
        self,
        (name, does): (&'static str, &'static str),
        text: &'static str,
        without: &'static str,
        promise: &'static str,
    ) -> Guard {
        let removal = Removal { file: self.file, text, without, test: self.trial };
        Guard { name, does, held: Held::Promised(removal, promise) }
    }
}

const fn trial(file: &'static str) -> Test {
    Test { file, name: "passes_the_contract_tests" }
}
