//! The columns of the table `ticket`.

use std::fmt::Write;
use std::sync::LazyLock;

use rusqlite::Statement;
use rusqlite::types::ToSql;
use ticket_core::model::{Coded, Person, Ticket, Timestamp};

use super::{Incoming, Store};
use crate::error::MirrorError;
use crate::time;

/// The columns that hold a field of the ticket, in the order of [`values`].
const COLUMNS: &[&str] = &[
    "helpdesk_id",
    "url",
    "title",
    "description",
    "status",
    "status_native",
    "priority",
    "priority_native",
    "type",
    "type_native",
    "handling",
    "handling_native",
    "channel",
    "channel_native",
    "requester_id",
    "requester_name",
    "requester_email",
    "assignee_id",
    "assignee_name",
    "assignee_email",
    "team_id",
    "team_name",
    "solved",
    "rating",
    "rating_min",
    "rating_max",
    "rating_comment",
    "rated_at",
    "sla_name",
    "first_response_due_at",
    "resolution_due_at",
    "sla_breached",
    "first_response_at",
    "last_response_at",
    "first_response_seconds",
    "resolution_seconds",
    "processing_seconds",
    "work_seconds",
    "created_at",
    "updated_at",
    "started_at",
    "due_at",
    "resolved_at",
    "closed_at",
    "conversation_complete",
    "has_conversation",
];

/// The columns that follow them in both statements.
const STATE: [&str; 10] = [
    "json",
    "version",
    "version_at",
    "last_seen_at",
    "seen_run",
    "seen_window",
    "fetched",
    "content_hash",
    "row_hash",
    "missing_since",
];

static INSERT: LazyLock<String> = LazyLock::new(|| {
    let names: Vec<_> = COLUMNS.iter().chain(&STATE).copied().collect();
    let places: Vec<_> = (1..=names.len() + 3).map(|number| format!("?{number}")).collect();
    format!(
        "INSERT INTO ticket ({}, source, id, first_seen_at) VALUES ({})",
        names.join(", "),
        places.join(", ")
    )
});

static UPDATE: LazyLock<String> = LazyLock::new(|| {
    let mut sql = String::from("UPDATE ticket SET ");
    for (index, name) in COLUMNS.iter().chain(&STATE).enumerate() {
        let comma = if index == 0 { "" } else { ", " };
        write!(sql, "{comma}{name} = ?{}", index + 1).expect("a string grows");
    }
    write!(sql, " WHERE key = ?{}", COLUMNS.len() + STATE.len() + 1).expect("a string grows");
    sql
});

/// Inserts a ticket as its version 1 and returns its key.
pub(super) fn insert(store: &mut Store<'_>, incoming: &Incoming<'_>) -> Result<i64, MirrorError> {
    let mut statement = match store.insert.take() {
        Some(statement) => statement,
        None => store.connection.prepare_cached(&INSERT)?,
    };
    let more: [&dyn ToSql; 3] = [&store.source.0, &incoming.ticket.id, &store.now];
    run(store, &mut statement, incoming, 1, &more)?;
    store.insert = Some(statement);
    Ok(store.connection.last_insert_rowid())
}

/// Replaces a ticket by a new version.
pub(super) fn update(
    store: &Store<'_>,
    key: i64,
    version: i64,
    incoming: &Incoming<'_>,
) -> Result<(), MirrorError> {
    let mut statement = store.connection.prepare_cached(&UPDATE)?;
    run(store, &mut statement, incoming, version, &[&key])
}

fn run(
    store: &Store<'_>,
    statement: &mut Statement<'_>,
    incoming: &Incoming<'_>,
    version: i64,
    more: &[&dyn ToSql],
) -> Result<(), MirrorError> {
    let mut index = 0;
    let mut bind = |value: &dyn ToSql| {
        index += 1;
        statement.raw_bind_parameter(index, value)
    };
    values(incoming.ticket, &mut bind)?;
    let state: [&dyn ToSql; STATE.len()] = [
        &incoming.json,
        &version,
        &store.now,
        &store.now,
        &store.run,
        &incoming.window,
        &incoming.fetched.0,
        &incoming.content_hash,
        &incoming.row_hash,
        &None::<String>,
    ];
    for value in state.iter().chain(more) {
        bind(value)?;
    }
    statement.raw_execute()?;
    Ok(())
}

