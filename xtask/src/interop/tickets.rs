//! Every ticket of the stand-in, through every caller: which are read, and what came back otherwise than it was sent.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use serde_json::value::RawValue;
use ticket_fixtures::Case;
use ticket_model::Ticket;
use ticket_sandbox::Sandbox;
use tokio::runtime::Runtime;

use super::caller::{Caller, ours};
use super::sdk::Outcome;
use super::values::{self, Change};
use super::{fields, steps};

/// What became of the tickets with one caller.
#[derive(Debug, Default)]
pub(super) struct Tally {
    /// How many tickets were asked for.
    asked: usize,
    /// What each ticket that was not read shows, and what was said of it.
    pub(super) unread: Vec<(&'static str, String)>,
    /// How many leaves were sent with the tickets that were read.
    leaves: usize,
    /// The places whose leaf is another or gone, and how often and in which way first.
    pub(super) differences: BTreeMap<String, (usize, Change)>,
    /// The fields that `ticket get` has a value for, and the names of those with another value, with how often.
    fields: (usize, BTreeMap<String, usize>),
}

/// The tickets as ours reads them, and whether `--output raw` gives the very bytes that were sent.
pub(super) struct Ours {
    tickets: BTreeMap<&'static str, Ticket>,
    is_raw_exact: bool,
}

#[derive(Deserialize)]
struct Sent<'a> {
    #[serde(borrow)]
    data: Data<'a>,
}

#[derive(Deserialize)]
struct Data<'a> {
    #[serde(borrow)]
    ticket: &'a RawValue,
}

/// The tickets that are served, in the order of their ids.
fn cases() -> impl Iterator<Item = &'static Case> {
    ticket_fixtures::of("feishu").filter(|case| case.served)
}

/// The ticket's object in a response.
fn sent(case: &'static Case) -> Result<&'static RawValue> {
    let text = str::from_utf8(case.body)?.trim_start_matches('\u{feff}');
    let sent: Sent = serde_json::from_str(text).with_context(|| case.file)?;
    Ok(sent.data.ticket)
}

/// Reads every ticket with the binary of this repository.
pub(super) fn ours_of(runtime: &Runtime) -> Result<Ours> {
    let sandbox = steps::sandbox(runtime)?;
    let ids = Sandbox::ticket_ids("feishu");
    let outcomes = Caller::Ours.ready(sandbox.environment())?.ask(&ids, false, true)?;
    let mut tickets = BTreeMap::new();
    for (id, outcome) in ids.iter().zip(&outcomes) {
        let Outcome::Ticket(json) = outcome else { continue };
        tickets.insert(*id, serde_json::from_str(json.get()).with_context(|| *id)?);
    }
    let bytes: Vec<u8> = cases().flat_map(|case| case.body).copied().collect();
    let is_raw_exact = ours(&sandbox.environment(), &ids, "raw")?.stdout == bytes;
    Ok(Ours { tickets, is_raw_exact })
}

/// Reads every ticket with a caller.
pub(super) fn tally(runtime: &Runtime, caller: Caller, ours: &Ours) -> Result<Tally> {
    let sandbox = steps::sandbox(runtime)?;
    let ids = Sandbox::ticket_ids("feishu");
    let outcomes = caller.ready(sandbox.environment())?.ask(&ids, false, false)?;
    ensure!(outcomes.len() == ids.len(), "{} tickets, {} outcomes", ids.len(), outcomes.len());
    let mut tally = Tally { asked: ids.len(), ..Tally::default() };
    for ((id, case), outcome) in ids.iter().zip(cases()).zip(&outcomes) {
        match outcome {
            Outcome::Error(error) => tally.unread.push((case.shows, error.clone())),
            Outcome::Ticket(got) => tally.add(sent(case)?, got, ours.tickets.get(id)),
        }
    }
    Ok(tally)
}

impl Tally {
    fn add(&mut self, sent: &RawValue, got: &RawValue, ours: Option<&Ticket>) {
        let (count, differences) = values::compare(sent, got);
        self.leaves += count;
        for (place, change) in differences {
            self.differences.entry(place).or_insert((0, change)).0 += 1;
        }
        let Some(ours) = ours else { return };
        let (count, others) = fields::compare(got.get(), ours);
        self.fields.0 += count;
        for name in others {
            *self.fields.1.entry(name).or_default() += 1;
        }
    }

    /// How many tickets were read.
    pub(super) fn tickets(&self) -> String {
        match self.unread.len() {
            0 => format!("all {} read", self.asked),
            unread => format!("{} read, {unread} not", self.asked - unread),
        }
    }

    /// How many leaves came back as they were sent.
    pub(super) fn leaves(&self) -> String {
        let of = |is: fn(&Change) -> bool| {
            let found = self.differences.values().filter(|(_, change)| is(change));
            found.map(|(count, _)| count).sum::<usize>()
        };
        let (gone, other) =
            (of(|change| *change == Change::Gone), of(|change| *change != Change::Gone));
        format!("{} of {}; {other} another, {gone} gone", self.leaves - gone - other, self.leaves)
    }

    /// How many fields are as `ticket get` has them.
    pub(super) fn fields(&self) -> String {
        let (count, others) = &self.fields;
        let other: usize = others.values().sum();
        let names: Vec<_> =
            others.iter().map(|(name, count)| format!("`{name}` in {count}")).collect();
        match other {
            0 => format!("all {count}"),
            _ => format!("{} of {count}; not {}", count - other, names.join(", ")),
        }
    }
}

impl Ours {
    /// What is said of ours in the same rows as of the others.
    pub(super) fn cells(&self) -> [String; 3] {
        let asked = cases().count();
        let read = self.tickets.len();
        let raw = if self.is_raw_exact { "every byte (`--output raw`)" } else { "not every byte" };
        [
            if read == asked { format!("all {asked} read") } else { format!("{read} of {asked}") },
            raw.to_owned(),
            "–".to_owned(),
        ]
    }
}

/// The places that the documented ticket has.
pub(super) fn documented_places() -> Result<BTreeSet<String>> {
    let case = ticket_fixtures::case("feishu", "documented").context("the documented ticket")?;
    let nothing = RawValue::from_string("{}".to_owned())?;
    let (_, all) = values::compare(sent(case)?, &nothing);
    // Where a page has an object, a desk may send a list.
    Ok(all.into_iter().map(|(place, _)| place.replace("/*", "")).collect())
}
