//! Faults of a list that is read page by page.

/// A way in which a page of a list is wrong. The status is that of a correct reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PageFault {
    /// The page has no rows; the total is correct.
    Empty,
    /// The page before the requested one is sent again.
    Repeated,
    /// The page starts one row early, and the first one late: a row comes twice, and another one is missed.
    Shifted,
    /// The row in the middle of the list is on no page; the total counts it.
    LostRow,
    /// Pages are counted from 0, so that page 1 is the second one.
    ZeroBased,
}

impl PageFault {
    /// Returns the name of the fault.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Empty => "empty-page",
            Self::Repeated => "repeated-page",
            Self::Shifted => "shifted-rows",
            Self::LostRow => "lost-row",
            Self::ZeroBased => "zero-based-pages",
        }
    }
}