/// Binds the values of [`COLUMNS`].
fn values(
    ticket: &Ticket,
    bind: &mut impl FnMut(&dyn ToSql) -> rusqlite::Result<()>,
) -> rusqlite::Result<()> {
    let person = |person: &Option<Person>| {
        let person = person.as_ref();
        [
            person.and_then(|it| it.id.clone()),
            person.and_then(|it| it.name.clone()),
            person.and_then(|it| it.email.clone()),
        ]
    };
    let at = |time: Option<Timestamp>| time.map(time::text);
    bind(&ticket.helpdesk_id)?;
    bind(&ticket.url)?;
    bind(&ticket.title)?;
    bind(&ticket.description)?;
    coded(ticket.status.as_ref(), bind)?;
    coded(ticket.priority.as_ref(), bind)?;
    coded(ticket.ticket_type.as_ref(), bind)?;
    coded(ticket.handling.as_ref(), bind)?;
    coded(ticket.channel.as_ref(), bind)?;
    for value in person(&ticket.requester).iter().chain(&person(&ticket.assignee)) {
        bind(value)?;
    }
    let team = ticket.team.as_ref();
    bind(&team.and_then(|team| team.id.as_ref()))?;
    bind(&team.and_then(|team| team.name.as_ref()))?;
    bind(&ticket.solved)?;
    let rating = ticket.satisfaction.as_ref();
    bind(&rating.and_then(|rating| rating.score))?;
    bind(&rating.and_then(|rating| rating.min))?;
    bind(&rating.and_then(|rating| rating.max))?;
    bind(&rating.and_then(|rating| rating.comment.as_ref()))?;
    bind(&at(rating.and_then(|rating| rating.submitted_at)))?;
    let sla = ticket.sla.as_ref();
    bind(&sla.and_then(|sla| sla.name.as_ref()))?;
    bind(&at(sla.and_then(|sla| sla.first_response_due)))?;
    bind(&at(sla.and_then(|sla| sla.resolution_due)))?;
    bind(&sla.and_then(|sla| sla.breached))?;
    let metrics = ticket.metrics.as_ref();
    bind(&at(metrics.and_then(|it| it.first_response_at)))?;
    bind(&at(metrics.and_then(|it| it.last_response_at)))?;
    let whole = |seconds: Option<u64>| seconds.and_then(|it| i64::try_from(it).ok());
    bind(&whole(metrics.and_then(|it| it.first_response_seconds)))?;
    bind(&whole(metrics.and_then(|it| it.resolution_seconds)))?;
    bind(&whole(metrics.and_then(|it| it.processing_seconds)))?;
    #[allow(clippy::cast_precision_loss, reason = "at most 10^15, which a double holds exactly")]
    let work = metrics.and_then(|it| it.work_seconds).map(|it| it.as_milliseconds() as f64 / 1e3);
    bind(&work)?;
    for time in [
        ticket.created_at,
        ticket.updated_at,
        ticket.started_at,
        ticket.due_at,
        ticket.resolved_at,
        ticket.closed_at,
    ] {
        bind(&at(time))?;
    }
    bind(&ticket.conversation.as_ref().and_then(|it| it.complete))?;
    bind(&ticket.conversation.is_some())
}

fn coded<T: std::fmt::Display>(
    value: Option<&Coded<T>>,
    bind: &mut impl FnMut(&dyn ToSql) -> rusqlite::Result<()>,
) -> rusqlite::Result<()> {
    bind(&value.map(|coded| coded.value.to_string()))?;
    bind(&value.and_then(|coded| coded.native.as_ref()))
}
