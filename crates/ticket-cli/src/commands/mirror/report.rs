//! Formats what the mirror holds and what a run has read.

use ticket_mirror::{CheckReport, FilesReceipt, MirrorStatus, Receipt, RemapReport, SourceStatus};

use crate::view::amount::{counted, short_size, size};
use crate::view::clean::one_line;
use crate::view::ink::{ALARM, NOTICE, PLAIN, QUIET, STRONG, StyledText};
use crate::view::sheet::TextLayout;
use crate::view::table::Table;

/// How many windows or tickets a report names.
const MOST: usize = 10;

/// Returns the receipt of a run for people.
pub(in crate::commands) fn receipt(receipt: &Receipt, columns: usize) -> String {
    let mut sheet = TextLayout::new(columns, 0);
    let mut head = StyledText::of(STRONG, &one_line(&receipt.source));
    match receipt.complete {
        Some(true) => match &receipt.since {
            Some(since) => head.fact(PLAIN, &format!("complete since {since}")),
            None => head.fact(PLAIN, "complete"),
        },
        Some(false) => {
            head.fact(ALARM, "NOT COMPLETE");
            let since = receipt.since.as_ref().map(|since| format!("since {since}"));
            head.fact(QUIET, &since.unwrap_or_default());
        }
        None if receipt.kind == "ids" => {
            head.fact(NOTICE, "every requested ticket was read; the service may have others");
        }
        None => head.fact(
            NOTICE,
            "complete as far as is known: the service does not say how many tickets it has",
        ),
    }
    head.fact(QUIET, &format!("run {}: {}", receipt.run, scope(&receipt.kind)));
    sheet.lead(&head);
    let mut read = StyledText::default();
    let is_idle = receipt.windows.is_empty() && receipt.fetched + receipt.failures == 0;
    if receipt.kind == "repair" && is_idle {
        read.fact(PLAIN, "nothing to repair");
    } else if receipt.kind == "incremental" {
        if receipt.new + receipt.changed == 0 {
            read.fact(PLAIN, "nothing new or changed since the last run");
        }
    } else if let Some(claimed) = receipt.claimed {
        read.fact(PLAIN, &format!("{} reported by the service", counted(claimed, "ticket")));
        read.fact(PLAIN, &format!("{} read", receipt.unique));
    } else if receipt.unique > 0 {
        read.fact(PLAIN, &format!("{} read", counted(receipt.unique, "ticket")));
    }
    for (count, text) in [(receipt.duplicates, "repeated rows"), (receipt.fetched, "fetched by id")]
    {
        if count > 0 {
            read.fact(PLAIN, &format!("{count} {text}"));
        }
    }
    sheet.text(2, &read);
    // Rows that come again, in another part of the list or in another pass, are no other tickets.
    let unchanged = match &*receipt.kind {
        "incremental" => 0,
        "ids" => receipt.unchanged,
        _ => receipt.unique.saturating_sub(receipt.new + receipt.changed),
    };
    let mut mirror = StyledText::default();
    for (count, text) in [
        (receipt.new, "new"),
        (receipt.changed, "changed"),
        (unchanged, "unchanged"),
        (receipt.missing, "missing at the service"),
    ] {
        if count > 0 {
            mirror.fact(PLAIN, &format!("{count} {text}"));
        }
    }
    sheet.text(2, &mirror);
    if let Some((first, last)) =
        receipt.first_created_at.as_ref().zip(receipt.last_created_at.as_ref())
    {
        sheet.text(
            2,
            &StyledText::of(
                QUIET,
                &format!(
                    "the mirror has {}, created from {first} to {last}",
                    counted(receipt.tickets, "ticket")
                ),
            ),
        );
    }
    if let Some(files) = &receipt.files {
        let mut text = StyledText::default();
        text.fact(
            PLAIN,
            &format!("{} of {} in the mirror", files.stored, counted(files.named, "file")),
        );
        text.fact(PLAIN, &short_size(files.stored_bytes));
        if files.downloaded > 0 {
            text.fact(PLAIN, &format!("{} downloaded", files.downloaded));
        }
        let missing = files.named.saturating_sub(files.stored);
        if missing > 0 {
            text.fact(NOTICE, &format!("{missing} not downloaded"));
        }
        if files.left > 0 {
            text.fact(NOTICE, &format!("the next run tries {} of them", files.left));
        }
        sheet.text(2, &text);
        if files.failures > files.failed.len() as u64 {
            let first = format!("the reasons of the first {}:", files.failed.len());
            sheet.text(4, &StyledText::of(QUIET, &first));
        }
        for (reason, count) in reasons(files) {
            sheet.text(4, &StyledText::of(NOTICE, &one_line(&format!("{count}: {reason}"))));
        }
    }
    let mut calls = StyledText::default();
    calls.fact(QUIET, &counted(receipt.requests, "request"));
    if receipt.waits > 0 {
        let (waits, seconds) = (counted(receipt.waits, "wait"), receipt.waited_seconds);
        calls.fact(QUIET, &format!("{waits} of parallel calls, {seconds:.1} s together"));
    }
    sheet.text(2, &calls);
    problems(&mut sheet, receipt);
    sheet.finish()
}

