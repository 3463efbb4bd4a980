//! Shows how far a run is, on one line of stderr that is erased at the end.

use std::fmt::Write;
use std::io::{self, IsTerminal};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};
use tracing::level_filters::LevelFilter;

/// The line on the screen, so that every message can be written above it.
static SHOWN: Mutex<Option<ProgressBar>> = Mutex::new(None);

/// The progress of a run; the line is erased when this value is dropped.
pub(crate) struct Progress {
    bar: ProgressBar,
    failed: Arc<AtomicUsize>,
}

impl Progress {
    /// Shows the progress of fetching tickets, `total` of them if the number is known, where a line on stderr disturbs nothing.
    pub(crate) fn start(total: Option<usize>) -> Self {
        let is_single = total.is_some_and(|total| total <= 1);
        if is_single || !is_undisturbed() {
            return Self { bar: ProgressBar::hidden(), failed: Arc::default() };
        }
        let bar = ProgressBar::with_draw_target(
            total.and_then(|total| u64::try_from(total).ok()),
            ProgressDrawTarget::stderr(),
        );
        let failed = Arc::<AtomicUsize>::default();
        bar.set_style(style(total.is_some(), &failed));
        bar.tick();
        *SHOWN.lock().unwrap_or_else(PoisonError::into_inner) = Some(bar.clone());
        Self { bar, failed }
    }

    /// Shows a message that [`say`](Self::say) sets, where a line on stderr disturbs nothing.
    pub(crate) fn message() -> Self {
        let has_log = LevelFilter::current() != LevelFilter::OFF;
        if has_log || !io::stderr().is_terminal() {
            return Self { bar: ProgressBar::hidden(), failed: Arc::default() };
        }
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
        bar.set_style(ProgressStyle::with_template("{msg}").expect("the template is valid"));
        *SHOWN.lock().unwrap_or_else(PoisonError::into_inner) = Some(bar.clone());
        Self { bar, failed: Arc::default() }
    }

    /// Shows this text.
    pub(crate) fn say(&self, text: String) {
        self.bar.set_message(text);
    }

    /// Returns whether the line is on the screen.
    pub(crate) fn is_shown(&self) -> bool {
        !self.bar.is_hidden()
    }

    /// Counts a ticket that was fetched, or not.
    pub(crate) fn add(&self, is_fetched: bool) {
        if !is_fetched {
            self.failed.fetch_add(1, Ordering::Relaxed);
        }
        self.bar.inc(1);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        *SHOWN.lock().unwrap_or_else(PoisonError::into_inner) = None;
        self.bar.finish_and_clear();
    }
}

/// Writes to stderr while the line is erased.
pub(super) fn suspended<T>(write: impl FnOnce() -> T) -> T {
    let shown = SHOWN.lock().unwrap_or_else(PoisonError::into_inner).clone();
    match shown {
        Some(bar) => bar.suspend(write),
        None => write(),
    }
}

/// Returns whether only this process writes to the terminal, and no log.
///
/// The reader of a pipe, such as `jq` or `less`, often writes to the same terminal.
fn is_undisturbed() -> bool {
    let has_log = LevelFilter::current() != LevelFilter::OFF;
    io::stderr().is_terminal() && !has_log && is_kept()
}

/// Returns whether stdout is a file or is thrown away.
#[cfg(unix)]
fn is_kept() -> bool {
    use rustix::fs::{FileType, fstat};

    let is_terminal = io::stdout().is_terminal();
    let kind = fstat(rustix::stdio::stdout()).map(|stat| FileType::from_raw_mode(stat.st_mode));
    !is_terminal && matches!(kind, Ok(FileType::RegularFile | FileType::CharacterDevice))
}

/// Returns whether stdout is no terminal; a pipe looks like a file here.
#[cfg(not(unix))]
fn is_kept() -> bool {
    !io::stdout().is_terminal()
}

fn style(has_total: bool, failed: &Arc<AtomicUsize>) -> ProgressStyle {
    let failed = failed.clone();
    let template = if has_total {
        "{pos} of {len} tickets, {failed} failed, {rate}/s"
    } else {
        "{pos} tickets, {failed} failed, {rate}/s"
    };
    ProgressStyle::with_template(template)
        .expect("the template is valid")
        .with_key("failed", move |_: &ProgressState, out: &mut dyn Write| {
            // An error of the buffer cannot be reported here.
            let _ = write!(out, "{}", failed.load(Ordering::Relaxed));
        })
        .with_key("rate", |state: &ProgressState, out: &mut dyn Write| {
            let _ = write!(out, "{:.0}", state.per_sec());
        })
}
