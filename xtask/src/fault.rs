//! A fault that a task has found: where, what, and what mends it.

use anyhow::{Result, bail};

/// Something that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    /// The file, and the line where there is one; or the crate.
    pub(crate) place: String,
    /// What is wrong.
    pub(crate) what: String,
    /// What mends it.
    pub(crate) mend: String,
    /// Whether it is only worth knowing.
    pub(crate) is_notice: bool,
}

impl Fault {
    /// A fault.
    pub(crate) fn new(
        place: impl Into<String>,
        what: impl Into<String>,
        mend: impl Into<String>,
    ) -> Self {
        Self { place: place.into(), what: what.into(), mend: mend.into(), is_notice: false }
    }

    /// Something worth knowing, which fails nothing.
    pub(crate) fn notice(place: impl Into<String>, what: impl Into<String>) -> Self {
        Self { place: place.into(), what: what.into(), mend: String::new(), is_notice: true }
    }
}

/// Prints what was found, and fails where it is more than notices.
///
/// # Errors
/// Where there is a fault; the message counts them.
pub(crate) fn judge(faults: &[Fault]) -> Result<()> {
    for fault in faults.iter().filter(|fault| fault.is_notice) {
        println!("note: {}: {}", fault.place, fault.what);
    }
    let faults: Vec<_> = faults.iter().filter(|fault| !fault.is_notice).collect();
    for Fault { place, what, mend, .. } in &faults {
        println!("{place}: {what}\n  mend: {mend}");
    }
    match faults.len() {
        0 => Ok(()),
        1 => bail!("1 fault"),
        count => bail!("{count} faults"),
    }
}

#[cfg(test)]
mod tests {
    use super::{Fault, judge};

    #[test]
    fn a_notice_fails_nothing_and_a_fault_does() {
        let notice = Fault::notice("a.rs", "long");
        let fault = Fault::new("b.rs", "wrong", "put it right");
        assert!(judge(&[]).is_ok());
        assert!(judge(std::slice::from_ref(&notice)).is_ok());
        assert_eq!(judge(&[notice, fault.clone(), fault]).unwrap_err().to_string(), "2 faults");
    }
}
