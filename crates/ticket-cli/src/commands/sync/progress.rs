//! Shows how far a run is: one line on a terminal, else a line from time to time.

use std::io::{self, IsTerminal, Write};
use std::time::{Duration, Instant};

use ticket_mirror::SyncProgress;

use crate::console::progress::Progress;
use crate::view::amount::{counted, duration};

/// The time between two lines of a log.
const PERIOD: Duration = Duration::from_secs(10);

/// The first rates are of connections that are being made.
const FIRST_ESTIMATE: Duration = Duration::from_secs(5);

/// The progress of a run.
pub(super) struct SyncLine {
    line: Progress,
    /// What is done since when: the list, tickets, or files.
    phase: (Phase, Instant),
    /// When the next line is due, if stderr is no terminal.
    next: Option<Instant>,
}

impl SyncLine {
    pub(super) fn start() -> Self {
        let start = Instant::now();
        let next = (!io::stderr().is_terminal()).then(|| start + PERIOD);
        Self { line: Progress::message(), phase: (Phase::List, start), next }
    }

    /// Shows the progress.
    pub(super) fn show(&mut self, progress: &SyncProgress) {
        let phase = Phase::of(progress);
        if self.phase.0 != phase {
            self.phase = (phase, Instant::now());
        }
        let elapsed = self.phase.1.elapsed();
        if self.line.is_shown() {
            self.line.say(text(progress, elapsed));
        } else if let Some(next) = &mut self.next
            && Instant::now() >= *next
        {
            *next = Instant::now() + PERIOD;
            // A closed stderr cannot be reported anywhere.
            let _ = writeln!(io::stderr(), "{}", text(progress, elapsed));
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    List,
    Tickets,
    Files,
}

impl Phase {
    fn of(progress: &SyncProgress) -> Self {
        if progress.to_download > 0 || progress.downloaded > 0 {
            Self::Files
        } else if progress.to_fetch > 0 || progress.fetched > 0 {
            Self::Tickets
        } else {
            Self::List
        }
    }
}

/// Says how far a run is; `elapsed` is the time of its phase.
fn text(progress: &SyncProgress, elapsed: Duration) -> String {
    let SyncProgress { listed, claimed, windows_left, fetched, to_fetch, stats, .. } = *progress;
    let SyncProgress { downloaded, to_download, .. } = *progress;
    let mut parts = Vec::new();
    let (done, left) = match Phase::of(progress) {
        Phase::Files => {
            let all = counted(downloaded + to_download, "file");
            parts.push(format!("{downloaded} of {all} downloaded"));
            (downloaded, Some(to_download))
        }
        Phase::Tickets => {
            parts.push(format!("{fetched} of {} fetched", counted(fetched + to_fetch, "ticket")));
            (fetched, Some(to_fetch))
        }
        // A later part of the list has a total of its own.
        Phase::List if claimed <= listed => {
            parts.push(format!("{} read", counted(listed, "ticket")));
            (listed, None)
        }
        Phase::List => {
            parts.push(format!("{listed} of {} read", counted(claimed, "ticket")));
            (listed, (windows_left <= 1).then(|| claimed - listed))
        }
    };
    let milliseconds = u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX).max(1);
    if done > 0 {
        parts.push(format!("{}/s", done.saturating_mul(1_000) / milliseconds));
    }
    let is_known = elapsed >= FIRST_ESTIMATE;
    if let Some(left) = left.filter(|left| is_known && *left > 0 && done > 0) {
        let seconds = (left.saturating_mul(milliseconds) / done).div_ceil(1_000);
        parts.push(format!("{} left", duration(seconds, &seconds.to_string())));
    }
    if windows_left > 1 {
        parts.push(format!("{windows_left} parts of the list left"));
    }
    if stats.waits > 0 {
        parts.push(counted(stats.waits, "wait"));
    }
    parts.join(" · ")
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use ticket_mirror::SyncProgress;

    use super::text;

    #[test]
    fn says_how_far_a_run_is() {
        let mut progress = SyncProgress::default();
        progress.listed = 400;
        let ten = Duration::from_secs(10);
        assert_eq!(text(&progress, ten), "400 tickets read · 40/s");
        progress.claimed = 1_000;
        assert_eq!(text(&progress, ten), "400 of 1000 tickets read · 40/s · 15 seconds left");
        progress.windows_left = 3;
        assert_eq!(
            text(&progress, ten),
            "400 of 1000 tickets read · 40/s · 3 parts of the list left"
        );
        (progress.windows_left, progress.fetched, progress.to_fetch) = (0, 100, 100);
        progress.stats.waits = 2;
        assert_eq!(
            text(&progress, ten),
            "100 of 200 tickets fetched · 10/s · 10 seconds left · 2 waits"
        );
        (progress.to_fetch, progress.downloaded, progress.to_download) = (0, 20, 10);
        assert_eq!(
            text(&progress, ten),
            "20 of 30 files downloaded · 2/s · 5 seconds left · 2 waits"
        );
    }
}