/// Returns why files could not be downloaded, and how many of those that the receipt names; the most frequent first.
fn reasons(files: &FilesReceipt) -> Vec<(&str, u64)> {
    let mut reasons: Vec<(&str, u64)> = Vec::new();
    for failed in &files.failed {
        match reasons.iter_mut().find(|(reason, _)| *reason == failed.message) {
            Some((_, count)) => *count += 1,
            None => reasons.push((&failed.message, 1)),
        }
    }
    reasons.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    reasons.truncate(MOST);
    reasons
}

fn problems(sheet: &mut TextLayout, receipt: &Receipt) {
    let mut alarm = |text: &str| sheet.text(2, &StyledText::of(ALARM, &one_line(text)));
    if let Some(error) = &receipt.error {
        alarm(&format!("interrupted: {error}"));
    }
    for (name, windows) in [
        ("the service lists no more", &receipt.gaps),
        ("the list changed while it was read", &receipt.unstable),
    ] {
        for window in windows.iter().take(MOST) {
            alarm(&format!("{window} ({name})"));
        }
        if windows.len() > MOST {
            alarm(&format!("{} more of these ({name})", windows.len() - MOST));
        }
    }
    if receipt.unreadable > 0 {
        alarm(&format!("{} without an id", counted(receipt.unreadable, "row")));
    }
    for failed in receipt.failed.iter().take(MOST) {
        alarm(&format!("ticket {} failed ({}): {}", failed.id, failed.kind, failed.message));
    }
    if receipt.failures > MOST as u64 {
        let more = counted(receipt.failures - MOST as u64, "more ticket");
        alarm(&format!("{more} failed"));
    }
}

/// Returns the state of the mirror for people.
pub(super) fn status(status: &MirrorStatus, columns: usize) -> String {
    let mut sheet = TextLayout::new(columns, 0);
    let mut head = StyledText::of(STRONG, &one_line(&status.file));
    head.fact(PLAIN, &size(status.size_bytes));
    head.fact(QUIET, &format!("schema {}", status.schema));
    sheet.lead(&head);
    for source in &status.sources {
        sheet.gap();
        sheet.lead(&StyledText::of(STRONG, &one_line(&source.source)));
        sheet.text(2, &StyledText::of(PLAIN, &summary(source)));
        if source.is_unfinished {
            sheet.text(
                2,
                &StyledText::of(
                    NOTICE,
                    "a run is in progress or was interrupted; the next one continues it",
                ),
            );
        }
        let last_full = source
            .last_full
            .as_ref()
            .filter(|full| source.last.as_ref().is_none_or(|last| last.run != full.run));
        if let Some(full) = last_full {
            sheet.text(2, &run_line("last run of everything", full));
        }
        if let Some(last) = &source.last {
            sheet.text(2, &run_line(&format!("last run: {}", scope(&last.kind)), last));
            problems(&mut sheet, last);
        }
    }
    sheet.finish()
}

/// Returns what a run reads.
fn scope(kind: &str) -> &str {
    match kind {
        "full" => "everything",
        "incremental" => "what is new or changed",
        "ids" => "given ids",
        other => other,
    }
}

/// Returns how a run ended, and when.
fn run_line(name: &str, run: &Receipt) -> StyledText {
    let (ink, state) = match run.complete {
        Some(true) => (QUIET, "complete"),
        Some(false) => (ALARM, "not complete"),
        None if run.kind == "ids" => (QUIET, "every requested ticket was read"),
        None => (QUIET, "complete as far as is known"),
    };
    let since = run.since.as_ref().map(|since| format!("since {since}"));
    let mut line = StyledText::of(QUIET, name);
    line.fact(ink, state);
    line.fact(QUIET, since.as_deref().unwrap_or_default());
    line.fact(QUIET, run.finished_at.as_ref().unwrap_or(&run.started_at));
    line
}

fn summary(source: &SourceStatus) -> String {
    let mut facts = vec![counted(source.tickets, "ticket")];
    for (count, text) in [
        (source.with_conversation, "with conversation"),
        (source.missing, "missing at the service"),
        (source.to_fetch, "still to fetch"),
    ] {
        if count > 0 {
            facts.push(format!("{count} {text}"));
        }
    }
    facts.join(" · ")
}

/// Returns the report of a check for people.
pub(super) fn check(report: &CheckReport, columns: usize) -> String {
    let since = report.since.as_ref().map(|since| format!("created since {since}: "));
    let head = format!(
        "{}{} reported by the service, {} in the mirror; {}\n",
        since.unwrap_or_default(),
        counted(report.claimed, "ticket"),
        report.tickets,
        counted(report.requests, "request")
    );
    let mut table = Table::new(&["CREATED FROM", "TO", "SERVICE", "MIRROR"]);
    for window in &report.different {
        let cells = [
            window.since.clone(),
            window.until.clone(),
            window.claimed.to_string(),
            window.tickets.to_string(),
        ];
        table.row(cells.iter().map(|cell| StyledText::of(PLAIN, cell)).collect());
    }
    head + &table.text(columns)
}

/// Returns what was mapped again, for people.
pub(super) fn remap(report: &RemapReport) -> String {
    format!("{} mapped again, {} changed\n", counted(report.tickets, "ticket"), report.changed)
}
