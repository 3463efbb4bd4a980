//! Numbered pages of a result, correct or with a fault.

use std::ops::Range;

use scripted_server::PageFault;

/// A page of a result: the page number and the page size.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Page {
    /// The first page is 1.
    pub(crate) number: usize,
    pub(crate) size: usize,
}

impl Page {
    /// Returns the positions of the rows on the page.
    pub(crate) fn rows(self, total: usize, fault: Option<PageFault>) -> Vec<usize> {
        let start = self.number.saturating_sub(1).saturating_mul(self.size);
        let window = |start: usize| -> Range<usize> {
            let start = start.min(total);
            start..start.saturating_add(self.size).min(total)
        };
        let rows = match fault {
            Some(PageFault::Empty) => 0..0,
            Some(PageFault::Repeated) => window(start.saturating_sub(self.size)),
            // The first page can only start later.
            Some(PageFault::Shifted) => window(start.checked_sub(1).unwrap_or(1)),
            Some(PageFault::ZeroBased) => window(self.number.saturating_mul(self.size)),
            _ => window(start),
        };
        let lost = (fault == Some(PageFault::LostRow)).then_some(total / 2);
        rows.filter(|row| Some(*row) != lost).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_of_five_rows() {
        use PageFault::{Empty, LostRow, Repeated, Shifted, ZeroBased};
        let none: &[usize] = &[];
        for (fault, pages) in [
            (None, [&[0, 1][..], &[2, 3], &[4], none]),
            (Some(Empty), [none, none, none, none]),
            (Some(Repeated), [&[0, 1], &[0, 1], &[2, 3], &[4]]),
            (Some(Shifted), [&[1, 2], &[1, 2], &[3, 4], none]),
            (Some(LostRow), [&[0, 1], &[3], &[4], none]),
            (Some(ZeroBased), [&[2, 3], &[4], none, none]),
        ] {
            for (number, rows) in (1..).zip(pages) {
                assert_eq!(Page { number, size: 2 }.rows(5, fault), rows, "{fault:?} {number}");
            }
        }
    }

    #[test]
    fn empty_results_and_huge_numbers_have_no_rows() {
        for fault in [None, Some(PageFault::LostRow), Some(PageFault::Shifted)] {
            assert_eq!(Page { number: 1, size: 2 }.rows(0, fault), [0; 0]);
            assert_eq!(Page { number: usize::MAX, size: 200 }.rows(5, fault), [0; 0]);
        }
    }
}
